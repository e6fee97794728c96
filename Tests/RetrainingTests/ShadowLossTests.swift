import Retraining
import Statistics
import Testing

/// The comparison in the metrics that are no share of right answers.
@Suite struct ShadowLossTests {
    /// A target in thousandths and one in hundreds of thousands: the same worse version is found out.
    @Test(arguments: [PerformanceMetric.rmse, .mae], [0.001, 0.1, 1, 100, 100_000])
    func aWorseRegressionIsFoundOutAtAnyScale(metric: PerformanceMetric, scale: Double) throws {
        let rows = ShadowRows(400, promotedDeviation: 3 * scale, predecessorDeviation: scale, seed: 2)
        var comparison = ShadowComparison(metric, margin: 0.5 * scale)
        let end = try rows.decide(&comparison, task: .regression)
        #expect(end.decision.isRollBack)
        #expect(end.rows == 200)
    }

    /// The same the other way round, and equal: nothing happens at any scale.
    @Test(arguments: [PerformanceMetric.rmse, .mae], [0.001, 0.1, 1, 100, 100_000])
    func aBetterRegressionStaysAtAnyScale(metric: PerformanceMetric, scale: Double) throws {
        for deviation in [1, 2] {
            let rows = ShadowRows(
                400, promotedDeviation: scale, predecessorDeviation: Double(deviation) * scale, seed: 2)
            var comparison = ShadowComparison(metric, margin: 0)
            #expect(try rows.decide(&comparison, task: .regression).decision == .proceed)
        }
    }

    @Test func theNumbersAreTheMetrics() throws {
        let rows = ShadowRows(200, promotedDeviation: 5, predecessorDeviation: 0, seed: 2)
        var comparison = ShadowComparison(.rmse)
        guard case .rollBack(let text) = try rows.decide(&comparison, task: .regression).decision else {
            Issue.record("it must go")
            return
        }
        #expect(text.hasPrefix("rmse 4.") || text.hasPrefix("rmse 5."))
        #expect(text.contains("against 0.0 "))
    }

    /// Both versions are as often right; the promoted one is surer when it is wrong.
    @Test(arguments: [PerformanceMetric.logLoss, .brier])
    func anOverconfidentVersionIsFoundOut(metric: PerformanceMetric) throws {
        let right = (0..<400).map { (promoted: $0 % 4 != 0, predecessor: $0 % 4 != 0) }
        var rows = ShadowRows(right: right, confidence: 0.999)
        rows.predecessor = rows.predecessor.map { $0 > 0.5 ? 0.75 : 0.25 }
        var comparison = ShadowComparison(metric, margin: 0.01)
        #expect(try rows.decide(&comparison).decision.isRollBack)
        var accuracy = ShadowComparison(.accuracy, margin: 0)
        #expect(try rows.decide(&accuracy).decision == .proceed)
    }

    /// One row that says "never" and is wrong: no reason to go.
    @Test func noSingleRowDecides() throws {
        let right = (0..<400).map { (promoted: $0 != 7, predecessor: true) }
        var comparison = ShadowComparison(.logLoss, margin: 0)
        let decision = try ShadowRows(right: right, confidence: 1).decide(&comparison).decision
        #expect(decision == .proceed)
    }

    /// A value whose error cannot even be squared: counted, without harm, and still no reason to go.
    @Test func noAbsurdValueDecides() throws {
        var factory = RowFactory(seed: 1)
        var rows = ShadowRows(399, promotedDeviation: 1, predecessorDeviation: 1, seed: 3)
        rows.rows.append(factory.row(body: "\"features\":{\"x\":1},\"value\":1e300", label: "", value: -1e300))
        rows.predecessor.append(0)
        var comparison = ShadowComparison(.rmse, margin: 0)
        #expect(try rows.decide(&comparison, task: .regression).decision == .proceed)
        rows.predecessor[399] = 1e300
        var both = ShadowComparison(.rmse, margin: 0)
        #expect(try rows.decide(&both, task: .regression).decision == .proceed)
    }
}
