import Learning
import Statistics
import Synchronization
import Testing
import TidewatchTestKit

@Suite struct PerceptronLearnerTests {
    private func quick(epochs: Int = 12) -> PerceptronParameters {
        var parameters = PerceptronParameters()
        parameters.hidden = [16, 8]
        parameters.epochs = epochs
        parameters.batchSize = 32
        parameters.learningRate = 0.02
        parameters.dropout = 0
        return parameters
    }

    private let problem = LearningProblem(task: yes, target: "label")

    private func fit(
        _ table: Table, _ parameters: PerceptronParameters, validation: Table? = nil,
        checkpoints: PerceptronCheckpoints? = nil
    ) throws -> PerceptronModel {
        try PerceptronLearner(parameters: parameters).fitPerceptron(
            table, problem: problem, validation: validation, checkpoints: checkpoints)
    }

    @Test func learnsWhatNoLineTells() throws {
        let model = try fit(exclusiveOr(rows: 600, seed: 1), quick(epochs: 25))
        let fresh = try exclusiveOr(rows: 300, seed: 2)
        let labels = try #require(fresh["label"])
        let right = zip(model.predict(fresh).labels(), 0..<300).count { $0 == labels.text(at: $1) }
        #expect(right > 275)
        #expect(model.validationRows == 60 && model.rows == 540)
        #expect(model.losses[model.bestEpoch - 1].validation == model.losses.compactMap(\.validation).min())
    }

    @Test func learnsCategoriesAndARegressionFarFromZero() throws {
        var generator = SeededGenerator(seed: 3)
        let letters = (0..<400).map { _ in ["a", "b", "c", "d"].randomElement(using: &generator) ?? "a" }
        let x = (0..<400).map { _ in Double.random(in: 0...1, using: &generator) }
        let height = ["a": 0.0, "b": 30, "c": -20, "d": 5]
        let y = zip(letters, x).map { 10_000 + (height[$0] ?? 0) + 10 * $1 }
        let table = try Table(columns: [
            TableColumn(name: "letter", texts: letters), TableColumn(name: "x", numbers: x),
            TableColumn(name: "y", numbers: y),
        ])
        let model = try PerceptronLearner(parameters: quick(epochs: 40)).fitPerceptron(
            table, problem: LearningProblem(task: .regression, target: "y"))
        let values = model.predict(table).values
        let error = zip(values, y).reduce(0) { $0 + abs($1.0 - $1.1) } / 400
        #expect(error < 4)
        // An unseen category and a missing one are the same, and a defined prediction.
        let odd = try Table(columns: [
            TableColumn(name: "letter", texts: ["z", nil]), TableColumn(name: "x", numbers: [0.5, 0.5]),
        ])
        let found = model.predict(odd)
        #expect(found.values[0] == found.values[1] && found.values[0].isFinite)
        #expect(found.alignment.unseenCategories == 1)
    }

