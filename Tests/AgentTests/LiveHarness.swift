import Agent
import Events
import Foundation
import KafkaClient
import Synchronization
import Testing
import TidewatchTestKit

/// An embedded broker, a state folder and a seeded stream: what a live agent is tested with.
final class LiveHarness {
    static let start: Int64 = 1_767_225_600_000_000
    static let hour: Int64 = 3_600_000_000

    let broker: EmbeddedBroker
    let directory: String
    /// Records produced to the two source topics.
    private(set) var produced: Int64 = 0
    private let producer: KafkaProducer
    private var generator: SeededGenerator

    init(seed: UInt64 = 7) throws {
        broker = try EmbeddedBroker(topics: [
            ("predictions", 4), ("outcomes", 4), ("dead", 1), ("tidewatch.events", 1), ("tidewatch.models", 1),
        ])
        directory = NSTemporaryDirectory() + "tidewatch-live-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        producer = try KafkaProducer(
            settings: ProducerSettings(bootstrapServers: broker.bootstrapServers, properties: ["linger.ms": "1"]))
        generator = SeededGenerator(seed: seed)
    }

    deinit {
        producer.close()
        RealData.remove(directory)
    }

    var statePath: String { directory + "/state" }

    /// The configuration: hourly windows on drift of `amount`, and on accuracy where outcomes are wanted.
    func yaml(
        agent: String = "", reference: String = "{learn: 300}", webhooks: [String] = [], outcomes: Bool = false,
        sources: String = "",
        properties: String = "", brokers: String? = nil
    ) -> String {
        let hooks = webhooks.map { "{url: \"\($0)\", secrets: [\"\(HookReceiver.secret)\"], timeout: 15s}" }
        return """
            agent: {state_directory: "\(statePath)", workers: 2, checkpoint_interval: 200ms\(agent)}
            kafka:
              bootstrap_servers: "\(brokers ?? broker.bootstrapServers)"
              properties: {fetch.wait.max.ms: "10", session.timeout.ms: "6000", heartbeat.interval.ms: "500"\(properties)}
            sources: {start: earliest, dead_letter_topic: dead\(sources)}
            alerting: {webhooks: [\(hooks.joined(separator: ", "))]}
            models:
              - name: fraud
                task: binary
                positive: fraud
                reference: \(reference)
                window: {length: 1h, slide: 1h}
                max_label_delay: 2h
                quality: {defaults: false}
                drift: {minimum_sample: 50, rules: [{statistic: psi, columns: [amount], raise: 0.5, clear: 0.3}]}
                performance: {minimum_sample: 20, rules: \(outcomes ? "[{metric: accuracy, raise_below: 0.4}]" : "[]")}
            """
    }

    /// Starts the agent in this process, on a thread of its own.
    func run(_ yaml: String) throws -> LiveRun { try LiveRun(yaml, path: statePath) }

    /// Starts the real program in a process of its own.
    func spawn(_ yaml: String) throws -> LiveProcess {
        let path = directory + "/agent.yaml"
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: path))
        return try LiveProcess(configuration: path)
    }

    /// Takes the checkpoint away, and nothing else of the state.
    func loseCheckpoint() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: statePath)
            .filter { $0.hasPrefix("checkpoint.") }
        #expect(!names.isEmpty)
        for name in names { try FileManager.default.removeItem(atPath: statePath + "/" + name) }
    }

    /// What the agent that used this folder has said of windows that end by `hour`.
    func windows(endingBy hour: Int) throws -> [WindowHistory.Entry] {
        try StateDirectory(path: statePath).history.windows(of: "fraud")
            .filter { $0.endMicroseconds <= Self.start + Int64(hour) * Self.hour }
    }

    /// Produces predictions, spread evenly over the hours, with an outcome each where wanted.
    func produce(
        hours: Range<Int>, perHour: Int = 200, shift: Double = 0, version: String? = nil, outcomes: Bool = false
    ) throws {
        for number in 0..<(hours.count * perHour) {
            let time = Self.start + Int64(hours.lowerBound) * Self.hour + Int64(number) * (Self.hour / Int64(perHour))
            let id = "p-\(hours.lowerBound)-\(number)"
            let amount = Double.random(in: 0..<100, using: &generator) + shift
            let score = Double.random(in: 0..<1, using: &generator)
            let tag = version.map { ",\"version\":\"\($0)\"" } ?? ""
            try send(
                "{\"kind\":\"prediction\",\"id\":\"\(id)\",\"time\":\(time),\"model\":\"fraud\"\(tag),"
                    + "\"features\":{\"amount\":\(amount)},\"score\":\(score)}", id, to: "predictions", at: time)
            guard outcomes else { continue }
            let label = Double.random(in: 0..<1, using: &generator) < score ? "fraud" : "fine"
            try send(
                "{\"kind\":\"outcome\",\"id\":\"\(id)\",\"model\":\"fraud\",\"label\":\"\(label)\"}", id,
                to: "outcomes", at: time + Self.hour / 2)
        }
        try producer.flush(timeoutMilliseconds: 30_000)
    }

    /// Produces one record as it is.
    func produceRaw(_ text: String, key: String, at time: Int64) throws {
        try send(text, key, to: "predictions", at: time)
        try producer.flush(timeoutMilliseconds: 30_000)
    }

    private func send(_ text: String, _ key: String, to topic: String, at time: Int64) throws {
        try producer.send(topic: topic, key: Array(key.utf8), value: Array(text.utf8), timestampMicroseconds: time)
        produced += 1
    }
}

/// An agent in this process.
final class LiveRun {
    let agent: LiveAgent
    let events = EventLog()
    let state: StateDirectory

    init(_ yaml: String, path: String) throws {
        let configuration = try AgentConfiguration.parse(yaml)
        state = try StateDirectory(path: path)
        let agent = try LiveAgent(
            configuration: configuration, brokers: try configuration.brokers(path: "test"), state: state,
            observer: events.append)
        let events = events
        self.agent = agent
        Thread.detachNewThread {
            do {
                try agent.run()
            } catch {
                events.append(.problem("the agent stopped: \(error)"))
            }
        }
    }

    func handle(_ records: Int64) throws {
        #expect(try agent.status.waitUntilHandled(records, timeout: 60), "not all records were handled within 60 s")
    }

    /// Waits for a problem that contains a text.
    @discardableResult func problem(_ text: String) throws -> String {
        try events.first(timeout: 60) {
            if case .problem(let problem) = $0, problem.contains(text) { problem } else { nil }
        }
    }

    /// Waits until a message has reached a receiver.
    func sent(_ suffix: String, to destination: String) throws {
        try events.first(timeout: 60) {
            if case .alertSent(let id, destination) = $0, id.hasSuffix(suffix) { () } else { nil }
        }
    }

    /// - Returns: how long it took, seconds.
    @discardableResult func stop() throws -> Double {
        let begun = ContinuousClock.now
        agent.stop()
        #expect(try agent.status.waitUntilStopped(timeout: 60))
        return Double((ContinuousClock.now - begun).components.seconds)
    }
}
