/// What a model predicts.
public enum ModelTask: Codable, Sendable, Equatable {
    /// One label counts as positive, any other as negative.
    case binary(positive: String)
    case multiclass(classes: [String])
    case regression
}

/// How good predictions are.
public enum PerformanceMetric: String, Codable, Sendable, CaseIterable {
    /// Share of right predictions.
    case accuracy
    /// Of those predicted positive, the share that are. Multiclass: macro.
    case precision
    /// Of the positives, the share predicted so. Multiclass: macro.
    case recall
    /// 2TP / (2TP + FP + FN). Multiclass: macro.
    case f1
    /// Chance that a positive is scored above a negative; ties count half. Binary.
    case rocAUC = "roc_auc"
    /// Mean of −ln P(actual class), clipped at 10⁻¹⁵, in nats.
    case logLoss = "log_loss"
    /// Mean of (score − outcome)². Binary.
    case brier
    /// Mean absolute error, in the target's unit.
    case mae
    /// Root of the mean squared error, in the target's unit.
    case rmse
    /// 1 − Σ(error²) / Σ(deviation of the target from its mean)².
    case r2

    public var higherIsBetter: Bool {
        switch self {
        case .accuracy, .precision, .recall, .f1, .rocAUC, .r2: true
        case .logLoss, .brier, .mae, .rmse: false
        }
    }

    public func applies(to task: ModelTask) -> Bool {
        switch (self, task) {
        case (.accuracy, .binary), (.precision, .binary), (.recall, .binary), (.f1, .binary), (.rocAUC, .binary),
            (.logLoss, .binary), (.brier, .binary):
            true
        case (.accuracy, .multiclass), (.precision, .multiclass), (.recall, .multiclass), (.f1, .multiclass),
            (.logLoss, .multiclass):
            true
        case (.mae, .regression), (.rmse, .regression), (.r2, .regression): true
        default: false
        }
    }
}

/// A metric of some labelled predictions.
public struct MetricValue: Sendable, Equatable {
    /// `nil` where it is not defined: nothing to measure, a metric of another task, ROC AUC of one class.
    public var value: Double?
    /// Pairs that it was computed from.
    public var count: Int64
    /// 95 % confidence interval; `nil` for the metrics that have none here.
    public var low: Double?
    public var high: Double?
    /// How far the value may be from that of the same pairs one by one; `nil` where it is exact.
    public var errorBound: Double?

    public init(
        value: Double?, count: Int64, low: Double? = nil, high: Double? = nil, errorBound: Double? = nil
    ) {
        self.value = value
        self.count = count
        self.low = low
        self.high = high
        self.errorBound = errorBound
    }
}
