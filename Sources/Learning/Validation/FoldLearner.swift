/// A learner that makes something of a fold before most of its parameters matter: an encoded table, a preparation.
/// Learners with an equal key make the same of it, so that the next one need not.
protocol FoldLearner: Learner {
    associatedtype Work: FoldWork

    var foldKey: FoldKey { get }

    /// - Throws: `LearningError` for rows that nothing can be learned from; `.cancelled`.
    func work(
        training: Table, test: Table, problem: LearningProblem, control: TrainingControl
    ) throws(LearningError) -> Work

    /// What the model of the training rows, the one that `fit` gives, says of the test rows.
    /// - Parameter work: of a learner with an equal key.
    func predictions(
        _ work: Work, problem: LearningProblem, control: TrainingControl
    ) throws(LearningError) -> Predictions
}

protocol FoldWork {
    /// Memory that it holds, about.
    var bytes: Int { get }
}

/// All that the work on a fold depends on, beside the rows.
enum FoldKey: Equatable {
    case boostedTrees(maximumCategories: Int)
    case preparation(Preparation, seed: UInt64)
}
