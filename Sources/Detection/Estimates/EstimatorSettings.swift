public import Statistics

/// What estimated performance is asked for.
public struct EstimatorSettings: Codable, Sendable, Equatable {
    public var task: ModelTask
    public var metrics: [PerformanceMetric]
    /// Fewer predictions, or labelled pairs, in a window say nothing.
    public var minimumSample: Int64
    /// Labelled pairs that scores are calibrated on, or, of a regression, losses learned from (at most 5,000).
    public var calibrationPairs: Int64
    /// How long a prediction waits for its outcome, microseconds.
    public var labelDelayMicroseconds: Int64

    public init(
        task: ModelTask, metrics: [PerformanceMetric], minimumSample: Int64, calibrationPairs: Int64,
        labelDelayMicroseconds: Int64
    ) {
        self.task = task
        self.metrics = metrics
        self.minimumSample = minimumSample
        self.calibrationPairs = calibrationPairs
        self.labelDelayMicroseconds = labelDelayMicroseconds
    }

    /// The metrics that can be estimated for a task.
    public static func metrics(for task: ModelTask) -> [PerformanceMetric] {
        switch task {
        case .binary:
            [
                .accuracy, .balancedAccuracy, .precision, .recall, .specificity, .f1, .rocAUC, .averagePrecision,
            ]
        case .multiclass:
            PerformanceMetric.allCases.filter {
                $0.applies(to: task) && $0 != .logLoss && $0 != .brier && $0 != .ece
            }
        case .regression: [.mae, .mse, .rmse]
        }
    }
}
