import Alerting
import Detection
import Events
import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Agent

/// Calibrated detection under the whole agent: no alarm without drift, the right column with it, silence again after it.
struct BudgetReplayTests {
    private static let hour: Int64 = 3_600_000_000
    private static let start: Int64 = 1_767_225_600_000_000
    private static let perHour = 200
    private static let columns = 10

    /// Normal columns `c0` to `c9` and a category; `c3` is shifted within `drift`, hours from the start.
    private static func messages(hours: Int, seed: UInt64, shift: Double = 0, drift: Range<Int> = 0..<0)
        -> InMemorySource
    {
        var stream = DriftStream(seed: seed)
        let count = hours * perHour
        let plans = stream.categories(count, weights: [5, 3, 2])
        let messages = (0..<count).map { number in
            let time = start + Int64(number) * hour / Int64(perHour)
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("kind", "prediction")
            writer.field("id", "\(number)")
            writer.field("model", "fraud")
            writer.field("time", EventTime.format(time))
            writer.key("features")
            writer.beginObject()
            for column in 0..<columns {
                let isShifted = column == 3 && drift.contains(number / perHour)
                writer.field("c\(column)", stream.normal(mean: isShifted ? shift : 0))
            }
            writer.field("plan", plans[number])
            writer.endObject()
            writer.endObject()
            return SourceMessage(
                source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [], value: writer.bytes)
        }
        return InMemorySource(messages)
    }

    private static func replay(
        _ source: some EventSource, budget: String = "1 per 30d", calibration: String = "analytic"
    ) throws -> EventLog {
        let configuration = try AgentConfiguration.parse(
            """
            models:
              - name: fraud
                task: binary
                positive: fraud
                reference: {learn: 5000}
                window: {length: 1d, slide: 1h}
                drift: {false_alarms: \(budget), calibration: \(calibration)}
            """)
        let events = EventLog()
        let replay = try Replay(configuration: configuration)
        var source = source
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        return events
    }

    private static func intervals(_ events: EventLog) -> [JudgedWindow] {
        events.all.compactMap { event in
            if case .windowJudged(let window) = event, window.kind == .interval { window } else { nil }
        }
    }

    @Test func withoutDriftNothingIsSaidForAMonth() throws {
        let events = try Self.replay(Self.messages(hours: 720, seed: 11))
        let intervals = Self.intervals(events)
        #expect(intervals.count >= 690, "one an hour after the reference")
        #expect(intervals.allSatisfy { $0.verdicts.count == Self.columns + 1 && $0.count >= 200 })
        #expect(events.fired.isEmpty, "\(events.fired.map(\.detector))")
        let verdict = try #require(intervals.last?.verdicts.first)
        #expect(verdict.evidence?.calibration == .analytic && verdict.evidence?.detectable != nil)
        let last = try #require(intervals.last)
        let line = try #require(AgentEvent.windowJudged(last).json(at: last.endMicroseconds))
        let json = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let printed = try #require((json["verdicts"] as? [[String: Any]])?.first)
        let evidence = try #require(printed["evidence"] as? [String: Any])
        #expect(evidence["calibration"] as? String == "analytic")
        #expect(evidence["log_evidence"] as? Double == verdict.evidence?.logEvidence)
        #expect(evidence["log_bound"] as? Double == verdict.evidence?.logBound)
        #expect(evidence["detectable_shift"] is Double)
    }

    @Test func aShiftNamesItsColumnAndEnds() throws {
        let events = try Self.replay(Self.messages(hours: 300, seed: 12, shift: 0.5, drift: 120..<200))
        #expect(events.fired.map(\.detector) == ["drift/c3/divergence"])
        let alert = try #require(events.fired.first)
        let delay = (alert.verdict.windowEnd - Self.start) / Self.hour - 120
        #expect((1...12).contains(delay), "\(delay) hours")
        let change = try #require(alert.verdict.evidence?.changeText)
        #expect(AlertMessage.summary(for: alert).hasPrefix("fraud: divergence of c3 is ") && !change.isEmpty)
        #expect(AlertMessage.summary(for: alert).contains(": \(change) ("))
        let resolved = try #require(events.resolved.first)
        #expect(resolved.id == alert.id && resolved.verdict.windowEnd > Self.start + 200 * Self.hour)
        #expect(events.resolved.count == 1)
    }

    /// The same panes, the same verdicts: what the reader's batches were does not matter.
    @Test func theEvidenceIsTheSameEveryTime() throws {
        let first = try Self.intervals(Self.replay(Self.messages(hours: 100, seed: 13, shift: 0.3, drift: 50..<80)))
        let second = try Self.intervals(Self.replay(Self.messages(hours: 100, seed: 13, shift: 0.3, drift: 50..<80)))
        #expect(first == second && !first.isEmpty)
        let small = try Self.replay(
            SmallBatches(source: Self.messages(hours: 100, seed: 13, shift: 0.3, drift: 50..<80)))
        #expect(Self.intervals(small) == first)
    }

    /// A reference of a day has no seasons to learn: said of every verdict, and fixed limits decide.
    @Test func tooLittleToCalibrateIsSaid() throws {
        let events = try Self.replay(
            Self.messages(hours: 60, seed: 14, shift: 3, drift: 50..<60), calibration: "empirical")
        let alert = try #require(events.fired.first)
        #expect(
            AlertMessage.summary(for: alert).contains("is above 0.2, a fixed limit (uncalibrated: no budget is kept)"))
        let intervals = Self.intervals(events)
        #expect(!intervals.isEmpty)
        #expect(
            intervals.flatMap(\.verdicts).allSatisfy {
                $0.reason == .uncalibrated && $0.evidence?.calibration == .threshold
            })
    }
}

/// A source that hands out its messages a few at a time, more or less of them.
private struct SmallBatches: EventSource {
    var source: InMemorySource
    private var size = 0

    init(source: InMemorySource) { self.source = source }

    mutating func next(maximum: Int) -> [SourceMessage] {
        size = size % 37 + 1
        return source.next(maximum: min(size, maximum))
    }
}
