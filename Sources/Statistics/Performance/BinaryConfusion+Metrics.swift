extension BinaryConfusion {
    /// Of the negatives, the share predicted so; `nil` when nothing is negative.
    public var specificity: Double? { ratio(trueNegatives, trueNegatives + falsePositives) }

    /// The matrix with the negative class first.
    public var classes: MulticlassConfusion {
        MulticlassConfusion(classes: 2, counts: [trueNegatives, falsePositives, falseNegatives, truePositives])
    }

    /// A metric of decisions, with its 95 % interval; without a value for one that needs scores or another task.
    ///
    /// Accuracy, precision, recall and specificity: Wilson 1927. F1: 2J/(1 + J) is monotone in the Jaccard index
    /// J = TP/(TP + FP + FN), which is a share: Wilson's bounds of J, transformed. The rest as for several classes.
    ///
    /// TP 28, FP 5, FN 8, TN 19: F1 = 56/69 = 0.812, J = 28/41 with 0.530…0.804, so F1 in 0.693…0.892.
    public func metric(_ metric: PerformanceMetric) -> MetricValue {
        switch metric {
        case .accuracy: share(truePositives + trueNegatives, of: count)
        case .precision: share(truePositives, of: truePositives + falsePositives)
        case .recall: share(truePositives, of: truePositives + falseNegatives)
        case .specificity: share(trueNegatives, of: trueNegatives + falsePositives)
        case .f1:
            MetricValue(
                f1, count: count, bounds: harmonicBounds(truePositives, misses: falsePositives + falseNegatives))
        default: classes.metric(metric)
        }
    }

    /// A share of pairs. Its count is that of all pairs, so that it can be held against a minimum sample.
    private func share(_ part: Int64, of whole: Int64) -> MetricValue {
        MetricValue(ratio(part, whole), count: count, bounds: ConfidenceInterval.wilson(part, of: whole))
    }
}

/// The interval of F1 from that of the Jaccard index.
func harmonicBounds(_ right: Int64, misses: Int64) -> ConfidenceInterval.Bounds? {
    ConfidenceInterval.wilson(right, of: right + misses).map {
        (2 * $0.low / (1 + $0.low), 2 * $0.high / (1 + $0.high))
    }
}
