import Foundation
import Statistics
import Testing

@testable import Learning

@Suite struct RowWeightsTests {
    private func weights(_ problem: LearningProblem, _ columns: [TableColumn]) throws -> [Double]? {
        let table = try Table(columns: columns)
        let target = try EncodedTarget(table.column(named: problem.target), task: problem.task)
        return try RowWeights(problem, target: target).weights(of: table, target: target)
    }

    @Test func classesAndSamplesMultiply() throws {
        let columns = [
            TableColumn(name: "t", texts: ["yes", "no", "no", nil, "no"]),
            TableColumn(name: "w", numbers: [2, .nan, 0.5, 9, 0]),
        ]
        var problem = LearningProblem(task: yes, target: "t")
        #expect(try weights(problem, columns) == nil)
        problem.weight = "w"
        #expect(try weights(problem, columns) == [2, 1, 0.5, 0])
        // scikit-learn: 4 / (2 · 1) and 4 / (2 · 3).
        problem.classWeights = .balanced
        #expect(try weights(problem, columns) == [4, 2.0 / 3, 1.0 / 3, 0])
        problem.classWeights = .given(["yes": 3, "absent": 7])
        #expect(try weights(problem, columns) == [6, 1, 0.5, 0])
    }

    @Test func aWeightIsARowSoManyTimes() throws {
        let table = try TreeFixtures.table()
        let twice = (0..<table.rowCount).map { $0 % 3 == 0 ? 2.0 : 1 }
        let weighted = try Table(columns: table.columns + [TableColumn(name: "w", numbers: twice)])
        let repeated = table.rows((0..<table.rowCount).flatMap { Array(repeating: $0, count: Int(twice[$0])) })
        var parameters = small(5)
        // Bins by weight differ from bins by repeated rows; each value a bin of its own takes that away.
        parameters.maximumBins = 2_000
        let learner = BoostedTreeLearner(parameters: parameters)
        let first = try learner.train(
            weighted,
            problem: LearningProblem(task: .regression, target: "y", features: TreeFixtures.features, weight: "w"))
        let second = try learner.fit(repeated, target: "y", features: TreeFixtures.features, task: .regression)
        let found = try first.predict(table).values
        #expect(try TreeFixtures.distance(found, second.predict(table).values) < 1e-4)
        let plain = try learner.fit(table, target: "y", features: TreeFixtures.features, task: .regression)
        #expect(try TreeFixtures.distance(found, plain.predict(table).values) > 1e-2)
    }

    @Test func weightsThatMeanNothingAreRefused() throws {
        func code(_ problem: LearningProblem, _ numbers: [Double], target: [String?] = ["yes", "no"]) -> LearningError
            .Code?
        {
            learningError {
                let table = try Table(columns: [
                    TableColumn(name: "x", numbers: [1, 2]), TableColumn(name: "t", texts: target),
                    TableColumn(name: "w", numbers: numbers),
                ])
                _ = try BoostedTreeLearner(parameters: small(1)).train(table, problem: problem)
            }?.code
        }
        let problem = LearningProblem(task: yes, target: "t", weight: "w")
        #expect(code(problem, [1, -1]) == .invalidInput)
        #expect(code(problem, [1, .infinity]) == .invalidInput)
        #expect(code(problem, [0, 0]) == .invalidInput)
        #expect(code(problem, [0, 1]) == .oneClassTarget)
        #expect(code(problem, [1, 2]) == nil)
        var given = problem
        given.classWeights = .given(["yes": -1])
        #expect(code(given, [1, 1]) == .invalidParameter)
        let numeric = LearningProblem(task: .regression, target: "t", classWeights: .balanced)
        #expect(code(numeric, [1, 1], target: ["1", "2"]) == .invalidParameter)
    }
}
