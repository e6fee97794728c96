public import Statistics

/// A model of any learner, ready to predict. It may be used from any thread.
public protocol TrainedModel: Sendable {
    var task: ModelTask { get }
    /// The name of the target column it was trained on.
    var target: String { get }
    /// The columns it reads, in its own order.
    var featureNames: [String] { get }

    /// Predicts every row; deterministic. Columns are found by name, others are ignored; what does not fit the model
    /// (an absent column, an unseen category, a cell of another kind) is counted in `Predictions.alignment`.
    func predict(_ table: Table) throws(LearningError) -> Predictions

    /// The artifact: equal models, equal bytes. It begins with eight letters that name its format.
    func serialized() throws(LearningError) -> [UInt8]
}

extension BoostedTreeModel: TrainedModel {
    public var featureNames: [String] { schema.names }
}
