import Statistics
import Testing

@testable import Learning

@Suite struct PermutationImportanceTests {
    /// scikit-learn's mean over 200 other shuffles, within four standard errors of both.
    @Test func meansAreThoseOfScikitLearn() throws {
        let table = try TreeFixtures.table().rows(300..<600)
        let expected = try ExpectedExplanations.load().permutation
        let found = try PermutationImportance.measure(
            TreeFixtures.binary(), on: table, metric: .rocAUC, repeats: 40, seed: 3)
        for (index, name) in TreeFixtures.features.enumerated() {
            let feature = try #require(found.features.first { $0.name == name })
            let error = expected.deviation[index] * (1 / 40.0 + 1 / 200.0).squareRoot()
            #expect(abs(feature.mean - expected.mean[index]) < 4 * error, "\(feature)")
            #expect(abs(feature.deviation / expected.deviation[index] - 1) < 0.4)
            #expect(feature.drops.count == 40)
        }
        #expect(found.features.map(\.name) == ["a", "d", "b", "c"])
        let evaluation = try Evaluation.evaluate(TreeFixtures.binary(), on: table)
        #expect(found.baseline == evaluation[.rocAUC])
    }

    @Test func lossesGrowWhenAFeatureIsShuffled() throws {
        let table = try TreeFixtures.table().rows(300..<600)
        let found = try PermutationImportance.measure(
            TreeFixtures.binary(), on: table, metric: .logLoss, features: ["a"], seed: 1)
        #expect(found.features.count == 1 && found.features[0].mean > 0.1)
        let again = try PermutationImportance.measure(
            TreeFixtures.binary(), on: table, metric: .logLoss, features: ["a"], seed: 1)
        #expect(again == found)
    }

    @Test func aScoreOfOnesOwn() throws {
        let model = SumModel(count: 3)
        let found = try PermutationImportance.measure(model, on: model.table(rows: 50)) { predictions in
            -predictions.values.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
        }
        #expect(found.features.count == 3)
    }

    @Test func whatCannotBeMeasuredIsRefused() throws {
        let (table, model) = (try TreeFixtures.table(), try TreeFixtures.binary())
        func code(_ metric: PerformanceMetric, _ table: Table, repeats: Int = 1) -> LearningError.Code? {
            learningError {
                _ = try PermutationImportance.measure(model, on: table, metric: metric, repeats: repeats)
            }?.code
        }
        #expect(code(.rmse, table) == .invalidParameter)
        #expect(code(.rocAUC, table, repeats: 0) == .invalidParameter)
        #expect(code(.rocAUC, table.dropping(["c"])) == .unknownColumn)
        #expect(code(.rocAUC, table.dropping(["two"])) == .unknownColumn)
        let target = try table.column(named: "two")
        let sameClass = (0..<table.rowCount).filter { target.text(at: $0) == "yes" }
        #expect(code(.rocAUC, table.rows(sameClass)) == .invalidInput)
    }
}
