/// How good predictions are. Names are those of STATISTICS.md and scikit-learn.
public enum PerformanceMetric: String, Codable, Sendable, CaseIterable {
    /// Share of right predictions.
    case accuracy
    /// Mean of the classes' recalls, over the classes that occur.
    case balancedAccuracy = "balanced_accuracy"
    /// Of those predicted positive, the share that are. Multiclass: macro.
    case precision
    /// Of the positives, the share predicted so. Multiclass: macro.
    case recall
    /// 2TP / (2TP + FP + FN). Multiclass: macro.
    case f1
    /// Of the negatives, the share predicted so. Binary.
    case specificity
    /// Plain mean over the classes.
    case precisionMacro = "precision_macro"
    case recallMacro = "recall_macro"
    case f1Macro = "f1_macro"
    /// From the sums over the classes: all three are the accuracy where each row has one class.
    case precisionMicro = "precision_micro"
    case recallMicro = "recall_micro"
    case f1Micro = "f1_micro"
    /// Mean over the classes, weighted by how often each occurs; the recall is the accuracy.
    case precisionWeighted = "precision_weighted"
    case recallWeighted = "recall_weighted"
    case f1Weighted = "f1_weighted"
    /// Matthews correlation coefficient (Gorodkin's R_K for several classes), −1…1; 0 where one side is constant.
    case mcc
    /// Cohen's kappa: agreement beyond that of chance, at most 1.
    case kappa
    /// Chance that a positive is scored above a negative; ties count half. Binary.
    case rocAUC = "roc_auc"
    /// Area under the precision–recall curve as Σ (Rₙ − Rₙ₋₁)·Pₙ. Binary.
    case averagePrecision = "average_precision"
    /// Mean of −ln P(actual class), clipped at 10⁻¹⁵, in nats.
    case logLoss = "log_loss"
    /// Mean of (score − outcome)²; multiclass: summed over the classes, 0…2.
    case brier
    /// Expected calibration error: Σ over ten equally wide bins of share · abs(mean score − share of positives).
    /// Multiclass: of the highest score, and whether that class was right.
    case ece
    /// Mean of prediction − outcome, in the target's unit. Rules judge its magnitude.
    case bias
    /// Mean absolute error, in the target's unit.
    case mae
    /// Mean squared error, in the target's unit squared.
    case mse
    /// Root of the mean squared error, in the target's unit.
    case rmse
    /// Mean of abs(error / outcome) over the outcomes that are not zero; 0.1 is 10 %.
    case mape
    /// 1 − Σ(error²) / Σ(deviation of the target from its mean)².
    case r2
    /// Pinball loss of a forecast of the median, half the MAE; other quantiles by `pinball(quantile:)`.
    case pinball

    public var higherIsBetter: Bool {
        switch self {
        case .logLoss, .brier, .ece, .bias, .mae, .mse, .rmse, .mape, .pinball: false
        default: true
        }
    }

    /// Whether every value lies in 0…1.
    public var isShare: Bool {
        switch self {
        case .mcc, .kappa, .logLoss, .bias, .mae, .mse, .rmse, .mape, .r2, .pinball: false
        // Up to 2 for several classes, but no useful level lies there.
        default: true
        }
    }

    public func applies(to task: ModelTask) -> Bool {
        switch task {
        case .binary: !isOfRegression
        case .multiclass: !isOfRegression && self != .specificity && self != .rocAUC && self != .averagePrecision
        case .regression: isOfRegression
        }
    }

    /// Whether it judges decisions, which a binary model makes by a threshold, and not scores or numbers.
    public var judgesDecisions: Bool {
        switch self {
        case .rocAUC, .averagePrecision, .logLoss, .brier, .ece: false
        default: !isOfRegression
        }
    }

    private var isOfRegression: Bool {
        switch self {
        case .bias, .mae, .mse, .rmse, .mape, .r2, .pinball: true
        default: false
        }
    }
}
