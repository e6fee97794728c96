import Events
import KafkaClient
import Testing
import Windowing

@testable import Agent

@Suite struct StatusReporterTests {
    private static let second: Int64 = 1_000_000
    private static let first = TopicPartition(topic: "predictions", partition: 0)
    private static let other = TopicPartition(topic: "predictions", partition: 3)

    private static func statistics(_ lags: [TopicPartition: Int64]) -> ConsumerStatistics {
        var statistics = ConsumerStatistics()
        for (position, lag) in lags { statistics.partitions[position] = ConsumerStatistics.Partition(lag: lag) }
        return statistics
    }

    private static func progress(_ records: Int64) -> AgentProgress {
        var counters = PipelineCounters()
        counters.predictions = records
        return AgentProgress(records: records, counters: counters)
    }

    @Test func theSlowestPartitionSaysHowFarTheAgentIsBehind() throws {
        var reporter = StatusReporter(intervalMicroseconds: 60 * Self.second, nowMicroseconds: 1_000 * Self.second)
        reporter.read(Self.first, timestampMicroseconds: 1_050 * Self.second)
        reporter.read(Self.other, timestampMicroseconds: 965 * Self.second)
        reporter.read(Self.other, timestampMicroseconds: 960 * Self.second)
        let lags = Self.statistics([Self.first: 10, Self.other: 5])
        let early = reporter.status(nowMicroseconds: 1_059 * Self.second, statistics: lags) { Self.progress(100) }
        #expect(early == nil)
        let status = try #require(
            reporter.status(nowMicroseconds: 1_060 * Self.second, statistics: lags) { Self.progress(600) })
        #expect(status.records == 600 && status.recordsPerSecond == 10)
        #expect(status.lag == 15 && status.lagSeconds == 95 && status.slowest == Self.other)
        let next = try #require(
            reporter.status(nowMicroseconds: 1_120 * Self.second, statistics: lags) { Self.progress(1_200) })
        #expect(next.recordsPerSecond == 10, "since the last status, not since the start")
    }

    @Test func aStreamReadToItsEndIsNotBehindHoweverOldItsRecords() throws {
        var reporter = StatusReporter(intervalMicroseconds: Self.second, nowMicroseconds: 0)
        reporter.read(Self.first, timestampMicroseconds: 5)
        let done = try #require(
            reporter.status(nowMicroseconds: 900 * Self.second, statistics: Self.statistics([Self.first: 0])) {
                Self.progress(1)
            })
        #expect(done.lag == 0 && done.lagSeconds == 0 && done.slowest == nil)
    }

    @Test func whatIsNotKnownIsNotSaid() throws {
        var reporter = StatusReporter(intervalMicroseconds: Self.second, nowMicroseconds: 0)
        let none = try #require(
            reporter.status(nowMicroseconds: Self.second, statistics: ConsumerStatistics()) {
                Self.progress(0)
            })
        #expect(none.lag == nil && none.lagSeconds == nil)
        #expect(none.text == "0 records, 0/s")
        // Records that nobody has read yet have no known time.
        let unread = try #require(
            reporter.status(nowMicroseconds: 2 * Self.second, statistics: Self.statistics([Self.first: 7])) {
                Self.progress(0)
            })
        #expect(unread.lag == 7 && unread.lagSeconds == nil)
        #expect(unread.text == "0 records, 0/s; 7 behind")
    }

    @Test func aPartitionThatOthersReadIsForgotten() throws {
        var reporter = StatusReporter(intervalMicroseconds: Self.second, nowMicroseconds: 0)
        reporter.read(Self.first, timestampMicroseconds: 0)
        reporter.read(Self.other, timestampMicroseconds: Self.second)
        reporter.keep { $0 == Self.other }
        let lags = Self.statistics([Self.first: 1, Self.other: 1])
        let status = try #require(
            reporter.status(nowMicroseconds: 3 * Self.second, statistics: lags) { Self.progress(0) })
        #expect(status.slowest == Self.other && status.lagSeconds == 2)
    }

    @Test func noIntervalMeansNoStatus() {
        var reporter = StatusReporter(intervalMicroseconds: 0, nowMicroseconds: 0)
        let status = reporter.status(nowMicroseconds: .max, statistics: Self.statistics([:])) { Self.progress(0) }
        #expect(status == nil)
    }

    @Test func theLineAndItsJSONSayTheSame() throws {
        var counters = PipelineCounters()
        counters.predictions = 9
        counters.latePredictions = 3
        counters.rejected[.notJSON] = 2
        let status = StreamStatus(
            records: 1_200_000, recordsPerSecond: 12_043.4, lag: 120_000, lagSeconds: 95.2, slowest: Self.other,
            counters: counters)
        #expect(
            status.text == "1200000 records, 12043/s; 120000 behind, 95 s (predictions[3]); "
                + "left out: late predictions 3, rejected not json 2")
        let line = try #require(AgentEvent.status(status).json(at: 0))
        #expect(line.contains(#""event":"status","records":1200000,"records_per_second":12043.4,"lag":120000,"#))
        #expect(line.contains(#""lag_seconds":95.2,"slowest":"predictions[3]","counters":{"predictions":9,"#))
    }

    /// On the embedded broker: everything read, three days after it was written.
    @Test func aRunningAgentSaysHowTheStreamGoes() throws {
        let harness = try LiveHarness()
        try harness.produce(hours: 0..<2)
        try harness.produceRaw("{", key: "bad", at: LiveHarness.start)
        let run = try harness.run(harness.yaml(agent: ", status_interval: 200ms"))
        try run.handle(harness.produced)
        let produced = harness.produced
        let status = try run.events.first(timeout: 60) {
            if case .status(let status) = $0, status.records == produced, status.lag == 0 { status } else { nil }
        }
        #expect(status.lagSeconds == 0)
        #expect(status.counters.predictions == produced - 1)
        #expect(status.counters.leftOut.map(\.name) == ["rejected not json"])
        try run.stop()
    }
}
