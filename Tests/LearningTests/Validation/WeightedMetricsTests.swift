import Foundation
import Learning
import Statistics
import Testing

/// Against scikit-learn's `sample_weight`, and against the exact metrics of rows that are repeated.
@Suite struct WeightedMetricsTests {
    private struct Fixture: Decodable {
        struct Case: Decodable {
            let labels: [Double]
            let scores: [Double]
            let expected: [String: Double]
        }

        let weights: [Double]
        let binary: Case
        let multiclass: Case
        let regression: Case

        static func load() throws -> Fixture {
            let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Fixtures/weighted_metrics/weighted_metrics.json")
            return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        }
    }

    private func cases() throws -> [(said: Predictions, one: Fixture.Case, weights: [Double])] {
        let fixture = try Fixture.load()
        return [
            (Predictions(scores: fixture.binary.scores, positive: "1"), fixture.binary, fixture.weights),
            (
                Predictions(
                    task: .multiclass(classes: ["0", "1", "2"]), rowCount: fixture.weights.count,
                    probabilities: fixture.multiclass.scores, values: []), fixture.multiclass, fixture.weights
            ),
            (
                Predictions(
                    task: .regression, rowCount: fixture.weights.count, probabilities: [],
                    values: fixture.regression.scores), fixture.regression, fixture.weights
            ),
        ]
    }

    @Test func areThoseOfScikitLearn() throws {
        for (said, one, weights) in try cases() {
            let found = try Evaluation.evaluate(
                said, labels: TableColumn(name: "t", numbers: one.labels), weights: weights)
            for (name, value) in one.expected {
                #expect(abs((found.metrics[name] ?? .nan) - value) < 1e-9, "\(said.task) \(name)")
            }
            #expect(found.rowsLeftOut == weights.count { $0 == 0 })
        }
    }

    @Test func aWholeWeightIsARowSoManyTimes() throws {
        for (said, one, _) in try cases() {
            let times = one.labels.indices.map { $0 % 4 }
            let repeated = times.indices.flatMap { Array(repeating: $0, count: times[$0]) }
            let width = max(1, said.probabilities.count / said.rowCount)
            let again = Predictions(
                task: said.task, rowCount: repeated.count,
                probabilities: said.probabilities.isEmpty
                    ? [] : repeated.flatMap { said.probabilities[($0 * width)..<(($0 + 1) * width)] },
                values: said.values.isEmpty ? [] : repeated.map { said.values[$0] })
            let exact = try Evaluation.evaluate(
                again, labels: TableColumn(name: "t", numbers: repeated.map { one.labels[$0] }))
            let found = try Evaluation.evaluate(
                said, labels: TableColumn(name: "t", numbers: one.labels), weights: times.map { Double($0) })
            #expect(Set(found.metrics.keys) == Set(exact.metrics.keys))
            for (name, value) in exact.metrics {
                #expect(abs((found.metrics[name] ?? .nan) - value) < 1e-9, "\(said.task) \(name)")
            }
        }
    }

    @Test func whatIsNotDefinedIsAbsent() throws {
        let labels = TableColumn(name: "t", numbers: [1, 1, 0])
        let said = Predictions(scores: [0.2, 0.3, 0.9], positive: "1")
        let found = try Evaluation.evaluate(said, labels: labels, weights: [1, 2, 0])
        #expect(found[.rocAUC] == nil && found[.precision] == nil && found[.specificity] == nil)
        #expect(found[.recall] == 0 && found[.kappa] == 0)
        #expect(try Evaluation.evaluate(said, labels: labels, weights: [0, 0, 0]).metrics.isEmpty)
        let error = learningError { _ = try Evaluation.evaluate(said, labels: labels, weights: [1, 2]) }
        #expect(error?.code == .unequalColumns)
    }
}
