import Agent
import Foundation
import KafkaClient
import Synchronization
import Windowing

/// The agent on the same topic, from the embedded broker to closed panes and judged windows.
enum AgentConsumer {
    static func run(brokers: String, events: Int, workers: Int, prefetchKilobytes: Int) throws {
        let properties = BareConsumer.properties(prefetchKilobytes: prefetchKilobytes)
        let kafka = """
            kafka:
              group: agent-\(ProcessInfo.processInfo.processIdentifier)
              properties:
                \(properties.map { "\($0.key): \"\($0.value)\"" }.sorted().joined(separator: "\n    "))
            sources: {start: earliest, allowed_lateness: 0s, idle_timeout: 5s}
            """
        try run(
            "agent, \(workers) workers, \(prefetchKilobytes / 1_024) MiB", brokers: brokers, events: events,
            workers: workers, sources: kafka)
    }

    /// On a file of the events; all of it is one partition, so one worker counts and all decode.
    static func run(file: String, events: Int, workers: Int) throws {
        try run(
            "agent, file, \(workers) workers", brokers: nil, events: events, workers: workers,
            sources: "sources: {predictions: {file: \"\(file)\"}, allowed_lateness: 0s, idle_timeout: 5s}")
    }

    /// On a file of events with something new in each; the reference is learned from them, and channels are segments.
    static func run(hostile file: String, events: Int, novelty: String) throws {
        try run(
            "new: \(novelty)", brokers: nil, events: events, workers: 1,
            sources: "sources: {predictions: {file: \"\(file)\"}, allowed_lateness: 0s, idle_timeout: 5s}",
            model: """
                reference: {learn: 10000}
                    segments: [channel]
                    max_label_delay: 1h
                """, mayComplain: true)
    }

    private static func run(
        _ name: String, brokers: String?, events: Int, workers: Int, sources: String, model: String? = nil,
        mayComplain: Bool = false
    ) throws {
        let launched = ContinuousClock.now
        let directory = NSTemporaryDirectory() + "tidewatch-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try BenchmarkEvents.writeReference(to: directory + "/reference.jsonl")
        let configuration = try AgentConfiguration.parse(
            text(
                directory: directory, workers: workers, sources: sources,
                model: model ?? "reference: {file: \"\(directory)/reference.jsonl\"}"),
            path: "the benchmark's configuration")
        let prepared = ContinuousClock.now
        let seen = Mutex(
            (
                subscribed: ContinuousClock.Instant?.none, assigned: ContinuousClock.Instant?.none, windows: 0,
                problems: [String]()
            ))
        let agent = try LiveAgent(
            configuration: configuration, brokers: brokers, state: try StateDirectory(path: directory)
        ) { event in
            switch event {
            case .started: seen.withLock { $0.subscribed = .now }
            case .partitionsAssigned: seen.withLock { $0.assigned = .now }
            case .windowJudged: seen.withLock { $0.windows += 1 }
            case .problem(let text): seen.withLock { $0.problems.append(text) }
            default: break
            }
        }
        let thread = Thread {
            do {
                try agent.run()
            } catch {
                seen.withLock { $0.problems.append("\(error)") }
            }
        }
        thread.start()
        guard try agent.status.waitUntilHandled(1, timeout: 60) else { throw BenchmarkError("nothing was read") }
        let begun = ContinuousClock.now
        let first = agent.status.handledRecords
        let memory = PeakBeyondPrefetch(agent, hasQueue: brokers != nil)
        while try !agent.status.waitUntilHandled(Int64(events), timeout: 0.005) { try memory.sample() }
        let seconds = begun.duration(to: .now) / .seconds(1)
        let result = seen.withLock { $0 }
        guard mayComplain || result.problems.isEmpty else {
            throw BenchmarkError(result.problems.joined(separator: "\n"))
        }
        func milliseconds(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Int {
            Int(start.duration(to: end) / .milliseconds(1))
        }
        Measurement(
            name: name, events: events - Int(first),
            seconds: seconds,
            residentBytes: memory.peakBytes,
            extra: [
                "windows": result.windows, "rejected": Int(agent.counters.rejectedTotal),
                "launch_ms": milliseconds(from: launched, to: prepared),
                "startup_ms": milliseconds(from: prepared, to: result.subscribed ?? begun),
                "first_ms": milliseconds(from: result.assigned ?? begun, to: begun),
            ]
        ).print()
        agent.stop()
        _ = try agent.status.waitUntilStopped(timeout: 30)
    }

    /// - Parameter model: more keys of each model, in one line each.
    private static func text(directory: String, workers: Int, sources: String, model: String) -> String {
        let models = BenchmarkEvents.models.map { name in
            """
              - name: \(name)
                task: binary
                positive: "yes"
                window: {length: 60m, slide: 10m}
                drift:
                  rules:
                    - {statistic: psi, raise: 0.25, clear: 0.1}
                \(model)
            """
        }
        return """
            agent: {state_directory: "\(directory)", workers: \(workers), checkpoint_interval: 10s}
            \(sources)
            publish: {enabled: false}
            models:
            \(models.joined(separator: "\n"))
            """
    }
}

/// Resident memory less librdkafka's prefetch queue; the largest is kept. The library reports the queue every 100 ms, and
/// it can grow by tens of megabytes in between: only samples taken right after a report count.
final class PeakBeyondPrefetch {
    private let agent: LiveAgent
    private let hasQueue: Bool
    private var lastReport: Int64 = -1
    private(set) var peakBytes = 0

    /// - Parameter hasQueue: whether the agent reads from Kafka; else every sample counts.
    init(_ agent: LiveAgent, hasQueue: Bool) {
        self.agent = agent
        self.hasQueue = hasQueue
    }

    func sample() throws {
        let queue = agent.consumerStatistics.fetchQueueBytes
        guard !hasQueue || queue != lastReport else { return }
        lastReport = queue
        peakBytes = max(peakBytes, try ProcessMemory.resident() - Int(queue))
    }
}
