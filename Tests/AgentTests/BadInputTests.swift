import Agent
import Events
import Foundation
import KafkaClient
import Testing
import Windowing

/// What must not stop the agent: each is counted and set aside by its reason, and every good event is counted.
@Suite(.serialized) struct BadInputTests {
    private static let now: Int64 = 1_767_225_600_000_000

    /// A message, and the reason it is set aside for; `nil` for a good one.
    private static let messages: [(value: [UInt8]?, reason: String?)] = [
        (good(1), nil),
        (Array("{\"kind\":\"prediction\",".utf8), "not_json"),
        (Array("{\"kind\":\"prediction\",\"id\":\"a\",\"model\":\"fraud\",\"score\":NaN}".utf8), "not_json"),
        (Array("[1,2]".utf8), "not_an_object"),
        (good(2), nil),
        (Array("{\"kind\":\"prediction\",\"model\":\"fraud\"}".utf8), "missing_id"),
        (Array("{\"kind\":\"prediction\",\"id\":\"b\",\"model\":\"fraud\",\"score\":\"high\"}".utf8), "bad_field"),
        (
            Array("{\"kind\":\"prediction\",\"id\":\"c\",\"model\":\"fraud\",\"time\":\"1970-01-02T00:00:00Z\"}".utf8),
            "time_too_old"
        ),
        (
            Array("{\"kind\":\"prediction\",\"id\":\"d\",\"model\":\"fraud\",\"time\":\"2099-01-01T00:00:00Z\"}".utf8),
            "time_in_future"
        ),
        (good(3), nil),
        (Array("{\"kind\":\"prediction\",\"id\":\"e\",\"model\":\"unheard of\"}".utf8), "unknown_model"),
        (Array("{\"kind\":\"outcome\",\"id\":\"p-1\",\"model\":\"fraud\",\"label\":\"fraud\"}".utf8), "wrong_topic"),
        // The embedded broker keeps 5 MiB a partition; 10 MB are tried on the decoder itself (EventsTests).
        ([UInt8](repeating: UInt8(ascii: " "), count: 2_000_000), "too_large"),
        ([0, 0, 0, 0, 1, 2, 3], "schema_registry_encoded"),
        ([0x7B, 0xFF, 0xFE, 0x7D], "invalid_utf8"),
        (nil, "null_payload"),
        (good(4), nil),
    ]

    private static func good(_ number: Int) -> [UInt8] {
        Array(
            "{\"kind\":\"prediction\",\"id\":\"p-\(number)\",\"model\":\"fraud\",\"features\":{\"amount\":\(number)}}"
                .utf8)
    }

    @Test func everyBadMessageIsSetAsideWithItsReasonAndNoOtherIsLost() throws {
        let broker = try EmbeddedBroker(topics: [
            ("predictions", 1), ("outcomes", 1), ("dead", 1), ("tidewatch.events", 1),
        ])
        let producer = try KafkaProducer(
            settings: ProducerSettings(
                bootstrapServers: broker.bootstrapServers,
                properties: ["linger.ms": "1", "message.max.bytes": "20000000", "compression.type": "none"]))
        defer { producer.close() }
        for message in Self.messages {
            try producer.send(
                topic: "predictions", partition: 0, key: Array("k".utf8), value: message.value,
                timestampMicroseconds: Self.now)
        }
        try producer.flush(timeoutMilliseconds: 30_000)
        let agent = try RunningAgent(
            brokers: broker.bootstrapServers,
            sources: "{start: earliest, dead_letter_topic: dead, max_event_bytes: 1MiB}")
        #expect(try agent.agent.status.waitUntilHandled(Int64(Self.messages.count), timeout: 60))
        try agent.stop()

        let counters = agent.agent.counters
        #expect(counters.predictions == 4)
        var expected: [String: Int64] = [:]
        for reason in Self.messages.compactMap(\.reason) { expected[reason, default: 0] += 1 }
        #expect(Dictionary(uniqueKeysWithValues: counters.rejected.map { ($0.key.rawValue, $0.value) }) == expected)
        let letters = try TopicReader.read("dead", of: broker.bootstrapServers, count: expected.values.reduce(0, +))
        #expect(letters.map { $0["tidewatch-reason"] ?? "" } == Self.messages.compactMap(\.reason))
        let offsets = Self.messages.enumerated().filter { $0.element.reason != nil }.map { String($0.offset) }
        #expect(letters.map { $0["tidewatch-offset"] ?? "" } == offsets)
        let fields = letters.filter { $0["tidewatch-reason"] == "bad_field" }.map { $0["tidewatch-field"] ?? "" }
        #expect(fields == ["score"])
        #expect(agent.events.problems.isEmpty, "\(agent.events.problems)")
    }

