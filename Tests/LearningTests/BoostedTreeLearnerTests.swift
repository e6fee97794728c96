import Learning
import Statistics
import Testing
import TidewatchTestKit

@Suite struct BoostedTreeLearnerTests {
    @Test func learnsExclusiveOr() throws {
        let model = try BoostedTreeLearner(parameters: small()).fit(
            exclusiveOr(rows: 2_000, seed: 1), target: "label", task: yes)
        let fresh = try exclusiveOr(rows: 1_000, seed: 2)
        let evaluation = try Evaluation.evaluate(model, on: fresh, target: "label")
        #expect((evaluation.metrics["accuracy"] ?? 0) > 0.95)
        #expect(model.negativeLabel == "no")
        #expect(model.schema.names == ["a", "b"])
        let labels = try model.predict(fresh).labels()
        #expect(Set(labels) == ["yes", "no"])
    }

    @Test func learnsThreeClasses() throws {
        let table = try sectors(rows: 3_000, seed: 3)
        let task = ModelTask.multiclass(classes: ["low", "middle", "high"])
        let model = try BoostedTreeLearner(parameters: small()).fit(table, target: "sector", task: task)
        let fresh = try sectors(rows: 1_000, seed: 4)
        let evaluation = try Evaluation.evaluate(model, on: fresh, target: "sector")
        #expect((evaluation.metrics["accuracy"] ?? 0) > 0.95)
        #expect((evaluation.metrics["f1"] ?? 0) > 0.95)
        let predictions = try model.predict(fresh)
        #expect(predictions.probabilities.count == 3_000)
        for row in 0..<1_000 {
            let sum = predictions.probabilities[(3 * row)..<(3 * row + 3)].reduce(0, +)
            #expect(abs(sum - 1) < 1e-5)
        }
    }

