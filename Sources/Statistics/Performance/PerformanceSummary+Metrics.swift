extension PerformanceSummary {
    /// A metric of these pairs; without a value where it is not defined.
    ///
    /// Intervals (95 %): Wilson for accuracy, and for precision and recall of a binary model; DeLong for ROC AUC; the
    /// normal one of a mean for MAE. Log loss and Brier score are exact to 2⁻²⁵, ROC AUC to its tie-error bound.
    public func metric(_ metric: PerformanceMetric) -> MetricValue {
        guard metric.applies(to: task) else { return MetricValue(value: nil, count: 0) }
        return switch tally {
        case .binary(let tally): binary(metric, tally)
        case .multiclass(let tally): multiclass(metric, tally)
        case .regression(let sums): regression(metric, sums)
        }
    }

    private func binary(_ metric: PerformanceMetric, _ tally: BinaryTally) -> MetricValue {
        let confusion = tally.confusion
        switch metric {
        case .accuracy: return share(confusion.truePositives + confusion.trueNegatives, of: confusion.count)
        case .precision: return share(confusion.truePositives, of: confusion.truePositives + confusion.falsePositives)
        case .recall: return share(confusion.truePositives, of: confusion.truePositives + confusion.falseNegatives)
        case .f1: return MetricValue(value: confusion.f1, count: confusion.count)
        case .rocAUC: return tally.histogram.rocAUC()
        case .logLoss: return tally.scores.mean(of: tally.scores.logLoss)
        case .brier: return tally.scores.mean(of: tally.scores.brier)
        case .mae, .rmse, .r2: preconditionFailure("a metric that does not apply")
        }
    }

    /// A share of pairs. Its count is that of all pairs, so that it can be held against a minimum sample.
    private func share(_ part: Int64, of whole: Int64) -> MetricValue {
        let interval = ConfidenceInterval.wilson(part, of: whole)
        return MetricValue(value: ratio(part, whole), count: count, low: interval?.low, high: interval?.high)
    }

    private func multiclass(_ metric: PerformanceMetric, _ tally: MulticlassTally) -> MetricValue {
        let confusion = tally.confusion
        switch metric {
        case .accuracy:
            let right = (0..<confusion.classes).reduce(0) { $0 + confusion[actual: $1, predicted: $1] }
            return share(right, of: confusion.count)
        case .precision: return MetricValue(value: confusion.macroPrecision, count: confusion.count)
        case .recall: return MetricValue(value: confusion.macroRecall, count: confusion.count)
        case .f1: return MetricValue(value: confusion.macroF1, count: confusion.count)
        case .logLoss: return tally.scores.mean(of: tally.scores.logLoss)
        case .rocAUC, .brier, .mae, .rmse, .r2: preconditionFailure("a metric that does not apply")
        }
    }

    private func regression(_ metric: PerformanceMetric, _ sums: ErrorSums) -> MetricValue {
        guard sums.count > 0 else { return MetricValue(value: nil, count: 0) }
        let rounding = 0.5 / sums.scale
        switch metric {
        case .mae:
            let mean = sums.meanAbsolute
            let variance = max(0, sums.meanSquare - mean * mean)
            let margin = ConfidenceInterval.z95 * (variance / Double(sums.count)).squareRoot()
            return MetricValue(
                value: mean, count: sums.count, low: max(0, mean - margin), high: mean + margin, errorBound: rounding)
        case .rmse:
            return MetricValue(value: sums.meanSquare.squareRoot(), count: sums.count, errorBound: rounding)
        case .r2:
            let value = ExactMetrics.r2(
                errors: Double(sums.squares), deviations: sums.targetDeviations, count: Int(sums.count))
            return MetricValue(value: value, count: sums.count)
        case .accuracy, .precision, .recall, .f1, .rocAUC, .logLoss, .brier:
            preconditionFailure("a metric that does not apply")
        }
    }
}
