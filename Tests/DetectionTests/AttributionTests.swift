import Foundation
import Statistics
import Testing

@testable import Detection

@Suite struct AttributionTests {
    private func verdict(
        _ column: String, _ value: Double?, _ status: VerdictStatus = .drift, statistic: String = "psi",
        raise: Double = 0.25, segment: String? = nil
    ) -> Verdict {
        Verdict(
            model: "m", version: "1", reference: "r", subject: .drift(column: column, statistic: statistic),
            segment: segment, status: status, reason: status == .drift ? .evidenceAndEffect : .noEvidence, value: value,
            raiseLevel: raise, clearLevel: raise, windowStart: 0, windowEnd: 60, count: 500)
    }

    /// 0.44·0.5 : 0.21·0.4 : 0·2 is 0.22 : 0.084 : 0.
    @Test func sharesAreEvidenceTimesImportance() throws {
        let weights = ColumnWeights(["amount": 44, "channel": 21, "idle": 0, "age": 35], source: .model)
        let verdicts = [
            verdict("idle", 2), verdict("channel", 0.4), verdict("age", 0.01, .ok), verdict("amount", 0.5),
            verdict("nothing", nil, .insufficient),
        ].attributed(by: weights)
        let columns = try #require(verdicts[0].attribution?.columns)
        #expect(columns.parts.map(\.column) == ["amount", "channel", "idle"])
        for (part, share) in zip(columns.parts, [0.22 / 0.304, 0.084 / 0.304, 0]) {
            #expect(abs((part.share ?? -1) - share) < 1e-12)
        }
        #expect(columns.drifted == 3 && columns.judged == 4 && columns.statistic == "psi")
        #expect(abs((columns.driftedImportance ?? 0) - 0.65) < 1e-12)
        #expect(verdicts[0].attribution?.importance == 0, "drifted, and harmless")
        #expect(verdicts[2].attribution == nil && verdicts[4].attribution == nil)
        #expect(verdicts[3].attribution?.columns == columns)
    }

    @Test func withoutImportancesAllColumnsWeighAlike() throws {
        for weights in [ColumnWeights.equal, ColumnWeights(["a": 0, "b": .nan, "c": -1], source: .configuration)] {
            let verdicts = [verdict("b", 1), verdict("a", 3), verdict("c", -0.1)].attributed(by: weights)
            let columns = try #require(verdicts[0].attribution?.columns)
            #expect(columns.weights == .equal && columns.driftedImportance == nil)
            #expect(columns.parts.map(\.share) == [0.75, 0.25, 0])
            #expect(columns.parts.allSatisfy { $0.importance == nil })
        }
    }

    @Test func tiesAreBrokenByValueAndThenByName() throws {
        let weights = ColumnWeights(["a": 2, "b": 1, "c": 1, "d": 0, "e": 0, "f": 0], source: .model)
        let drifted = [("f", 1.0), ("c", 2), ("e", 3), ("a", 1), ("b", 2), ("d", 3)]
        for order in [drifted, drifted.reversed()] {
            let found = order.map { verdict($0.0, $0.1) }.attributed(by: weights)[0].attribution?.columns
            #expect(found?.parts.map(\.column) == ["b", "c", "a", "d", "e"], "at most five")
        }
    }

    @Test func columnsThatNobodyKnowsAreNotNamed() throws {
        let weights = ColumnWeights(["a": 1], source: .model)
        let verdicts = [verdict("prediction", 9), verdict("a", 1)].attributed(by: weights)
        #expect(verdicts[0].attribution?.importance == nil)
        #expect(verdicts[0].attribution?.columns?.parts.map(\.column) == ["a"])
        let none = [verdict("x", 1), verdict("y", 2)].attributed(by: ColumnWeights(["x": 0, "z": 1], source: .model))
        #expect(none[0].attribution?.columns?.driftedImportance == 0)
        #expect(none[0].attribution?.columns?.parts.map(\.share) == [nil])
    }

    /// Each statistic and each segment by itself; distances in the columns' own units as multiples of their levels.
    @Test func onlyLikeIsComparedWithLike() throws {
        let verdicts = [
            verdict("a", 0.4), verdict("a", 30, statistic: "wasserstein", raise: 10),
            verdict("b", 1.2, statistic: "wasserstein", raise: 0.2), verdict("b", 0.4, segment: "region=north"),
        ].attributed(by: .equal)
        #expect(verdicts[0].attribution?.columns?.parts.map(\.column) == ["a"])
        let distances = try #require(verdicts[1].attribution?.columns)
        #expect(distances.parts.map(\.column) == ["b", "a"])
        #expect(abs((distances.parts[0].share ?? 0) - 6.0 / 9) < 1e-12)
        #expect(verdicts[3].attribution?.columns?.parts.map(\.column) == ["b"])
    }

    @Test func whatMovedIsTheFirstStatisticThatSaysSo() {
        let calm = verdict("a", 0, .ok, statistic: "divergence")
        #expect([Verdict]().movedColumns(weights: .equal) == nil)
        #expect([verdict("a", nil, .noData)].movedColumns(weights: .equal) == nil)
        #expect([calm].movedColumns(weights: .equal)?.drifted == 0)
        #expect([calm, verdict("a", 1)].movedColumns(weights: .equal)?.statistic == "psi")
        #expect([calm, verdict("a", 1, segment: "s=1")].movedColumns(weights: .equal)?.drifted == 0)
    }

