import Foundation
import Statistics
import Synchronization
import Testing
import TidewatchTestKit

@testable import Learning

@Suite struct TreeGrowthTests {
    private func parameters(_ name: String) -> BoostingParameters {
        var parameters = BoostingParameters(rounds: 10, learningRate: 0.3, maximumDepth: 3, seed: 3)
        switch name {
        case "leaf_wise":
            parameters.kind = .leafWise
            (parameters.rounds, parameters.learningRate) = (30, 0.2)
            (parameters.maximumDepth, parameters.maximumLeaves) = (0, 9)
            (parameters.alpha, parameters.gamma, parameters.subsample) = (0.1, 0.05, 0.8)
        case "dart":
            parameters.kind = .dart
            parameters.rounds = 25
            (parameters.dropRate, parameters.dropSkip, parameters.dropsAtLeastOne) = (0.2, 0.3, true)
        case "random_forest": parameters = .randomForest(trees: 40, maximumDepth: 7, seed: 3)
        case "columns":
            parameters.maximumDepth = 4
            parameters.columnSample = 0.9
            (parameters.columnSampleByLevel, parameters.columnSampleByNode) = (0.7, 0.6)
        case "monotone":
            (parameters.rounds, parameters.maximumDepth) = (20, 4)
            parameters.monotone = ["a": .increasing, "c": .decreasing]
        default: break
        }
        return parameters
    }

    private func problem(_ name: String) -> LearningProblem {
        switch name {
        case "columns": LearningProblem(task: TreeFixtures.three, target: "three", features: TreeFixtures.features)
        case "leaf_wise", "monotone":
            LearningProblem(task: .regression, target: "y", features: TreeFixtures.features)
        default:
            LearningProblem(
                task: TreeFixtures.two, target: "two", features: TreeFixtures.features,
                weight: name == "weights" ? "weight" : nil)
        }
    }

    private func rows() throws -> Table {
        let table = try TreeFixtures.table()
        let weight = (0..<table.rowCount).map { 1 + (table["c"]?.number(at: $0) ?? 0) / 2 }
        return try Table(columns: table.columns + [TableColumn(name: "weight", numbers: weight)])
    }

    /// The same rows, parameters and seed in Python's xgboost.
    @Test(arguments: ["leaf_wise", "dart", "random_forest", "columns", "weights", "monotone"])
    func predictsAsPython(_ name: String) throws {
        let expected = try #require(try TreeFixtures.values("growth", as: [String: [Double]].self)[name])
        let table = try rows()
        let model = try BoostedTreeLearner(parameters: parameters(name)).train(table, problem: problem(name))
        let found = try model.predict(table.rows(0..<60)).outputs
        #expect(TreeFixtures.distance(found, expected) < 1e-6)
        #expect(try BoostedTreeModel(serialized: model.serialized()).parameters == parameters(name))
        #expect(model.rounds == (name == "random_forest" ? 1 : parameters(name).rounds))
    }

    @Test func monotoneConstraintsHoldOnAGrid() throws {
        let table = try rows()
        let model = try BoostedTreeLearner(parameters: parameters("monotone")).train(
            table, problem: problem("monotone"))
        let free = try BoostedTreeLearner(parameters: parameters("free")).train(table, problem: problem("monotone"))
        var violations = 0
        for feature in ["a", "c"] {
            let steps = (0..<60).map { -3 + Double($0) / 6 }
            for row in 0..<40 {
                let moved = table.rows(Array(repeating: row, count: steps.count))
                let place = try #require(table.columnNames.firstIndex(of: feature))
                let line = moved.replacing(TableColumn(name: feature, numbers: steps), at: place)
                let values = try model.predict(line).values
                for (before, after) in zip(values, values.dropFirst()) {
                    #expect(feature == "a" ? after >= before : after <= before)
                }
                let others = try free.predict(line).values
                violations += zip(others, others.dropFirst()).count { feature == "a" ? $1 < $0 : $1 > $0 }
            }
        }
        #expect(violations > 20)
    }

