import Statistics
import Testing

@testable import Learning

@Suite struct CrossValidatorTests {
    private let problem = LearningProblem(task: yes, target: "label", weight: "w")
    private let preparation = Preparation(steps: [
        .impute(Imputation(columns: .numeric, strategy: .median, addsIndicator: true)),
        .encode(CategoryEncoding(columns: .categorical, method: .target(TargetEncodingParameters()))),
    ])

    /// With gaps, categories and weights, so that all of an encoded fold matters.
    private func table() throws -> Table {
        let plain = try exclusiveOr(rows: 300, seed: 3)
        let numbers = (0..<300).map { $0 % 7 == 0 ? Double.nan : Double($0 % 13) }
        return try Table(
            columns: plain.columns + [
                TableColumn(name: "gaps", numbers: numbers),
                TableColumn(name: "city", texts: (0..<300).map { $0 % 11 == 0 ? nil : "c\($0 % 5)" }),
                TableColumn(name: "w", numbers: (0..<300).map { 1 + Double($0 % 3) }),
            ])
    }

    private func folds(_ table: Table) throws -> [Fold] {
        try SplitPlan.stratified(3).folds(of: table, problem: problem, seed: 5)
    }

    /// Four learners that share the work of a fold in pairs, and one that has none.
    private var learners: [any Learner] {
        var deep = BoostingParameters(rounds: 12, maximumDepth: 5, seed: 1)
        deep.subsample = 0.7
        deep.maximumBins = 16
        var dart = small(5)
        dart.kind = .dart
        func linear(_ penalty: Double) -> PipelineLearner {
            PipelineLearner(
                preparation: preparation, learner: .linear(LinearParameters(inverseStrength: penalty)), seed: 4)
        }
        return [
            BoostedTreeLearner(parameters: small(5)), BoostedTreeLearner(parameters: deep),
            BoostedTreeLearner(parameters: dart), linear(1), linear(0.01),
        ]
    }

    /// Kept work or not, before or after others: what `fit` and `predict` say of each fold, to the last bit.
    @Test func keptWorkChangesNothing() throws {
        let table = try table()
        let folds = try folds(table)
        let validator = CrossValidator(table: table, problem: problem, folds: folds)
        let bare = CrossValidator(table: table, problem: problem, folds: folds, maximumBytes: 0)
        for learner in learners + learners.reversed() {
            let found = try validator.run(learner, control: TrainingControl())
            for fold in folds {
                let model = try learner.fit(
                    table.rows(fold.train), problem: problem, validation: nil, control: TrainingControl())
                let said = try model.predict(table.rows(fold.test)).probabilities
                #expect(fold.test.map { found.outOfFold.probabilities[$0] } == said)
            }
            #expect(try bare.run(learner, control: TrainingControl()) == found)
        }
        #expect(validator.bytes > 0 && bare.bytes == 0)
    }

    @Test func keepsNoMoreThanItMay() throws {
        let table = try table()
        let folds = try folds(table)
        let learner = BoostedTreeLearner(parameters: small(2))
        let whole = CrossValidator(table: table, problem: problem, folds: folds)
        _ = try whole.run(learner, control: TrainingControl())
        let once = whole.bytes
        _ = try whole.run(BoostedTreeLearner(parameters: small(3)), control: TrainingControl())
        #expect(whole.bytes == once)
        var other = small(2)
        other.maximumCategories = 3
        _ = try whole.run(BoostedTreeLearner(parameters: other), control: TrainingControl())
        #expect(whole.bytes == 2 * once)
        let half = CrossValidator(table: table, problem: problem, folds: folds, maximumBytes: once / 2)
        let found = try half.run(learner, control: TrainingControl())
        #expect(half.bytes > 0 && half.bytes <= once / 2)
        #expect(try half.run(learner, control: TrainingControl()) == found)
    }

    @Test func weightsCountInTheMetrics() throws {
        let table = try table()
        let folds = try folds(table)
        let learner = BoostedTreeLearner(parameters: small(3))
        let found = try CrossValidation.run(learner, table: table, problem: problem, folds: folds)
        var unweighted = found.folds.map { $0[.accuracy] }
        for (index, fold) in folds.enumerated() {
            let scores = fold.test.map { found.outOfFold.probabilities[$0] }
            let weights = fold.test.map { table["w"]?.number(at: $0) ?? 0 }
            let right = fold.test.indices.filter {
                (scores[$0] >= 0.5) == (table["label"]?.text(at: fold.test[$0]) == "yes")
            }
            let share = right.reduce(0) { $0 + weights[$1] } / weights.reduce(0, +)
            #expect(abs((found.folds[index][.accuracy] ?? 0) - share) < 1e-12)
            unweighted[index] = Double(right.count) / Double(fold.test.count)
        }
        #expect(unweighted != found.folds.map { $0[.accuracy] })
    }

    /// A fold without any weight has no metrics, and is no reason not to train.
    @Test func aFoldMayWeighNothing() throws {
        let folds = [
            Fold(train: Array(100..<300), test: Array(0..<100)), Fold(train: Array(0..<200), test: [250, 251]),
        ]
        let table = try table()
        let weights = TableColumn(name: "w", numbers: (0..<300).map { $0 < 100 ? 0 : 1 })
        let weighted = try Table(columns: table.columns.filter { $0.name != "w" } + [weights])
        let found = try CrossValidation.run(
            BoostedTreeLearner(parameters: small(2)), table: weighted, problem: problem, folds: folds)
        #expect(found.folds[0].metrics.isEmpty && found.folds[0].rowsLeftOut == 100)
        #expect(found.mean(.accuracy) == found.folds[1][.accuracy])
    }
}