    // MARK: - Performance

    private static let metrics: [PerformanceMetric] = [.accuracy, .rocAUC]

    private func summary(right: Int, of count: Int) -> PerformanceSummary {
        var summary = PerformanceSummary(task: .binary(positive: "yes"))
        for row in 0..<count {
            summary.add(score: 0.5, predictedPositive: (row < right) == (row % 2 == 0), positive: row % 2 == 0)
        }
        return summary
    }

    private func window(
        _ index: Int64, _ parts: [(String, PerformanceSummary)]
    ) -> (window: PerformanceWindow, segments: [PerformanceBaseline.Segment]) {
        let whole = parts.filter { $0.0.hasPrefix("region") }.reduce(into: nil as PerformanceSummary?) { sum, part in
            if sum == nil { sum = part.1 } else { sum?.merge(part.1) }
        }
        return (
            PerformanceWindow(startMicroseconds: index * 60, endMicroseconds: index * 60 + 60, summary: whole),
            parts.map {
                PerformanceBaseline.Segment(
                    column: String($0.0.prefix { $0 != "=" }), name: $0.0, summary: $0.1)
            }
        )
    }

    /// North falls from 0.9 to 0.5, the others stay: accuracy falls from 0.9 to 0.8, all of it in the north.
    @Test func theSegmentThatGotWorseCarriesTheFall() throws {
        let before = window(
            0,
            [
                ("region=north", summary(right: 900, of: 1_000)), ("region=south", summary(right: 2_700, of: 3_000)),
                ("size=big", summary(right: 1_800, of: 2_000)), ("size=small", summary(right: 1_800, of: 2_000)),
            ])
        let now = window(
            1,
            [
                ("region=north", summary(right: 500, of: 1_000)), ("region=south", summary(right: 2_700, of: 3_000)),
                ("size=big", summary(right: 1_600, of: 2_000)), ("size=small", summary(right: 1_600, of: 2_000)),
            ])
        let first = PerformanceBaseline(window: before.window, segments: before.segments, metrics: Self.metrics)
        let restored = try JSONDecoder().decode(PerformanceBaseline.self, from: JSONEncoder().encode(first))
        #expect(restored == first)
        let fall = try #require(restored.fall(of: .accuracy, in: now.window, segments: now.segments))
        #expect(fall.before == 0.9 && abs(fall.fall - 0.1) < 1e-12 && fall.isExact && fall.compared == 4)
        #expect(fall.parts.map(\.segment) == ["region=north"], "the sizes each carry just their part of the pairs")
        let part = try #require(fall.parts.first)
        #expect(abs(part.share - 1) < 1e-12 && part.pairShare == 0.25 && part.before == 0.9 && part.now == 0.5)
        #expect(first.fall(of: .accuracy, in: before.window, segments: before.segments) == nil, "the window itself")
        #expect(first.fall(of: .f1, in: now.window, segments: now.segments) == nil, "not kept")
        #expect(first.fall(of: .rocAUC, in: now.window, segments: now.segments)?.isExact == false)
    }

    /// Half of the pairs come from a segment that was always bad: it is the mix that got worse.
    @Test func aShiftOfTheMixIsFoundToo() throws {
        let before = window(
            0, [("region=north", summary(right: 60, of: 100)), ("region=south", summary(right: 855, of: 900))])
        let now = window(
            1, [("region=north", summary(right: 300, of: 500)), ("region=south", summary(right: 475, of: 500))])
        let first = PerformanceBaseline(window: before.window, segments: before.segments, metrics: [.accuracy])
        let fall = try #require(first.fall(of: .accuracy, in: now.window, segments: now.segments))
        #expect(abs(fall.fall - 0.14) < 1e-12)
        // 0.4·((0.6 + 0.6)/2 − (0.915 + 0.775)/2) = −0.098 of −0.14.
        #expect(fall.parts.map(\.segment) == ["region=north"])
        #expect(abs((fall.parts.first?.share ?? 0) - 0.7) < 1e-9)
    }

    @Test func nothingIsInventedWhereNothingIsWorse() throws {
        let parts = [("region=north", summary(right: 60, of: 100)), ("region=south", summary(right: 60, of: 100))]
        let first = PerformanceBaseline(
            window: window(0, parts).window, segments: window(0, parts).segments, metrics: [.accuracy])
        let fall = try #require(
            first.fall(of: .accuracy, in: window(1, parts).window, segments: window(1, parts).segments))
        #expect(fall.fall == 0 && fall.parts.isEmpty)
        let empty = PerformanceWindow(startMicroseconds: 60, endMicroseconds: 120, summary: nil)
        #expect(first.fall(of: .accuracy, in: empty, segments: []) == nil)
    }

    /// Verdicts travel through checkpoints; those of older ones have no attribution.
    @Test func verdictsCarryItThroughARestart() throws {
        let verdicts = [verdict("a", 0.4), verdict("b", 0.1, .ok)].attributed(by: .equal)
        let encoded = try JSONEncoder().encode(verdicts)
        #expect(try JSONDecoder().decode([Verdict].self, from: encoded) == verdicts)
        let old = try JSONEncoder().encode([verdict("a", 0.4)])
        #expect(!String(decoding: old, as: UTF8.self).contains("attribution"))
        #expect(try JSONDecoder().decode([Verdict].self, from: old) == [verdict("a", 0.4)])
    }
}
