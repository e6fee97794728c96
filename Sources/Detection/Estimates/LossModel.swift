public import Statistics

/// Rows of a regression whose outcomes are known: what its loss is learned from.
public struct LossRows: Sendable, Equatable {
    /// May have no columns, where events carry no features; its count is 0 then.
    public var features: MultivariateRows
    /// What the model said, one per row.
    public var predicted: [Double]
    /// What turned out to be true, one per row.
    public var actual: [Double]

    public init(features: MultivariateRows, predicted: [Double], actual: [Double]) {
        self.features = features
        self.predicted = predicted
        self.actual = actual
    }
}

/// A second model that says of each prediction how wrong it will turn out to be: direct loss estimation (DLE, NannyML).
/// Handed in, because detection trains nothing itself.
public struct LossModel: Sendable {
    /// The estimate of rows and what the first model said of them; `nil` where they cannot be read.
    public let estimate: @Sendable (_ features: MultivariateRows, _ predicted: [Double]) -> LossEstimate?

    public init(estimate: @escaping @Sendable (_ features: MultivariateRows, _ predicted: [Double]) -> LossEstimate?) {
        self.estimate = estimate
    }
}

/// Learns the loss that a metric (mae, mse or rmse) is made of; `nil` where nothing can be learned from the rows. The same
/// rows give the same model.
public typealias LossLearner = @Sendable (_ metric: PerformanceMetric, _ rows: LossRows) -> LossModel?
