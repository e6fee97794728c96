import Learning
import Statistics
import Testing
import TidewatchTestKit

@Suite struct DirectLossModelTests {
    /// Errors grow with x; the live window has more of the large ones.
    private func rows(_ count: Int, from low: Double, seed: UInt64) throws -> (Table, [Double], [Double]) {
        var stream = DriftStream(seed: seed)
        let x = (0..<count).map { _ in low + stream.uniform() * (1 - low) }
        let predicted = x.map { 3 * $0 }
        let actual = x.map { 3 * $0 + stream.normal(mean: 0, deviation: 0.2 + 2 * $0) }
        return (try Table(columns: [TableColumn(name: "x", numbers: x)]), predicted, actual)
    }

    @Test(arguments: [PerformanceMetric.mae, .rmse]) func theEstimateKnowsWhatTheLabelsWillSay(
        _ metric: PerformanceMetric
    ) throws {
        let (reference, said, happened) = try rows(2_000, from: 0, seed: 1)
        var parameters = BoostingParameters()
        parameters.rounds = 30
        let model = try DirectLossModel(
            metric: metric, reference: reference, predicted: said, actual: happened, parameters: parameters)
        let (live, predicted, actual) = try rows(1_000, from: 0.6, seed: 2)
        let estimate = try model.estimate(live, predicted: predicted)
        let before = try #require(RegressionSample(predicted: said, actual: happened).metric(metric).value)
        let realized = try #require(RegressionSample(predicted: predicted, actual: actual).metric(metric).value)
        let found = estimate.value
        let (low, value, high) = (try #require(found.low), try #require(found.value), try #require(found.high))
        #expect(found.count == 1_000 && low < realized && realized < high, "\(found), realised \(realized)")
        // Nearer to what happens now than what happened before is.
        #expect((value - realized).magnitude < (before - realized).magnitude / 2)
    }

    @Test func tooFewRowsAreSaid() throws {
        let (table, said, happened) = try rows(20, from: 0, seed: 3)
        #expect(throws: LearningError.self) {
            try DirectLossModel(metric: .mae, reference: table, predicted: said, actual: happened)
        }
    }
}
