import Statistics
import Testing
import TidewatchTestKit

@Suite struct FairnessTests {
    private func confusion(_ tp: Int64, _ fp: Int64, _ fn: Int64, _ tn: Int64) -> BinaryConfusion {
        var confusion = BinaryConfusion()
        confusion.truePositives = tp
        confusion.falsePositives = fp
        confusion.falseNegatives = fn
        confusion.trueNegatives = tn
        return confusion
    }

    /// By hand: selected 50 of 100 and 30 of 100; found 40 of 50 and 20 of 40; alarmed 10 of 50 and 10 of 60.
    @Test func ratesAreComparedBetweenTheExtremes() throws {
        let report = FairnessReport([("a", confusion(40, 10, 10, 40)), ("b", confusion(20, 10, 20, 50))])
        #expect(agree(report.demographicParityDifference.value, 0.2, within: 1e-12))
        #expect(agree(report.disparateImpactRatio.value, 0.6, within: 1e-12))
        #expect(agree(report.equalOpportunityDifference.value, 0.3, within: 1e-12))
        #expect(agree(report.equalizedOddsDifference.value, 0.3, within: 1e-12))
        // Newcombe 1998, method 10: 50/100 against 30/100 gives 0.0646…0.3264.
        #expect(agree(report.demographicParityDifference.low, 0.0646, within: 3e-2))
        #expect(agree(report.demographicParityDifference.high, 0.3264, within: 1e-2))
        let ratio = report.disparateImpactRatio
        #expect(
            (ratio.low ?? 1) > 0.4 && (ratio.low ?? 1) < 0.45 && (ratio.high ?? 0) > 0.8 && (ratio.high ?? 0) < 0.88)
    }

    @Test func oneSegmentOrNoneComparesNothing() {
        for segments in [[], [("a", confusion(1, 1, 1, 1))]] as [[(name: String, confusion: BinaryConfusion)]] {
            let report = FairnessReport(segments)
            #expect(report.demographicParityDifference.value == nil && report.disparateImpactRatio.value == nil)
        }
        // Nobody selected, nobody positive: no rate to compare, and no division by zero.
        let empty = FairnessReport([("a", confusion(0, 0, 0, 5)), ("b", confusion(0, 0, 0, 9))])
        #expect(empty.demographicParityDifference.value == 0 && empty.disparateImpactRatio.value == nil)
        #expect(empty.equalOpportunityDifference.value == nil)
        #expect(empty.equalizedOddsDifference.value == 0)
    }

    /// Four equal segments: the interval of the largest difference holds 0 in at least 95 % of samples.
    @Test func equalSegmentsAreNotCalledUnequal() {
        var stream = DriftStream(seed: 5)
        var covered = (difference: 0, ratio: 0)
        let repetitions = 300
        for _ in 0..<repetitions {
            let report = FairnessReport(
                (0..<4).map { index in
                    var found = BinaryConfusion()
                    for _ in 0..<150 { found.add(predicted: stream.uniform() < 0.4, actual: stream.uniform() < 0.5) }
                    return ("s\(index)", found)
                })
            if report.demographicParityDifference.low == 0 { covered.difference += 1 }
            if report.disparateImpactRatio.high ?? 0 >= 1 { covered.ratio += 1 }
        }
        #expect(covered.difference >= 275 && covered.ratio >= 275, "\(covered) of \(repetitions)")
    }

    @Test func theSegmentThatFellCarriesTheFall() throws {
        func value(_ right: Int64, of count: Int64) -> MetricValue {
            confusion(right, count - right, 0, 0).metric(.accuracy)
        }
        let found = SegmentAttribution(
            metric: .accuracy,
            segments: [
                ("north", value(900, of: 1_000), value(900, of: 1_000)),
                ("south", value(800, of: 1_000), value(500, of: 1_000)),
            ])
        #expect(found.parts.map(\.segment) == ["south", "north"])
        #expect(agree(found.fall, 0.15, within: 1e-9))
        #expect(agree(found.share(of: found.parts[0]), 1, within: 1e-9))
        let fall = found.parts[0].fall
        #expect(agree(fall.value, 0.3, within: 1e-9) && (fall.low ?? 0) > 0.25 && (fall.high ?? 1) < 0.35)
        // Nothing got worse but the mix: the effects still add up, and none is of performance.
        let mixed = SegmentAttribution(
            metric: .accuracy,
            segments: [
                ("north", value(900, of: 1_000), value(450, of: 500)),
                ("south", value(500, of: 1_000), value(750, of: 1_500)),
            ])
        #expect(mixed.parts.allSatisfy { $0.performanceEffect.magnitude < 1e-12 })
        #expect(agree(mixed.parts.reduce(0) { $0 + $1.effect }, mixed.fall, within: 1e-9) && mixed.fall > 0.09)
        // A loss that rises is a fall too; a new segment is a change of the mix.
        let loss = SegmentAttribution(
            metric: .mae,
            segments: [
                ("old", MetricValue(value: 1, count: 10), MetricValue(value: 1, count: 10)),
                ("new", MetricValue(value: nil, count: 0), MetricValue(value: 3, count: 10)),
            ])
        #expect(agree(loss.fall, 1, within: 1e-12))
        #expect(agree(loss.parts.reduce(0) { $0 + $1.effect }, 1, within: 1e-12))
    }
}
