import Agent
import Foundation
import KafkaClient
import Registry
import Testing
import Windowing

/// Brokers that are away, and topics that take nothing.
@Suite(.serialized) struct LiveBrokerTests {
    @Test func anUnreachableBrokerIsNamedWaitedForAndNeverHoldsUpAStop() throws {
        let harness = try LiveHarness()
        // Something to publish, so that more than the consumer waits for the broker.
        _ = try StateDirectory(path: harness.statePath).registry.register(
            model: "fraud", artifact: nil, reference: nil, lineage: Lineage(trigger: "import"), now: LiveHarness.start)
        let run = try harness.run(harness.yaml(brokers: "127.0.0.1:1"))
        let problem = try run.problem("127.0.0.1:1")
        #expect(problem.contains("check") || problem.contains("bootstrap"), "says what to do: \(problem)")
        #expect(try run.stop() < 8)
    }

    @Test func anOutageIsToldEachTimeAndNothingIsLost() throws {
        let harness = try LiveHarness()
        try harness.produce(hours: 0..<4)
        try harness.broker.setDown()
        let run = try harness.run(harness.yaml())
        try run.problem(harness.broker.bootstrapServers)
        try harness.broker.setUp()
        try run.handle(harness.produced)
        let before = run.events.problems.count
        try harness.broker.setDown()
        try run.events.first(timeout: 60) { _ in run.events.problems.count > before ? () : nil }
        try harness.broker.setUp()
        try harness.produce(hours: 4..<8)
        try run.handle(harness.produced)
        try run.stop()
        #expect(run.agent.counters.predictions == 1_600)
    }

    /// While the dead-letter topic takes nothing no checkpoint covers what was rejected; when it does again, all of it
    /// arrives and checkpoints go on, without a restart.
    @Test func rejectedMessagesWaitForTheirTopic() throws {
        let harness = try LiveHarness()
        harness.broker.setTopicError("dead", .topicAuthorizationFailed)
        try harness.produce(hours: 0..<2)
        let run = try harness.run(harness.yaml(properties: ", message.timeout.ms: \"2000\""))
        try run.handle(harness.produced)
        for number in 0..<5 { try harness.produceRaw("{", key: "k\(number)", at: LiveHarness.start) }
        try run.handle(harness.produced)
        let problem = try run.problem("checkpoint could not be written")
        #expect(problem.contains("dead"))
        harness.broker.setTopicError("dead", nil)
        let told = run.events.all.count
        try run.events.first(timeout: 60) { _ in
            run.events.all.dropFirst(told).contains { if case .checkpointSaved = $0 { true } else { false } } ? () : nil
        }
        try run.stop()
        #expect(run.agent.counters.rejectedTotal == 5)
        #expect(try TopicCount.records(of: "dead", brokers: harness.broker.bootstrapServers, atLeast: 5) == 5)
    }
}

/// Counts a topic's records from the start.
private final class TopicCount: PartitionOwner {
    static func records(of topic: String, brokers: String, atLeast wanted: Int) throws -> Int {
        let owner = TopicCount()
        let consumer = try KafkaConsumer(
            settings: ConsumerSettings(
                bootstrapServers: brokers, groupID: "count", topics: [topic],
                properties: ["fetch.wait.max.ms": "10", "session.timeout.ms": "6000"]), owner: owner)
        defer { consumer.close() }
        var count = 0
        let deadline = Date(timeIntervalSinceNow: 30)
        while count < wanted, Date() < deadline {
            for case .batch(let batch) in try consumer.poll(maximum: 100, timeoutMilliseconds: 100) {
                count += batch.count
            }
        }
        return count
    }

    func assign(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition] {
        Dictionary(uniqueKeysWithValues: partitions.map { ($0, .earliest) })
    }
    func revoke(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] { [:] }
    func lose(_ partitions: [TopicPartition]) {}
}