    @Test func aKeyThatTheSchemaDoesNotKnowIsNamedOnceForAllPartitions() throws {
        let broker = try EmbeddedBroker(topics: [("predictions", 4), ("outcomes", 4), ("tidewatch.events", 1)])
        let producer = try KafkaProducer(settings: ProducerSettings(bootstrapServers: broker.bootstrapServers))
        defer { producer.close() }
        for number in 0..<40 {
            try producer.send(
                topic: "predictions", partition: Int32(number % 4), key: Array("k".utf8),
                value: Array(
                    "{\"kind\":\"prediction\",\"id\":\"\(number)\",\"model\":\"fraud\",\"trace\":\(number)}".utf8),
                timestampMicroseconds: Self.now)
        }
        try producer.flush(timeoutMilliseconds: 30_000)
        let agent = try RunningAgent(brokers: broker.bootstrapServers, sources: "{start: earliest}")
        #expect(try agent.agent.status.waitUntilHandled(40, timeout: 60))
        try agent.stop()
        #expect(agent.agent.counters.predictions == 40)
        #expect(
            agent.events.problems == [
                "Events of fraud have the key \"trace\", which the schema does not know: it is ignored."
            ])
    }

    @Test func anUnreachableBrokerIsNamedAndTheAgentStops() throws {
        let agent = try RunningAgent(brokers: "127.0.0.1:1", sources: "{start: earliest}")
        let problem = try agent.events.first(timeout: 30) {
            if case .problem(let text) = $0 { text } else { nil }
        }
        #expect(problem.contains("127.0.0.1:1"))
        try agent.stop()
    }

    @Test func aStateDirectoryThatCannotBeMadeIsNamedWithItsKey() throws {
        let error = #expect(throws: (any Error).self) { _ = try StateDirectory(path: "/proc/tidewatch/state") }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("/proc/tidewatch/state") && text.contains("agent.state_directory"), "\(text)")
    }

    @Test func aCheckpointThatIsNoDatabaseIsRefusedWithWhatToDo() throws {
        let directory = NSTemporaryDirectory() + "tidewatch-bad-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { RealData.remove(directory) }
        try Data(repeating: 7, count: 8_192).write(to: URL(fileURLWithPath: directory + "/checkpoint.sqlite"))
        let error = #expect(throws: (any Error).self) {
            _ = try RunningAgent(brokers: "127.0.0.1:1", sources: "{start: earliest}", directory: directory)
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("checkpoint.sqlite") && text.contains("move"), "\(text)")
    }
}

/// An agent that watches one model, on a thread of its own.
final class RunningAgent {
    let agent: LiveAgent
    let events = EventLog()
    private let directory: String
    private let isOwnDirectory: Bool

    init(brokers: String, sources: String, directory: String? = nil) throws {
        self.directory = directory ?? NSTemporaryDirectory() + "tidewatch-agent-\(UUID().uuidString)"
        isOwnDirectory = directory == nil
        let configuration = try AgentConfiguration.parse(
            """
            agent: {state_directory: "\(self.directory)"}
            kafka:
              properties: {fetch.wait.max.ms: "10", session.timeout.ms: "6000", fetch.message.max.bytes: "20000000"}
            sources: \(sources)
            models:
              - {name: fraud, task: binary, positive: fraud, window: {length: 1h, slide: 1h}, reference: {learn: 1000}}
            """)
        agent = try LiveAgent(
            configuration: configuration, brokers: brokers, state: try StateDirectory(path: self.directory),
            observer: events.append)
        let running = agent
        let log = events
        Thread {
            do {
                try running.run()
            } catch {
                log.append(.problem("the agent stopped: \(error)"))
            }
        }.start()
    }

    func stop() throws {
        agent.stop()
        #expect(try agent.status.waitUntilStopped(timeout: 60))
        if isOwnDirectory { RealData.remove(directory) }
    }
}

/// Reads the headers of a topic's records from the start.
private final class TopicReader: PartitionOwner {
    static func read(_ topic: String, of brokers: String, count: Int64) throws -> [[String: String]] {
        let reader = TopicReader()
        let consumer = try KafkaConsumer(
            settings: ConsumerSettings(
                bootstrapServers: brokers, groupID: "reader", topics: [topic],
                properties: [
                    "fetch.wait.max.ms": "10", "session.timeout.ms": "6000", "fetch.message.max.bytes": "20000000",
                ]),
            owner: reader)
        defer { consumer.close() }
        var records: [[String: String]] = []
        let deadline = Date(timeIntervalSinceNow: 60)
        while records.count < Int(count), Date() < deadline {
            for case .batch(let batch) in try consumer.poll(maximum: 100, timeoutMilliseconds: 100) {
                for index in 0..<batch.count {
                    let headers = batch[index].headers().map { ($0.name, String(decoding: $0.value, as: UTF8.self)) }
                    records.append(Dictionary(headers) { first, _ in first })
                }
            }
        }
        return records
    }

    func assign(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition] {
        Dictionary(uniqueKeysWithValues: partitions.map { ($0, .earliest) })
    }
    func revoke(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] { [:] }
    func lose(_ partitions: [TopicPartition]) {}
}
