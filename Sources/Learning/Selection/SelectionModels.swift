import Statistics

/// What a selection by a model trains and how it judges: boosted trees, unless told otherwise.
public struct SelectionModels: Sendable {
    /// How much each feature of the problem counts in a model trained on the table; more is better.
    public typealias Ranking =
        @Sendable (_ table: Table, _ problem: LearningProblem) throws(LearningError) -> [String: Double]
    public typealias Training =
        @Sendable (_ table: Table, _ problem: LearningProblem) throws(LearningError) -> any TrainedModel
    /// How good a model is on rows that it has not seen; more is better.
    public typealias Scoring =
        @Sendable (_ model: any TrainedModel, _ table: Table, _ problem: LearningProblem) throws(LearningError) ->
        Double

    public var importance: Ranking
    /// Magnitudes of the weights of a linear model with an L1 penalty.
    public var sparseWeights: Ranking
    public var train: Training
    public var score: Scoring

    public init(
        importance: @escaping Ranking = SelectionModels.boostedImportance,
        sparseWeights: @escaping Ranking = SelectionModels.linearWeights,
        train: @escaping Training = SelectionModels.boostedTrees, score: @escaping Scoring = SelectionModels.quality
    ) {
        self.importance = importance
        self.sparseWeights = sparseWeights
        self.train = train
        self.score = score
    }

    /// Judges by the score of models of this learner.
    public init(learner: any Learner, score: @escaping Scoring = SelectionModels.quality) {
        self.init(
            train: { (table, problem) throws(LearningError) in
                try learner.fit(table, problem: problem, validation: nil, control: TrainingControl())
            },
            score: score)
    }

    /// Total gain in boosted trees (50 rounds of depth 4).
    public static let boostedImportance: Ranking = { (table, problem) throws(LearningError) in
        try boosted(table, problem).normalizedImportance() ?? [:]
    }

    /// A lasso, or a logistic regression with an L1 penalty, on columns of unit spread whose missing cells take the mean.
    /// The lasso's penalty is a hundredth of the target's standard deviation.
    public static let linearWeights: Ranking = { (table, problem) throws(LearningError) in
        let steps: [PreparationStep] = [.impute(Imputation(strategy: .mean)), .scale(Scaling())]
        let (fitted, training) = try Preparation(steps: steps).fit(table, problem: problem, seed: 0)
        let targets = try table.column(named: problem.target).numbers().filter(\.isFinite)
        let spread = Moments.of(targets)?.variance.squareRoot() ?? 0
        let parameters = LinearParameters(alpha: spread.isFinite ? spread / 100 : 0, inverseStrength: 1, l1Ratio: 1)
        return try LinearLearner(parameters: parameters).fitLinear(training, problem: fitted.problem(problem))
            .magnitudes()
    }

    public static let boostedTrees: Training = { (table, problem) throws(LearningError) in
        try boosted(table, problem)
    }

    /// Area under the ROC curve, accuracy, or minus the root mean squared error; −∞ where it is not defined.
    public static let quality: Scoring = { (model, table, problem) throws(LearningError) in
        let found = try Evaluation.evaluate(model.predict(table), labels: table.column(named: problem.target))
        switch problem.task {
        case .binary: return found[.rocAUC] ?? -.infinity
        case .multiclass: return found[.accuracy] ?? -.infinity
        case .regression: return found[.rmse].map { -$0 } ?? -.infinity
        }
    }

    private static func boosted(_ table: Table, _ problem: LearningProblem) throws(LearningError) -> BoostedTreeModel {
        let parameters = BoostingParameters(rounds: 50, learningRate: 0.2, maximumDepth: 4)
        return try BoostedTreeLearner(parameters: parameters).fit(
            table, target: problem.target, features: problem.features, task: problem.task)
    }
}