    @Test func constraintsOnWhatHasNoOrderAreRefused() throws {
        let table = try rows()
        var wrong = parameters("free")
        wrong.monotone = ["d": .increasing]
        #expect(
            learningError { _ = try BoostedTreeLearner(parameters: wrong).train(table, problem: problem("monotone")) }?
                .code == .invalidParameter)
        wrong.monotone = ["absent": .increasing]
        #expect(
            learningError { _ = try BoostedTreeLearner(parameters: wrong).train(table, problem: problem("monotone")) }?
                .code == .unknownColumn)
    }

    @Test func earlyStoppingWatchesTheMetricItIsGiven() throws {
        let table = try rows()
        for (target, metric) in [
            ("weights", PerformanceMetric.rocAUC), ("weights", .averagePrecision), ("weights", .accuracy),
            ("weights", .brier), ("columns", .accuracy), ("columns", .logLoss), ("monotone", .mae), ("monotone", .mape),
        ] {
            var settings = BoostingParameters(rounds: 150, learningRate: 0.3, maximumDepth: 5)
            (settings.earlyStoppingRounds, settings.earlyStoppingMetric) = (5, metric)
            let model = try BoostedTreeLearner(parameters: settings).train(
                table.rows(0..<400), problem: problem(target), validation: table.rows(400..<600))
            #expect(model.rounds < 100, "\(metric)")
        }
        var settings = BoostingParameters(rounds: 10)
        (settings.earlyStoppingRounds, settings.earlyStoppingMetric) = (5, .r2)
        let error = learningError {
            _ = try BoostedTreeLearner(parameters: settings).train(
                table, problem: problem("monotone"), validation: table)
        }
        #expect(error?.code == .invalidParameter)
    }

    /// Later rounds rescale DART's earlier trees, so that the best round cannot be cut out of a longer training.
    @Test func dartStopsAtTheModelOfItsBestRound() throws {
        let table = try rows()
        var settings = parameters("dart")
        (settings.rounds, settings.earlyStoppingRounds) = (100, 5)
        let model = try BoostedTreeLearner(parameters: settings).train(
            table.rows(0..<400), problem: problem("dart"), validation: table.rows(400..<600))
        #expect(model.rounds < 95)
        (settings.rounds, settings.earlyStoppingRounds) = (model.rounds, nil)
        let same = try BoostedTreeLearner(parameters: settings).train(table.rows(0..<400), problem: problem("dart"))
        #expect(model.boosterUBJ() == same.boosterUBJ())
    }

    @Test func aCancelledTrainingEndsBetweenRounds() throws {
        let table = try rows()
        let told = Mutex(0)
        let control = TrainingControl(
            isCancelled: { told.withLock { $0 } >= 3 }, progress: { _, _ in told.withLock { $0 += 1 } })
        let learner: any Learner = BoostedTreeLearner(parameters: small(50))
        let error = learningError {
            _ = try learner.fit(table, problem: problem("dart"), validation: nil, control: control)
        }
        #expect(error?.code == .cancelled)
        #expect(told.withLock { $0 } == 3)
    }

    @Test func threeRowsWithInfinitiesAreEnoughForEveryKind() throws {
        let table = try Table(columns: [
            TableColumn(name: "wild", numbers: [.infinity, -.infinity, 1e300]),
            TableColumn(name: "empty", numbers: [.nan, .nan, .nan]),
            TableColumn(name: "text", texts: ["x", nil, "y"]), TableColumn(name: "two", texts: ["yes", "no", "no"]),
            TableColumn(name: "y", numbers: [1, -1, 1e30]),
        ])
        for kind in BoostingParameters.Kind.allCases {
            var parameters = kind == .randomForest ? BoostingParameters.randomForest(trees: 5) : small(5)
            parameters.kind = kind
            for problem in [
                LearningProblem(task: yes, target: "two", classWeights: .balanced),
                LearningProblem(task: .regression, target: "y", features: ["wild", "empty", "text"]),
            ] {
                let model = try BoostedTreeLearner(parameters: parameters).train(table, problem: problem)
                #expect(try model.predict(table).outputs.allSatisfy(\.isFinite))
                #expect(try model.contributions(table).values.allSatisfy(\.isFinite))
            }
        }
        var quantile = small(5)
        quantile.quantile = 0.9
        let model = try BoostedTreeLearner(parameters: quantile).fit(
            table, target: "y", features: ["wild", "text"], task: .regression)
        #expect(try model.predict(table).values.allSatisfy(\.isFinite))
    }

    @Test func manyColumnsAreNoProblem() throws {
        var generator = SeededGenerator(seed: 1)
        let label = (0..<40).map { _ in Bool.random(using: &generator) }
        let columns = (0..<50_000).map { index in
            TableColumn(name: "column \(index)", numbers: label.map { index == 777 && $0 ? 1 : 0 })
        }
        let table = try Table(columns: [TableColumn(name: "t", booleans: label)] + columns)
        let model = try BoostedTreeLearner(parameters: small(2)).train(
            table, problem: LearningProblem(task: .binary(positive: "true"), target: "t"))
        // In another order too, each column is found at once.
        let turned = try Table(columns: table.columns.reversed())
        #expect(try model.predict(turned).probabilities == model.predict(table).probabilities)
        #expect(try model.featureImportance().first?.name == "column 777")
    }
}
