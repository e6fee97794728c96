extension PerformanceSummary {
    /// A metric of these pairs with its 95 % interval; without a value where it is not defined.
    ///
    /// Intervals: as said at `BinaryConfusion.metric`, `MulticlassConfusion.metric`, `ScoreCurve` and the regression
    /// metrics: Wilson, DeLong and the delta method, on scales that keep them within a metric's range. Log loss and Brier
    /// score are exact to 2⁻²⁵, the calibration error to 2⁻³¹, ROC AUC and average precision to their tie-error bounds,
    /// regression metrics to half a fixed-point unit per value.
    public func metric(_ metric: PerformanceMetric) -> MetricValue {
        guard metric.applies(to: task) else { return MetricValue(value: nil, count: 0) }
        return switch tally {
        case .binary(let tally): binary(metric, tally)
        case .multiclass(let tally): multiclass(metric, tally)
        case .regression(let sums): regression(metric, sums)
        }
    }

    /// Every metric of the task that these pairs define, in the metrics' order.
    public var metrics: [(metric: PerformanceMetric, value: MetricValue)] {
        PerformanceMetric.allCases.filter { $0.applies(to: task) }.map { ($0, metric($0)) }
            .filter { $0.1.value != nil }
    }

    /// Pinball loss of a forecast of the quantile (regression); without a value for another task.
    /// - Precondition: 0 < quantile < 1.
    public func pinball(quantile: Double) -> MetricValue {
        precondition(quantile > 0 && quantile < 1, "a quantile lies between 0 and 1")
        guard case .regression(let sums) = tally else { return MetricValue(value: nil, count: 0) }
        return rounded(sums.moments.pinball(quantile: quantile), by: 0.5 / sums.scale)
    }

    /// Mean business value of a prediction (binary and multiclass); without a value for regression, or where the matrix
    /// has another number of classes.
    public func businessValue(_ costs: CostMatrix) -> MetricValue {
        let confusion = confusion?.classes ?? classConfusion
        guard let confusion, confusion.classes == costs.classes else { return MetricValue(value: nil, count: 0) }
        return costs.value(of: confusion)
    }

    /// Ten bins of scores held against outcomes (binary; multiclass: of the highest score); empty for regression.
    public var calibration: [CalibrationBin] {
        switch tally {
        case .binary(let tally): tally.calibration.bins
        case .multiclass(let tally): tally.calibration.bins
        case .regression: []
        }
    }

    private func binary(_ metric: PerformanceMetric, _ tally: BinaryTally) -> MetricValue {
        switch metric {
        case .rocAUC: tally.histogram.rocAUC()
        case .averagePrecision: tally.histogram.averagePrecision()
        case .logLoss: tally.scores.meanLogLoss
        case .brier: tally.scores.meanBrier
        case .ece: tally.calibration.expectedError
        default: tally.confusion.metric(metric)
        }
    }

    private func multiclass(_ metric: PerformanceMetric, _ tally: MulticlassTally) -> MetricValue {
        switch metric {
        case .logLoss: tally.scores.meanLogLoss
        case .brier: tally.scores.meanBrier
        case .ece: tally.calibration.expectedError
        default: tally.confusion.metric(metric)
        }
    }

    private func regression(_ metric: PerformanceMetric, _ sums: ErrorSums) -> MetricValue {
        let found = sums.moments.metric(metric)
        let unit = 0.5 / sums.scale
        return switch metric {
        case .bias, .mae, .rmse, .pinball: rounded(found, by: unit)
        case .mse: rounded(found, by: unit * (2 * (found.value ?? 0).squareRoot() + unit))
        case .mape: rounded(found, by: 0.5 / ErrorSums.relativeUnit)
        default: found
        }
    }

    private func rounded(_ found: MetricValue, by bound: Double) -> MetricValue {
        guard found.value != nil else { return found }
        var found = found
        found.errorBound = bound
        return found
    }
}
