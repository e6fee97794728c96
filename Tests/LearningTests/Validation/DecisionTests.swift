import Foundation
import Learning
import Statistics
import Testing
import TidewatchTestKit

/// What is made of scores: probabilities, decisions, lists of the best.
@Suite struct DecisionTests {
    @Test func isotonicCalibrationIsThatOfScikitLearn() throws {
        let data = try SearchFixture.load().isotonic
        let said = Predictions(scores: data.scores, positive: "1")
        let model = try CalibratedModel(
            Answer(numbers: data.points), outOfFold: said,
            labels: TableColumn(name: "y", numbers: data.labels.map { $0 ? 1 : 0 }), method: .isotonic)
        let found = try model.predict(Table(columns: [TableColumn(name: "x", numbers: data.points)])).probabilities
        for (one, two) in zip(found, data.expected) { #expect(abs(one - two) < 1e-12) }
    }

    @Test func severalClassesAreCalibratedAndSumToOne() throws {
        var generator = SeededGenerator(seed: 1)
        let classes = ["a", "b", "c"]
        var labels: [String?] = []
        var numbers: [Double] = []
        for _ in 0..<600 {
            let own = Int.random(in: 0..<3, using: &generator)
            labels.append(classes[own])
            // Right in three of five rows, and always sure.
            let said =
                Double.random(in: 0..<1, using: &generator) < 0.6 ? own : Int.random(in: 0..<3, using: &generator)
            numbers += (0..<3).map { $0 == said ? 0.98 : 0.01 }
        }
        let task = ModelTask.multiclass(classes: classes)
        let said = Predictions(task: task, rowCount: 600, probabilities: numbers, values: [])
        let column = TableColumn(name: "y", texts: labels)
        let model = try CalibratedModel(
            Answer(task: task, numbers: [0.98, 0.01, 0.01]), outOfFold: said, labels: column, method: .platt)
        let found = try model.predict(Table(columns: [TableColumn(name: "x", numbers: [0])])).probabilities
        #expect(abs(found.reduce(0, +) - 1) < 1e-12)
        #expect(abs(found[0] - 0.73) < 0.08)
        let error = learningError {
            _ = try CalibratedModel(
                Answer(task: .regression, numbers: [1]),
                outOfFold: Predictions(
                    task: .regression, rowCount: 1, probabilities: [], values: [1]),
                labels: TableColumn(name: "y", numbers: [1]))
        }
        #expect(error?.code == .invalidParameter)
    }

    @Test func thresholdIsTheBestOfAll() throws {
        var generator = SeededGenerator(seed: 7)
        let scores = (0..<300).map { _ in (Double.random(in: 0..<1, using: &generator) * 50).rounded() / 50 }
        let labels = scores.map { Double.random(in: 0..<1, using: &generator) < $0 }
        let costs = try #require(CostMatrix(trueNegative: 0, falsePositive: -1, falseNegative: -4, truePositive: 2))
        let found = try #require(ThresholdTuning(scores: scores, labels: labels, costs: costs))
        let tried = Set(scores).map { threshold in
            zip(scores, labels).reduce(0.0) { sum, row in
                sum + (row.0 >= threshold ? (row.1 ? 2 : -1) : (row.1 ? -4 : 0))
            } / 300
        }
        #expect(abs(try #require(found.value.value) - (tried.max() ?? 0)) < 1e-12)
        // Of calibrated scores: 1 / (1 + 6).
        #expect(abs(found.threshold - 1.0 / 7) < 0.1)
        let never = try #require(CostMatrix(trueNegative: 0, falsePositive: -9, falseNegative: 0, truePositive: -1))
        #expect(ThresholdTuning(scores: scores, labels: labels, costs: never)?.threshold == .infinity)
    }

    @Test func liftCountsFromTheTop() throws {
        let scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
        let labels = [true, true, false, true, false, false, false]
        let parts = try #require(LiftTable(scores: scores, labels: labels, parts: 3)).parts
        #expect(parts.map(\.rows) == [3, 2, 2] && parts.map(\.lowestScore) == [0.7, 0.5, 0.3])
        #expect(parts.map { $0.rate.value } == [2.0 / 3, 0.5, 0])
        #expect(abs(parts[0].lift - (2.0 / 3) / (3.0 / 7)) < 1e-12)
        #expect(parts.map(\.gain) == [2.0 / 3, 1, 1])
        #expect(LiftTable(scores: scores, labels: scores.map { _ in false }) == nil)
    }
}

/// A model that says what it was told to, row by row, again and again.
struct Answer: TrainedModel {
    var task = ModelTask.binary(positive: "1")
    var target = "y"
    var featureNames = ["x"]
    var numbers: [Double]

    func predict(_ table: Table) throws(LearningError) -> Predictions {
        let isRegression = task == .regression
        return Predictions(
            task: task, rowCount: table.rowCount, probabilities: isRegression ? [] : numbers,
            values: isRegression ? numbers : [], negativeLabel: "0")
    }

    func serialized() throws(LearningError) -> [UInt8] { Array("TIDENONE".utf8) }
}
