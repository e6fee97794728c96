import Foundation
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

    private struct Estimates: Decodable {
        struct Window: Decodable {
            var estimated: [String: Double]
            var realized: [String: Double]
        }
        var windows: [Window]
    }

    /// NannyML's estimates of the same rows (LightGBM's trees, ours XGBoost's): within 10 % of each other. MSE, which few
    /// large errors make, is further than 15 % from what these labels say, theirs too.
    @Test(arguments: [PerformanceMetric.mae, .mse, .rmse]) func estimatesAreThoseOfNannyML(
        _ metric: PerformanceMetric
    ) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/direct_loss")
        let table = try Table.read(path: folder.appendingPathComponent("rows.csv").path)
        let peers = try JSONDecoder().decode(
            Estimates.self, from: Data(contentsOf: folder.appendingPathComponent("estimates.json")))
        func numbers(_ name: String) throws -> [Double] {
            guard case .numeric(let numbers) = try #require(table[name]).values else { return [] }
            return numbers
        }
        let (x, said, happened, windows) =
            (try numbers("x"), try numbers("predicted"), try numbers("actual"), try numbers("window"))
        let groups = x.indices.map { table["group"]?.text(at: $0) }
        func features(_ rows: [Int]) -> MultivariateRows {
            MultivariateRows(columnValues: [
                (name: "x", values: .numeric(rows.map { x[$0] })),
                (name: "group", values: .categorical(rows.map { groups[$0] })),
            ])
        }
        let known = x.indices.filter { windows[$0] == 0 }
        let model = try DirectLossModel(
            metric: metric, rows: features(known), predicted: known.map { said[$0] }, actual: known.map { happened[$0] }
        )
        #expect(peers.windows.count == 3)
        for (number, peer) in peers.windows.enumerated() {
            let rows = x.indices.filter { windows[$0] == Double(number + 1) }
            let found = try model.estimate(rows: features(rows), predicted: rows.map { said[$0] }).value
            let value = try #require(found.value)
            let theirs = try #require(peer.estimated[metric.rawValue])
            let realized = try #require(peer.realized[metric.rawValue])
            #expect(found.count == 500 && abs(value - theirs) < 0.1 * theirs, "\(value), NannyML \(theirs)")
            #expect(abs(value - realized) < 0.15 * realized || metric == .mse, "\(value), realised \(realized)")
        }
    }

    /// Events without features: what was predicted tells the loss by itself.
    @Test func predictionsAloneAreEnough() throws {
        let (_, said, happened) = try rows(1_000, from: 0, seed: 4)
        let model = try DirectLossModel(
            metric: .mae, rows: MultivariateRows([]), predicted: said, actual: happened)
        let few = try #require(
            model.estimate(rows: MultivariateRows([]), predicted: Array(repeating: 0.3, count: 50)).value.value)
        let many = try #require(
            model.estimate(rows: MultivariateRows([]), predicted: Array(repeating: 2.7, count: 50)).value.value)
        #expect(many > 2 * few, "\(few), \(many)")
    }

    @Test func tooFewRowsAreSaid() throws {
        let (table, said, happened) = try rows(20, from: 0, seed: 3)
        #expect(throws: LearningError.self) {
            try DirectLossModel(metric: .mae, reference: table, predicted: said, actual: happened)
        }
    }
}
