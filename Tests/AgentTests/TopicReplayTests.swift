import Agent
import Alerting
import Events
import Foundation
import KafkaClient
import Testing
import TidewatchTestKit
import Windowing

/// The history of topics through the pipeline: the numbers of the agent that read them live, and no trace on the broker.
@Suite(.serialized) struct TopicReplayTests {
    private static let hours = 12

    private static func story(_ harness: LiveHarness) throws {
        try harness.produce(hours: 0..<5, outcomes: true)
        try harness.produce(hours: 5..<8, shift: 70, outcomes: true)
        try harness.produce(hours: 8..<(hours + 4), outcomes: true)
    }

    /// The windows of a replay, as the history of an agent would keep them.
    private func replayed(
        _ yaml: String, interval: Range<Int64>? = nil, in directory: String
    ) throws -> (windows: [WindowHistory.Entry], replay: Replay, events: EventLog) {
        let configuration = try AgentConfiguration.parse(yaml)
        let history = try TopicHistory(
            configuration: configuration, brokers: try #require(try configuration.brokers(path: "test")),
            fromMicroseconds: interval?.lowerBound)
        let replay = try Replay(configuration: configuration, interval: interval)
        let events = EventLog()
        try replay.run(history, observer: events.append)
        replay.finish(observer: events.append)
        let store = try StateDirectory(path: directory + "/replayed-\(UUID().uuidString)").history
        for case .windowJudged(let window) in events.all { try store.append(window) }
        return (try store.windows(of: "fraud"), replay, events)
    }

    @Test func liveAndReplayGiveTheSameNumbersAndTheBrokerNoticesNothing() throws {
        let harness = try LiveHarness()
        try Self.story(harness)
        let yaml = harness.yaml(outcomes: true)
        let run = try harness.run(yaml)
        try run.handle(harness.produced)
        try run.stop()
        let live = try harness.windows(endingBy: Self.hours)
        #expect(live.count >= 2 * (Self.hours - 4))
        let committed = try Offsets.committed(group: "tidewatch", brokers: harness.broker.bootstrapServers)
        #expect(!committed.isEmpty)

        let (windows, replay, events) = try replayed(yaml, in: harness.directory)
        let early = windows.filter { $0.endMicroseconds <= LiveHarness.start + Int64(Self.hours) * LiveHarness.hour }
        #expect(early == live, "\(early.difference(from: live))")
        #expect(replay.counters.predictions == run.agent.counters.predictions)
        #expect(replay.counters.outcomes == run.agent.counters.outcomes)
        #expect(replay.counters.skippedOffsets == 0 && replay.counters.thinned == 0)
        #expect(events.fired.map(\.id) == run.events.fired.map(\.id) && !events.fired.isEmpty)

        #expect(try Offsets.committed(group: "tidewatch", brokers: harness.broker.bootstrapServers) == committed)
        #expect(try Offsets.committed(group: "tidewatch-replay", brokers: harness.broker.bootstrapServers).isEmpty)
    }

    @Test func anIntervalTakesTheEventsFromItsStartAndNoneFromItsEnd() throws {
        let harness = try LiveHarness()
        try Self.story(harness)
        func hour(_ number: Int) -> Int64 { LiveHarness.start + Int64(number) * LiveHarness.hour }
        let (windows, replay, _) = try replayed(
            harness.yaml(outcomes: true), interval: hour(2)..<hour(7), in: harness.directory)
        #expect(replay.counters.predictions == 5 * 200)
        // Each outcome is known half an hour after its prediction.
        #expect(replay.counters.outcomes == 5 * 200)
        #expect(replay.eventsOutsideInterval == 2 * (Int64(Self.hours) + 4 - 5) * 200)
        let drift = windows.filter { $0.kind == "drift" }
        #expect(drift.last?.endMicroseconds == hour(7))
        #expect(Set(drift.map(\.count)) == [200])
        #expect(windows.allSatisfy { $0.endMicroseconds > hour(2) && $0.endMicroseconds <= hour(7) })
    }

