import Agent
import Alerting
import Foundation
import Synchronization

/// From the window's judgement to the receiver's answer, while the agent reads a file as fast as it can. Every few panes
/// all numbers move or come back, so that six columns alert, or are well again, at once.
enum WebhookBenchmark {
    private static let panes = 250
    /// Panes between two changes.
    private static let stretch = 5
    private static let secret = "whsec_" + Data("0123456789abcdef0123456789abcdef".utf8).base64EncodedString()
    private static let receiver = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../AlertingTests/Fixtures/receiver.py").standardizedFileURL.path()

    static func run(events: Int) throws {
        let folder = NSTemporaryDirectory() + "tidewatch-webhook-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write(events, to: folder + "/events.jsonl")
        let hooks = try Receiver(receiver)
        let times = Mutex((queued: [String: ContinuousClock.Instant](), delays: [Double](), problems: [String]()))
        let agent = try LiveAgent(
            configuration: AgentConfiguration.parse(configuration(folder: folder, url: hooks.url)), brokers: nil,
            state: StateDirectory(path: folder + "/state")
        ) { event in
            times.withLock { times in
                switch event {
                case .alert(let transition, _):
                    times.queued["\(transition.alert.id).\(transition.alert.status.rawValue)"] = .now
                case .alertSent(let id, _):
                    guard let queued = times.queued.removeValue(forKey: id) else { return }
                    times.delays.append(queued.duration(to: .now) / .seconds(1))
                case .problem(let text): times.problems.append(text)
                default: break
                }
            }
        }
        let thread = Thread {
            do {
                try agent.run()
            } catch {
                times.withLock { $0.problems.append("\(error)") }
            }
        }
        let started = ContinuousClock.now
        thread.start()
        guard try agent.status.waitUntilHandled(Int64(events), timeout: 300) else {
            throw BenchmarkError("the file was not read")
        }
        let seconds = started.duration(to: .now) / .seconds(1)
        for _ in 0..<100 where times.withLock({ !$0.queued.isEmpty }) { Thread.sleep(forTimeInterval: 0.1) }
        agent.stop()
        _ = try agent.status.waitUntilStopped(timeout: 30)
        hooks.stop()
        let found = times.withLock { $0 }
        guard found.problems.isEmpty, found.queued.isEmpty, found.delays.count > 100 else {
            throw BenchmarkError("\(found.delays.count) webhooks, \(found.queued.count) missing; \(found.problems)")
        }
        let sorted = found.delays.sorted()
        func quantile(_ share: Double) -> Int { Int(1_000 * sorted[Int(share * Double(sorted.count - 1))]) }
        StreamBenchmark.say(
            String(
                format: "%d webhooks at %.0f events/s: p50 %d ms, p99 %d ms, longest %d ms", sorted.count,
                Double(events) / seconds, quantile(0.5), quantile(0.99), quantile(1)))
    }

    private static func write(_ events: Int, to path: String) throws {
        var source = BenchmarkEvents(total: events, panes: panes)
        try BenchmarkFile.write(events, to: path) { number in
            let isMoved = number * panes / events / stretch % 2 == 1
            let message = source.message(number)
            guard isMoved else { return message }
            // A digit more at the end of whole numbers and in front of the point is enough to move a column.
            return Array(
                String(decoding: message, as: UTF8.self).replacingOccurrences(of: "\":0.", with: "\":9.")
                    .replacingOccurrences(of: "\"age\":", with: "\"age\":1")
                    .replacingOccurrences(of: "\"tenure\":", with: "\"tenure\":1")
                    .replacingOccurrences(of: "\"amount\":", with: "\"amount\":1")
                    .replacingOccurrences(of: "\"income\":", with: "\"income\":1")
                    .replacingOccurrences(of: "\"balance\":", with: "\"balance\":1")
                    .replacingOccurrences(of: "\"score\":9.", with: "\"score\":0.").utf8)
        }
    }

    private static func configuration(folder: String, url: String) -> String {
        """
        agent: {state_directory: "\(folder)/state", workers: 1, checkpoint_interval: 10s}
        sources: {predictions: {file: "\(folder)/events.jsonl"}, allowed_lateness: 0s, idle_timeout: 5s}
        publish: {enabled: false}
        alerting: {webhooks: [{url: "\(url)", secrets: ["\(secret)"]}]}
        models:
          - name: bench
            task: binary
            positive: "yes"
            reference: {learn: 10000}
            window: {length: 1m, slide: 1m}
            drift:
              rules:
                - {statistic: psi, raise: 0.25, clear: 0.1}
        """
    }
}

/// The webhook receiver of the tests, whose requests are read and dropped.
private final class Receiver {
    let url: String
    private let process = Process()
    private let input = Pipe()

    init(_ script: String) throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-u", script, "ok"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else {
            throw BenchmarkError("\(script) did not start")
        }
        url = "http://127.0.0.1:\(port)/hook"
        let requests = output.fileHandleForReading
        Thread { while !requests.availableData.isEmpty {} }.start()
    }

    func stop() {
        input.fileHandleForWriting.closeFile()
        process.waitUntilExit()
    }
}