    @Test func learnsALinearTargetFarFromZero() throws {
        var generator = SeededGenerator(seed: 5)
        let x = (0..<3_000).map { _ in Double.random(in: 0...1, using: &generator) }
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: x), TableColumn(name: "y", numbers: x.map { 1_000 + 3 * $0 }),
        ])
        let model = try BoostedTreeLearner(parameters: small()).fit(table, target: "y", task: .regression)
        let evaluation = try Evaluation.evaluate(model, on: table, target: "y")
        #expect((evaluation.metrics["r2"] ?? 0) > 0.99)
        #expect((evaluation.metrics["mae"] ?? 9) < 0.1)
    }

    @Test func missingCellsAreASignal() throws {
        // The label is told only by whether the number is there.
        var generator = SeededGenerator(seed: 6)
        let x = (0..<1_000).map { $0 % 3 == 0 ? Double.nan : Double.random(in: 0...1, using: &generator) }
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: x),
            TableColumn(name: "label", texts: x.map { $0.isNaN ? "yes" : "no" }),
        ])
        let model = try BoostedTreeLearner(parameters: small(10)).fit(table, target: "label", task: yes)
        #expect(try Evaluation.evaluate(model, on: table, target: "label").metrics["accuracy"] == 1)
    }

    @Test func categoriesAreSplitAsSets() throws {
        // Whether a letter is a vowel: as numbers in any order, one split could not tell; as a set it can.
        let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
        var generator = SeededGenerator(seed: 7)
        let drawn = (0..<3_000).map { _ in letters.randomElement(using: &generator) ?? "a" }
        let table = try Table(columns: [
            TableColumn(name: "letter", texts: drawn),
            TableColumn(name: "label", texts: drawn.map { "aeiou".contains($0) ? "yes" : "no" }),
        ])
        let model = try BoostedTreeLearner(parameters: small(1, depth: 1)).fit(table, target: "label", task: yes)
        let scores = try model.predict(table).probabilities
        let evaluation = try Evaluation.evaluate(model, on: table, target: "label")
        #expect(Set(scores).count == 2)
        #expect(evaluation.metrics["roc_auc"] == 1)
    }

    @Test func sameSeedSameBytes() throws {
        let table = try exclusiveOr(rows: 1_000, seed: 8)
        var parameters = small()
        parameters.subsample = 0.7
        parameters.columnSample = 0.5
        parameters.seed = 42
        let first = try BoostedTreeLearner(parameters: parameters).fit(table, target: "label", task: yes)
        let second = try BoostedTreeLearner(parameters: parameters).fit(table, target: "label", task: yes)
        #expect(try first.serialized() == second.serialized())
        parameters.seed = 43
        let other = try BoostedTreeLearner(parameters: parameters).fit(table, target: "label", task: yes)
        #expect(other.boosterUBJ() != first.boosterUBJ())
    }

    @Test func sameBytesOnEveryThread() async throws {
        let table = try exclusiveOr(rows: 1_000, seed: 8)
        var parameters = small()
        parameters.subsample = 0.7
        let learner = BoostedTreeLearner(parameters: parameters)
        let bytes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<4 {
                group.addTask { try learner.fit(table, target: "label", task: yes).serialized() }
            }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(bytes.count == 1)
    }

    @Test func stopsEarlyAndKeepsTheBestRound() throws {
        // Labels by chance: nothing to learn, so that the validation loss soon grows.
        var generator = SeededGenerator(seed: 9)
        let x = (0..<2_000).map { _ in Double.random(in: 0...1, using: &generator) }
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: x),
            TableColumn(name: "label", texts: x.map { _ in Bool.random(using: &generator) ? "yes" : "no" }),
        ])
        var parameters = small(200)
        parameters.earlyStoppingRounds = 5
        let learner = BoostedTreeLearner(parameters: parameters)
        let model = try learner.fit(
            table.rows(0..<1_000), target: "label", task: yes, validation: table.rows(1_000..<2_000))
        #expect(model.rounds < 30)
        #expect(try BoostedTreeModel(serialized: model.serialized()).rounds == model.rounds)
        // A model of exactly so many rounds predicts the same.
        let same = try BoostedTreeLearner(parameters: small(model.rounds)).fit(
            table.rows(0..<1_000), target: "label", task: yes)
        #expect(try same.predict(table).probabilities == model.predict(table).probabilities)
        #expect(
            learningError { _ = try learner.fit(table, target: "label", task: yes) }?.code == .invalidParameter)
    }

    @Test func importanceNamesTheUsefulFeature() throws {
        var generator = SeededGenerator(seed: 10)
        let useful = (0..<1_000).map { _ in Double.random(in: 0...1, using: &generator) }
        let table = try Table(columns: [
            TableColumn(name: "noise [<]", numbers: useful.map { _ in Double.random(in: 0...1, using: &generator) }),
            TableColumn(name: "useful, \"really\"", numbers: useful),
            TableColumn(name: "constant", numbers: useful.map { _ in 1 }),
            TableColumn(name: "y", numbers: useful),
        ])
        let model = try BoostedTreeLearner(parameters: small(10)).fit(table, target: "y", task: .regression)
        let importance = try model.featureImportance()
        #expect(importance.first?.name == "useful, \"really\"")
        #expect(importance.map(\.name).sorted() == ["constant", "noise [<]", "useful, \"really\""])
        #expect(importance.first { $0.name == "constant" }?.splits == 0)
        #expect(importance.map(\.gain).allSatisfy { $0 >= 0 })
    }

    private func sectors(rows: Int, seed: UInt64) throws -> Table {
        var generator = SeededGenerator(seed: seed)
        let x = (0..<rows).map { _ in Double.random(in: 0...3, using: &generator) }
        return try Table(columns: [
            TableColumn(name: "x", numbers: x),
            TableColumn(name: "sector", texts: x.map { ["low", "middle", "high"][min(Int($0), 2)] }),
        ])
    }
}
