import Foundation
import Retraining
import Statistics
import Testing
import TidewatchTestKit

@Suite struct ShadowComparisonTests {
    @Test func aClearlyWorseVersionGoesAtTheMinimumAndNotBefore() throws {
        let rows = ShadowRows(400, promoted: 0.6, predecessor: 0.9, seed: 5)
        var comparison = ShadowComparison()
        #expect(try rows.feed(0..<199, to: &comparison) == .proceed)
        let decision = try rows.feed(199..<200, to: &comparison)
        guard case .rollBack(let text) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(text.hasPrefix("accuracy 0.6"))
        #expect(text.contains("against 0.9") || text.contains("against 0.8"))
        #expect(text.hasSuffix("of its predecessor v1 on the same 200 rows"))
    }

    @Test func aBetterVersionIsKept() throws {
        var comparison = ShadowComparison(maximum: 400)
        let end = try ShadowRows(400, promoted: 0.9, predecessor: 0.6, seed: 5).decide(&comparison)
        #expect(end.decision.isKeep)
        #expect(end.rows == 400)
    }

    /// Looked at ten times each, without any margin to hide behind: at most one in a hundred equal versions may go.
    @Test(arguments: [0.6, 0.9]) func equalVersionsAreNotRolledBack(accuracy: Double) throws {
        var rolledBack = 0
        for seed in 0..<200 as Range<UInt64> {
            var comparison = ShadowComparison(margin: 0, minimum: 50)
            let rows = ShadowRows(500, promoted: accuracy, predecessor: accuracy, seed: seed)
            if try rows.decide(&comparison).decision.isRollBack { rolledBack += 1 }
        }
        #expect(rolledBack <= 2)
    }

    /// From 200 labels on: squared errors have heavier tails than right and wrong, and 50 of them are few.
    @Test func equalRegressionsAreNotRolledBack() throws {
        var rolledBack = 0
        for seed in 0..<400 as Range<UInt64> {
            var comparison = ShadowComparison(.rmse, margin: 0, minimum: 200)
            let rows = ShadowRows(500, promotedDeviation: 2, predecessorDeviation: 2, seed: seed)
            if try rows.decide(&comparison, task: .regression).decision.isRollBack { rolledBack += 1 }
        }
        #expect(rolledBack <= 4)
    }

    /// One in 33 is certainly worse, and is rolled back only where that is more than the margin.
    @Test(arguments: [(0.02, true), (0.029, true), (0.031, false), (0.1, false)])
    func theMarginIsRespected(margin: Double, isRolledBack: Bool) throws {
        let right = (0..<2_000).map { (promoted: $0 % 100 >= 10, predecessor: $0 % 100 >= 7) }
        var comparison = ShadowComparison(margin: margin, minimum: 2_000, maximum: 2_000)
        let decision = try ShadowRows(right: right).feed(0..<2_000, to: &comparison)
        #expect(decision.isRollBack == isRolledBack)
        #expect(decision.isKeep == !isRolledBack)
    }

    @Test func theObservationEnds() throws {
        let rows = ShadowRows(10, promoted: 0, predecessor: 1, seed: 1)
        var comparison = ShadowComparison()
        #expect(try rows.feed(0..<10, to: &comparison, now: RowFactory.start + 999) == .proceed)
        #expect(comparison.decide(nowMicroseconds: RowFactory.start + 1_000).isKeep)
        #expect(ShadowComparison().decide(nowMicroseconds: RowFactory.start + 1_000).isKeep)
        #expect(ShadowComparison().decide(nowMicroseconds: RowFactory.start) == .proceed)
    }

    /// At the end of the observation a worse version still goes, if there are enough labels.
    @Test func worseComesBeforeKept() throws {
        let rows = ShadowRows(200, promoted: 0.5, predecessor: 0.9, seed: 1)
        var comparison = ShadowComparison(maximum: 200)
        #expect(try rows.feed(0..<200, to: &comparison, now: RowFactory.start + 5_000).isRollBack)
    }

    @Test func aRestartChangesNothing() throws {
        for seed in 0..<20 as Range<UInt64> {
            let rows = ShadowRows(500, promoted: 0.78, predecessor: 0.9, seed: seed)
            var whole = ShadowComparison()
            var parts = ShadowComparison()
            for start in stride(from: 0, to: 500, by: 50) {
                let expected = try rows.feed(start..<start + 50, to: &whole)
                #expect(try rows.feed(start..<start + 50, to: &parts) == expected)
                parts = try JSONDecoder().decode(ShadowComparison.self, from: try JSONEncoder().encode(parts))
                #expect(parts == whole)
            }
        }
    }

    /// Sums that are far beyond what a JSON number of 53 bits holds.
    @Test func aRestartKeepsEveryBitOfLargeAndSmallSums() throws {
        var comparison = ShadowComparison(.rmse)
        for scale in [1e-5, 1, 1e5] {
            let rows = ShadowRows(50, promotedDeviation: scale, predecessorDeviation: scale, seed: 1)
            _ = try rows.feed(0..<50, to: &comparison, task: .regression)
        }
        let restored = try JSONDecoder().decode(ShadowComparison.self, from: try JSONEncoder().encode(comparison))
        #expect(restored == comparison)
    }

    @Test func theOrderOfRowsDoesNotMatter() throws {
        var rows = ShadowRows(300, promotedDeviation: 3, predecessorDeviation: 2, seed: 4)
        var sorted = ShadowComparison(.rmse)
        _ = try rows.feed(0..<300, to: &sorted, task: .regression)
        var generator = SeededGenerator(seed: 9)
        let order = (0..<300).shuffled(using: &generator)
        rows.rows = order.map { [given = rows.rows] in given[$0] }
        rows.predecessor = order.map { [given = rows.predecessor] in given[$0] }
        var shuffled = ShadowComparison(.rmse)
        for start in stride(from: 0, to: 300, by: 6) {
            _ = try rows.feed(start..<start + 6, to: &shuffled, task: .regression)
        }
        #expect(shuffled == sorted)
    }

    @Test func rowsWithoutPredictionDoNotCount() throws {
        var rows = ShadowRows(100, promoted: 0, predecessor: 1, seed: 1)
        for index in 0..<60 { rows.predecessor[index] = .nan }
        var comparison = ShadowComparison(minimum: 41)
        #expect(try rows.feed(0..<100, to: &comparison) == .proceed)
        var enough = ShadowComparison(minimum: 40)
        #expect(try rows.feed(0..<100, to: &enough).isRollBack)
    }

    /// The predecessor is asked about the rows given, once; none are asked about none.
    @Test func theScorerIsAskedForThePredecessor() throws {
        struct Failure: Error {}
        var comparison = ShadowComparison()
        try comparison.add([], task: .regression) { _, _, _ in throw Failure() }
        let rows = ShadowRows(3, promoted: 1, predecessor: 1, seed: 1)
        #expect(throws: Failure.self) {
            try comparison.add(rows.rows, task: RunFixture.binary) { model, version, asked in
                #expect(model == "fraud")
                #expect(version == "1")
                #expect(asked == rows.rows)
                throw Failure()
            }
        }
        #expect(comparison == ShadowComparison())
    }
}