    @Test func severalClasses() throws {
        var generator = SeededGenerator(seed: 5)
        let x = (0..<300).map { _ in Double.random(in: 0...3, using: &generator) }
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: x), TableColumn(name: "label", texts: x.map { ["p", "q", "r"][Int($0)] }),
        ])
        let task = ModelTask.multiclass(classes: ["p", "q", "r"])
        let model = try PerceptronLearner(parameters: quick()).fitPerceptron(
            table, problem: LearningProblem(task: task, target: "label"))
        let predictions = model.predict(table)
        for row in 0..<300 {
            #expect(abs(predictions.probabilities[(3 * row)..<(3 * row + 3)].reduce(0, +) - 1) < 1e-9)
        }
        let labels = predictions.labels()
        #expect(x.indices.count { labels[$0] == ["p", "q", "r"][Int(x[$0])] } > 270)
    }

    @Test func sameSeedSameBytes() throws {
        let table = try exclusiveOr(rows: 200, seed: 6)
        var parameters = quick(epochs: 3)
        parameters.dropout = 0.2
        let bytes = try fit(table, parameters).serialized()
        #expect(try fit(table, parameters).serialized() == bytes)
        parameters.seed = 1
        #expect(try fit(table, parameters).serialized() != bytes)
    }

    @Test func aResumedTrainingEndsWithTheSameBytes() throws {
        let table = try exclusiveOr(rows: 200, seed: 7)
        var parameters = quick(epochs: 6)
        parameters.dropout = 0.2
        parameters.patience = 3
        let saved = Mutex<[[UInt8]]>([])
        let whole = try fit(
            table, parameters,
            checkpoints: PerceptronCheckpoints(save: { checkpoint throws(LearningError) in
                let bytes = try checkpoint.serialized()
                saved.withLock { $0.append(bytes) }
            }))
        let checkpoints = saved.withLock { $0 }
        #expect(checkpoints.count == whole.losses.count)
        for bytes in checkpoints {
            let start = try PerceptronCheckpoint(serialized: bytes)
            let resumed = try fit(table, parameters, checkpoints: PerceptronCheckpoints(start: start))
            #expect(try resumed.serialized() == whole.serialized(), "from epoch \(start.epoch)")
        }
        // Of another training it is refused: other rows, other parameters.
        let start = try PerceptronCheckpoint(serialized: checkpoints[0])
        let checkpoint = PerceptronCheckpoints(start: start)
        let other = try exclusiveOr(rows: 200, seed: 8)
        #expect(learningError { _ = try fit(other, parameters, checkpoints: checkpoint) }?.code == .invalidParameter)
        parameters.learningRate = 0.001
        #expect(learningError { _ = try fit(table, parameters, checkpoints: checkpoint) }?.code == .invalidParameter)
        var damaged = checkpoints[0]
        damaged[damaged.count / 2] ^= 1
        #expect(learningError { _ = try PerceptronCheckpoint(serialized: damaged) }?.code == .corruptModel)
    }

    @Test func stopsEarlyWithTheBestWeights() throws {
        // Labels by chance: nothing to learn, so that the validation loss soon grows.
        var generator = SeededGenerator(seed: 9)
        let x = (0..<200).map { _ in Double.random(in: 0...1, using: &generator) }
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: x),
            TableColumn(name: "label", texts: x.map { _ in Bool.random(using: &generator) ? "yes" : "no" }),
        ])
        var parameters = quick(epochs: 40)
        parameters.patience = 2
        let (training, validation) = (table.rows(0..<120), table.rows(120..<200))
        let model = try fit(training, parameters, validation: validation)
        #expect(model.losses.count == model.bestEpoch + 2 && model.losses.count < 40)
        #expect(model.validationRows == 80)
        // The same weights as a training that ends there.
        parameters.epochs = model.bestEpoch
        #expect(try fit(training, parameters, validation: validation).predict(table) == model.predict(table))
    }

    @Test func weightsCount() throws {
        // The label is "yes" above 0 in rows of weight 1, and the contrary in rows of weight 0.
        let x = (0..<200).map { Double($0 % 40) - 19.5 }
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: x),
            TableColumn(name: "label", texts: x.indices.map { (x[$0] > 0) == ($0 % 3 == 0) ? "yes" : "no" }),
            TableColumn(name: "w", numbers: x.indices.map { $0 % 3 == 0 ? 1 : 0 }),
        ])
        var weighted = problem
        weighted.weight = "w"
        let model = try PerceptronLearner(parameters: quick()).fitPerceptron(table, problem: weighted)
        let labels = model.predict(table).labels()
        #expect(x.indices.count { labels[$0] == (x[$0] > 0 ? "yes" : "no") } > 180)
        var heavy = problem
        heavy.features = ["x"]
        heavy.classWeights = .given(["yes": 50])
        let leaning = try PerceptronLearner(parameters: quick()).fitPerceptron(table, problem: heavy)
        #expect(leaning.predict(table).labels().count { $0 == "yes" } > 190)
    }

    @Test func heldOutRowsAreTheNewestOrWholeGroups() throws {
        let plain = try exclusiveOr(rows: 100, seed: 10)
        let table = try Table(
            columns: plain.columns + [
                TableColumn(name: "when", numbers: (0..<100).map { Double(($0 * 37) % 100) }),
                TableColumn(name: "who", texts: (0..<100).map { "p\($0 / 25)" }),
            ])
        var timed = problem
        timed.time = "when"
        timed.group = nil
        timed.features = ["a", "b"]
        let model = try PerceptronLearner(parameters: quick(epochs: 1)).fitPerceptron(table, problem: timed)
        #expect(model.validationRows == 10)
        timed.time = nil
        timed.group = "who"
        #expect(
            try PerceptronLearner(parameters: quick(epochs: 1)).fitPerceptron(table, problem: timed).validationRows
                == 25)
    }
}
