import Foundation

/// Means over the pairs of a regression model, from which all of its metrics and their intervals follow.
struct RegressionMoments: Sendable {
    var count: Int64
    /// Of e = prediction − outcome: mean, mean magnitude, mean square (and that of the errors above zero, over all
    /// pairs), mean fourth power.
    var error = 0.0
    var absolute = 0.0
    var square = 0.0
    var squareOver = 0.0
    var fourth = 0.0
    /// Of d = outcome − its mean: mean square, mean fourth power, and the mean of e²d².
    var targetVariance = 0.0
    var targetFourth = 0.0
    var mixed = 0.0
    /// Of abs(e / outcome) over the outcomes that are not zero.
    var relativeCount: Int64 = 0
    var relative = 0.0
    var relativeSquare = 0.0

    init(count: Int64) { self.count = count }

    /// The means over all pairs.
    static var overPairs: [WritableKeyPath<RegressionMoments, Double>] {
        [
            \.error, \.absolute, \.square, \.squareOver, \.fourth, \.targetVariance, \.targetFourth, \.mixed,
        ]
    }

    /// A metric with its 95 % interval; without a value for one of another task.
    ///
    /// Bias: Student's t. MAE, MSE, RMSE (the root of MSE's bounds), MAPE, pinball: t on the logarithm by the delta
    /// method, as losses are skewed. R²: delta method on ln(1 − R²) = ln Σe² − ln Σd², which R²'s bounds follow from;
    /// its variance is the mean of (e²/M − d²/V)² over n, with M and V the two mean squares.
    func metric(_ metric: PerformanceMetric) -> MetricValue {
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        switch metric {
        case .bias:
            return MetricValue(
                error, count: count,
                bounds: ConfidenceInterval.mean(error, variance: square - error * error, count: count))
        case .mae: return loss(absolute, square: square)
        case .mse: return loss(square, square: fourth)
        case .rmse:
            let mean = ConfidenceInterval.positiveMean(square, variance: fourth - square * square, count: count)
            return MetricValue(
                square.squareRoot(), count: count, bounds: mean.map { ($0.low.squareRoot(), $0.high.squareRoot()) })
        case .mape:
            guard relativeCount > 0 else { return MetricValue(value: nil, count: count) }
            return MetricValue(
                relative, count: relativeCount,
                bounds: ConfidenceInterval.positiveMean(
                    relative, variance: relativeSquare - relative * relative, count: relativeCount))
        case .pinball: return pinball(quantile: 0.5)
        case .r2: return determination
        default: return MetricValue(value: nil, count: 0)
        }
    }

    /// Mean of q·(y − p) where the outcome y lies above the prediction p, and (1 − q)·(p − y) below: Σ|e| and Σe tell.
    func pinball(quantile q: Double) -> MetricValue {
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        let value = q * (absolute - error) / 2 + (1 - q) * (absolute + error) / 2
        // Not `max(0, value)`, which turns what overflowed (∞ − ∞) into a perfect forecast.
        return loss(value < 0 ? 0 : value, square: q * q * (square - squareOver) + (1 - q) * (1 - q) * squareOver)
    }

    private func loss(_ value: Double, square: Double) -> MetricValue {
        MetricValue(
            value, count: count,
            bounds: ConfidenceInterval.positiveMean(value, variance: square - value * value, count: count))
    }

    private var determination: MetricValue {
        guard let value = ExactMetrics.r2(errors: square, deviations: targetVariance, count: Int(clamping: count))
        else {
            return MetricValue(value: nil, count: count)
        }
        guard targetVariance > 0, square > 0 else { return MetricValue(value, count: count, bounds: nil) }
        let variance =
            fourth / square / square - 2 * mixed / square / targetVariance
            + targetFourth / targetVariance / targetVariance
        let rest = 1 - value
        let bounds = ConfidenceInterval.positiveMean(rest, variance: variance * rest * rest, count: count)
        return MetricValue(value, count: count, bounds: bounds.map { (1 - $0.high, 1 - $0.low) })
    }
}
