import Foundation
import Statistics
import Testing

@testable import Learning

@Suite struct QuantileGrowthTests {
    private func learner(_ quantile: Double, rounds: Int = 100) -> BoostedTreeLearner {
        var parameters = BoostingParameters(rounds: rounds, learningRate: 0.1, maximumDepth: 3)
        parameters.quantile = quantile
        return BoostedTreeLearner(parameters: parameters)
    }

    private func fit(_ learner: BoostedTreeLearner, _ table: Table) throws -> BoostedTreeModel {
        try learner.fit(table, target: "y", features: TreeFixtures.features, task: .regression)
    }

    private func pinball(_ model: BoostedTreeModel, _ table: Table, _ quantile: Double) throws -> Double {
        let column = try table.column(named: "y")
        return WeightedQuantile.pinball(
            outcomes: (0..<table.rowCount).map { Float(column.number(at: $0)) },
            forecasts: try model.predict(table).values.map { Float($0) }, weights: nil, quantile: quantile)
    }

    /// No worse than the better of scikit-learn's two quantile learners by more than a twentieth, on held-out rows.
    @Test(arguments: [0.1, 0.5, 0.9]) func lossesAreThoseOfPeers(_ quantile: Double) throws {
        let peers = try #require(try TreeFixtures.values("quantile", as: [String: [Double]].self)["\(quantile)"])
        let table = try TreeFixtures.table()
        let model = try fit(learner(quantile), table.rows(0..<400))
        let loss = try pinball(model, table.rows(400..<600), quantile)
        #expect(loss < 1.05 * (peers.min() ?? 0), "\(loss), \(peers)")
    }

    @Test func theShareBelowIsTheQuantile() throws {
        let table = try TreeFixtures.table()
        let column = try table.column(named: "y")
        for quantile in [0.05, 0.25, 0.8] {
            let values = try fit(learner(quantile, rounds: 30), table).predict(table).values
            let below = values.indices.count { column.number(at: $0) <= values[$0] }
            #expect(abs(Double(below) / 600 - quantile) < 0.04, "\(quantile): \(below)")
        }
    }

    /// Of one leaf, the model is the quantile itself; of one split, the quantile of each side.
    @Test func aLeafIsAQuantileOfItsRows() throws {
        let y = (0..<100).map { Double($0 < 50 ? $0 : 1_000 + 2 * $0) }
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: (0..<100).map { $0 < 50 ? 0 : 1 }), TableColumn(name: "y", numbers: y),
        ])
        var parameters = BoostingParameters(rounds: 1, learningRate: 1, maximumDepth: 1)
        parameters.quantile = 0.8
        let values = try BoostedTreeLearner(parameters: parameters).fit(table, target: "y", task: .regression)
            .predict(table).values
        #expect(values[0] == 39)
        #expect(values[99] == 1_000 + 2 * 89)
    }

    @Test func weightsMoveTheQuantile() throws {
        #expect(WeightedQuantile.value(of: [1, 2, 3, 4], weights: nil, quantile: 0.5) == 2)
        #expect(WeightedQuantile.value(of: [4, 1, 3, 2], weights: [1, 1, 1, 1], quantile: 0.5) == 2)
        #expect(WeightedQuantile.value(of: [4, 1, 3, 2], weights: [5, 1, 1, 1], quantile: 0.5) == 4)
        #expect(WeightedQuantile.value(of: [4, 1], weights: [0, 1], quantile: 1) == 1)
        #expect(
            abs(WeightedQuantile.pinball(outcomes: [1, 3], forecasts: [2, 2], weights: nil, quantile: 0.9) - 0.5)
                < 1e-12)
    }

    @Test func savedModelsPredictTheSameAndStopEarly() throws {
        let table = try TreeFixtures.table()
        var parameters = BoostingParameters(rounds: 300, learningRate: 0.3, maximumDepth: 6, earlyStoppingRounds: 5)
        (parameters.quantile, parameters.kind) = (0.9, .leafWise)
        let model = try BoostedTreeLearner(parameters: parameters).fit(
            table.rows(0..<400), target: "y", features: TreeFixtures.features, task: .regression,
            validation: table.rows(400..<600))
        #expect(model.rounds < 100)
        let reloaded = try BoostedTreeModel(serialized: model.serialized())
        #expect(try reloaded.predict(table) == model.predict(table))
        (parameters.rounds, parameters.earlyStoppingRounds) = (model.rounds, nil)
        let same = try fit(BoostedTreeLearner(parameters: parameters), table.rows(0..<400))
        #expect(try same.predict(table) == model.predict(table))
    }

    @Test func whatAQuantileCannotBeIsRefused() throws {
        let table = try TreeFixtures.table()
        var parameters = small(2)
        parameters.quantile = 1
        #expect(learningError { try parameters.validate() }?.code == .invalidParameter)
        parameters.quantile = 0.5
        parameters.kind = .dart
        #expect(learningError { try parameters.validate() }?.code == .invalidParameter)
        parameters.kind = .depthWise
        let error = learningError {
            _ = try BoostedTreeLearner(parameters: parameters).fit(table, target: "two", task: TreeFixtures.two)
        }
        #expect(error?.code == .invalidParameter)
    }
}
