/// A way to learn, with its parameters: the same table, problem and parameters give the same model, byte by byte.
public protocol Learner: Codable, Sendable, Equatable {
    /// Trains a model; blocks the calling thread until it is done.
    ///
    /// Rows without a target are left out.
    /// - Parameter validation: watched for early stopping by learners that stop early; the others ignore it.
    /// - Throws: `LearningError` for a table or parameters that nothing can be learned from; `.cancelled`.
    func fit(
        _ table: Table, problem: LearningProblem, validation: Table?, control: TrainingControl
    ) throws(LearningError) -> any TrainedModel
}
