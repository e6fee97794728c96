import Foundation
import Learning
import Statistics
import Testing

@Suite struct EnsembleTests {
    private func numbers(_ values: [Double]) -> Predictions {
        Predictions(task: .regression, rowCount: values.count, probabilities: [], values: values)
    }

    @Test func leastSquaresWeightsAreThoseOfSciPy() throws {
        let data = try SearchFixture.load().leastSquares
        let found = try EnsembleWeights.fit(
            data.members.map(numbers), labels: TableColumn(name: "y", numbers: data.outcomes), task: .regression)
        for (one, two) in zip(found, data.weights) { #expect(abs(one - two) < 1e-8) }
    }

    @Test func mixtureWeightsAreTheLikeliest() throws {
        let data = try SearchFixture.load().mixture
        let found = try EnsembleWeights.fit(
            data.members.map { Predictions(scores: $0, positive: "1") },
            labels: TableColumn(name: "y", numbers: data.outcomes.map { $0 ? 1 : 0 }), task: .binary(positive: "1"))
        for (one, two) in zip(found, data.weights) { #expect(abs(one - two) < 2e-3) }
        #expect(abs(found.reduce(0, +) - 1) < 1e-9)
    }

    @Test func votesAndMeans() throws {
        let table = try Table(columns: [TableColumn(name: "x", numbers: [0, 0])])
        let members = [[0.9, 0.2], [0.6, 0.4], [0.1, 0.3]].map { Answer(numbers: $0) }
        let vote = try EnsembleModel(members, combination: .vote).predict(table)
        #expect(abs(vote.probabilities[0] - 2.0 / 3) < 1e-12 && vote.probabilities[1] == 0)
        let mean = try EnsembleModel.averaging(members).predict(table).probabilities
        #expect(abs(mean[0] - 1.6 / 3) < 1e-12 && abs(mean[1] - 0.3) < 1e-12)
        let error = learningError {
            _ = try EnsembleModel([members[0], Answer(target: "z", numbers: [])], combination: .vote)
        }
        #expect(error?.code == .invalidParameter)
        #expect(learningError { _ = try EnsembleModel(members, combination: .weighted([1, -1, 1])) } != nil)
    }

    /// Two members that each know a half of it are better together; a copy adds nothing.
    @Test func stackIsKeptOnlyIfItIsBetter() throws {
        let rows = 400
        let one = (0..<rows).map { sin(Double($0) * 1.7) }
        let two = (0..<rows).map { cos(Double($0) * 2.3) }
        let labels = TableColumn(name: "y", numbers: zip(one, two).map(+))
        let table = try Table(columns: [labels])
        let folds = try SplitPlan.kFold(4).folds(
            of: table, problem: LearningProblem(task: .regression, target: "y"), seed: 1)
        func judge(_ said: [[Double]]) throws -> StackJudgement {
            try StackJudgement(
                outOfFold: said.map(numbers), labels: labels, task: .regression, folds: folds, metric: .rmse)
        }
        let good = try judge([one, two])
        #expect(good.isKept && good.stack < 1e-6 && good.weights.allSatisfy { abs($0 - 1) < 1e-6 })
        let exact = zip(one, two).map(+)
        let useless = try judge([exact, exact])
        #expect(!useless.isKept && useless.best == 0)
    }

    @Test func blendingFitsOnTheHoldOut() throws {
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: [1, 2, 3, 4]), TableColumn(name: "y", numbers: [2, 4, 6, 8]),
        ])
        let members = [[1, 2, 3, 4], [1, 1, 1, 1]].map { Answer(task: .regression, numbers: $0) }
        let blended = try EnsembleModel.blending(members, on: table)
        let found = try blended.predict(table).values
        for (one, two) in zip(found, [2, 4, 6, 8] as [Double]) { #expect(abs(one - two) < 1e-6) }
    }
}