    /// The embedded broker keeps 5 MiB of a partition: what it dropped is counted and said.
    @Test func whatRetentionTookIsCountedAndSaid() throws {
        let harness = try LiveHarness()
        var generator = SeededGenerator(seed: 5)
        for number in 0..<900 {
            // Random, so that no compression makes it small.
            let padding = (0..<1_500).map { _ in String(UInt64.random(in: 0 ... .max, using: &generator), radix: 36) }
            let time = LiveHarness.start + Int64(number) * LiveHarness.hour / 100
            try harness.produceRaw(
                "{\"kind\":\"prediction\",\"id\":\"\(number)\",\"time\":\(time),\"features\":{\"amount\":1},"
                    + "\"note\":\"\(padding.joined())\"}", key: "one", at: time)
        }
        let (_, replay, events) = try replayed(harness.yaml(), in: harness.directory)
        let configuration = try AgentConfiguration.parse(harness.yaml())
        let history = try TopicHistory(
            configuration: configuration, brokers: harness.broker.bootstrapServers)
        #expect(history.removedOffsets > 0)
        #expect(replay.counters.predictions == 900 - history.removedOffsets)
        #expect(events.problems.contains { $0.contains("retention has removed the \(history.removedOffsets) records") })
    }

    @Test func anUnknownTopicAndWrongTimesEndWith2() throws {
        let harness = try LiveHarness()
        let path = harness.directory + "/c.yaml"
        try Data(harness.yaml().utf8).write(to: URL(fileURLWithPath: path))
        func stop(_ overrides: [String] = [], from: String? = nil, to: String? = nil) -> CommandStop? {
            #expect(throws: CommandStop.self) {
                try ReplayCommand.run(
                    ReplayOptions(configurationPath: path, overrides: overrides, paths: [], from: from, to: to))
            }
        }
        let time = stop(from: "October")
        #expect(time?.exitCode == 2 && time?.message?.contains("--from") == true)
        let order = stop(from: "2026-10-02", to: "2026-10-01")
        #expect(order?.exitCode == 2 && order?.message?.contains("--to") == true)
        let broker = stop(["kafka.bootstrap_servers=null"])
        #expect(broker?.exitCode == 2 && broker?.message?.contains("kafka.bootstrap_servers") == true)
    }

    @Test func howItIsReadInBatchesChangesNothing() throws {
        let harness = try LiveHarness()
        try harness.produce(hours: 0..<3, outcomes: true)
        let configuration = try AgentConfiguration.parse(harness.yaml())
        func read(_ maximum: Int) throws -> [SourceMessage] {
            let history = try TopicHistory(configuration: configuration, brokers: harness.broker.bootstrapServers)
            var messages: [SourceMessage] = []
            while case let batch = try history.next(maximum: maximum), !batch.isEmpty {
                #expect(batch.count <= maximum)
                messages += batch
            }
            #expect(try history.next(maximum: 1).isEmpty)
            return messages
        }
        let whole = try read(1_000_000)
        #expect(whole.count == Int(harness.produced))
        #expect(try read(1) == whole)
        #expect(try read(7) == whole)
        let times = whole.map(\.timestampMicroseconds)
        #expect(times == times.sorted(), "partitions and topics are read side by side in time")
    }
}

/// What a group has committed.
private enum Offsets {
    static func committed(group: String, brokers: String) throws -> [TopicPartition: Int64] {
        let consumer = try KafkaConsumer(
            withoutGroup: ConsumerSettings(bootstrapServers: brokers, groupID: group, topics: []))
        defer { consumer.close() }
        let partitions = ["predictions", "outcomes"].flatMap { topic in
            (0..<4).map { TopicPartition(topic: topic, partition: $0) }
        }
        return try consumer.committedOffsets(of: partitions)
    }
}
