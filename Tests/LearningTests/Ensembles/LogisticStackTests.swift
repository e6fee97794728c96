import Foundation
import Learning
import Statistics
import Testing

/// Against SciPy, which minimises the same loss with the same bounds.
@Suite struct LogisticStackTests {
    private struct Fixture: Decodable {
        struct Fit: Decodable {
            let weights: [Double]
            let intercepts: [Double]
        }

        struct Case: Decodable {
            let labels: [Double]
            let members: [[Double]]
            let rows: [Double]
            let plain: Fit
            let weighted: Fit
        }

        let binary: Case
        let multiclass: Case

        static func load() throws -> Fixture {
            let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Fixtures/logistic_stack/logistic_stack.json")
            return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        }
    }

    private let classes = ["0", "1", "2"]

    private func said(_ members: [[Double]], _ task: ModelTask) -> [Predictions] {
        members.map { numbers in
            Predictions(
                task: task, rowCount: task == yes ? numbers.count : numbers.count / 3, probabilities: numbers,
                values: [])
        }
    }

    private func labels(_ one: Fixture.Case, _ task: ModelTask) -> TableColumn {
        task == yes
            ? TableColumn(name: "y", texts: one.labels.map { $0 == 1 ? "yes" : "no" })
            : TableColumn(name: "y", numbers: one.labels)
    }

    @Test func isWhatSciPyFinds() throws {
        let fixture = try Fixture.load()
        for (one, task) in [(fixture.binary, yes), (fixture.multiclass, .multiclass(classes: classes))] {
            for (rows, expected) in [(nil, one.plain), (one.rows, one.weighted)] {
                let found = try EnsembleModel.Combination.stacked(
                    said(one.members, task), labels: labels(one, task), weights: rows, task: task)
                guard case .logistic(let weights, let intercepts) = found else {
                    Issue.record("\(found) is not logistic")
                    continue
                }
                for (a, b) in zip(weights + intercepts, expected.weights + expected.intercepts) {
                    #expect(abs(a - b) < 2e-5, "\(task)")
                }
            }
        }
    }

    @Test func combinesAsItsFormulaSays() throws {
        let binary = said([[0.8, 0.3, 0], [0.6, 0.9, 1]], yes)
        let odds = 0.5 * log(0.8 / 0.2) + 2 * log(0.6 / 0.4) - 0.3
        let found = EnsembleModel.combined(binary, .logistic(weights: [0.5, 2], intercepts: [0, -0.3])).probabilities
        #expect(abs(found[0] - 1 / (1 + exp(-odds))) < 1e-12)
        // Certainty on both sides: 15 digits of it, and no NaN.
        #expect(found[2] > 1 - 1e-6 && found[2] <= 1)
        let several = said([[0.7, 0.2, 0.1], [0.25, 0.25, 0.5]], .multiclass(classes: classes))
        let three = EnsembleModel.combined(several, .logistic(weights: [1, 2], intercepts: [0, 1, -1])).probabilities
        let raw = [0.7 * 0.0625, 0.2 * 0.0625 * exp(1), 0.1 * 0.25 * exp(-1)]
        for (a, b) in zip(three, raw.map { $0 / raw.reduce(0, +) }) { #expect(abs(a - b) < 1e-12) }
        let gap = EnsembleModel.combined(
            said([[.nan, 0.3], [0.6, 0.9]], yes), .logistic(weights: [1, 1], intercepts: [0, 0])
        ).probabilities
        #expect(gap[0].isNaN && !gap[1].isNaN)
    }

    /// Members that separate the classes, that are one and the same, or that all say the contrary: finite weights, 0 or
    /// more.
    @Test func extremesStayFinite() throws {
        let labels = TableColumn(name: "y", texts: (0..<40).map { $0 % 2 == 0 ? "yes" : "no" })
        let right = (0..<40).map { $0 % 2 == 0 ? 1.0 : 0 }
        for members in [[right, right], [right.map { 1 - $0 }], [right.map { 0.9 * $0 }, right.map { 1 - $0 }]] {
            let found = try EnsembleModel.Combination.stacked(said(members, yes), labels: labels, task: yes)
            guard case .logistic(let weights, let intercepts) = found else {
                Issue.record("\(found) is not logistic")
                continue
            }
            #expect((weights + intercepts).allSatisfy(\.isFinite) && weights.allSatisfy { $0 >= 0 })
            #expect(weights.contains { $0 > 0 })
            if members.count == 2, members[0] == members[1] { #expect(weights[0] == weights[1]) }
        }
    }

    @Test func survivesItsArtifact() throws {
        let table = try exclusiveOr(rows: 200, seed: 1)
        let problem = LearningProblem(task: yes, target: "label")
        var members: [any TrainedModel] = []
        for rounds in [3, 6] {
            members.append(try BoostedTreeLearner(parameters: small(rounds)).train(table, problem: problem))
        }
        let model = try EnsembleModel(members, combination: .logistic(weights: [0.7, 0.6], intercepts: [0, 0.1]))
        let loaded = try ModelArtifact.load(model.serialized())
        #expect(try loaded.predict(table).probabilities == model.predict(table).probabilities)
        #expect(try loaded.serialized() == model.serialized())
        let wrong: [EnsembleModel.Combination] = [
            .logistic(weights: [0.7], intercepts: [0, 0.1]), .logistic(weights: [1, 1], intercepts: [0]),
            .logistic(weights: [1, -1], intercepts: [0, 0]), .logistic(weights: [1, 1], intercepts: [0, .nan]),
        ]
        for combination in wrong {
            #expect(
                learningError { _ = try EnsembleModel(members, combination: combination) }?.code == .invalidParameter)
        }
    }

    /// Two members that each know a half of it.
    @Test func aStackOfClassesIsJudgedOutOfFold() throws {
        let rows = 600
        let halves = (0..<2).map { part in (0..<rows).map { sin(Double($0) * (part == 0 ? 1.7 : 2.9)) } }
        let labels = TableColumn(
            name: "y", texts: (0..<rows).map { halves[0][$0] + halves[1][$0] > 0.2 * sin(Double($0)) ? "yes" : "no" })
        let members = halves.map { half in half.map { 1 / (1 + exp(-2 * $0)) } }
        let folds = try SplitPlan.stratified(4).folds(
            of: Table(columns: [labels]), problem: LearningProblem(task: yes, target: "y"), seed: 1)
        let judged = try StackJudgement(
            outOfFold: said(members + [members[0].map { 1 - $0 }], yes), labels: labels, task: yes, folds: folds,
            metric: .rocAUC)
        #expect(judged.isKept && judged.stack > judged.best + 0.05)
        #expect(judged.members == [0, 1] && judged.weights[2] <= 1e-6)
        guard case .logistic(let weights, _) = judged.combination else {
            Issue.record("\(judged.combination) is not logistic")
            return
        }
        #expect(weights.count == 2)
    }
}
