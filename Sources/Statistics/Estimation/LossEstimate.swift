/// Loss of a regression model before its outcomes are known: direct loss estimation (DLE, NannyML).
///
/// A second model, trained on reference rows whose outcomes are known, predicts the loss (absolute or squared error) of
/// each prediction from its features; the mean of what it says is the estimate. Sums are kept in integers in the given
/// unit, so that they merge in any order; negative predictions of a loss count as 0.
public struct LossEstimate: Sendable, Equatable, Codable {
    /// Which loss: MAE (absolute errors), or MSE and RMSE (squared errors).
    public let metric: PerformanceMetric
    /// What is known from reference rows that the second model did not learn from.
    public let quality: Quality
    public private(set) var count: Int64 = 0
    private var sum: Int64 = 0

    /// How well the second model does, on held-out reference rows.
    public struct Quality: Sendable, Equatable, Codable {
        /// Standard deviation of (loss − predicted loss).
        public var deviation: Double
        /// Held-out rows.
        public var rows: Int64

        public init(deviation: Double, rows: Int64) {
            self.deviation = deviation
            self.rows = rows
        }
    }

    /// The unit of the sum: the reference's deviation over 2²⁰.
    private var unit: Double { max(quality.deviation, .leastNormalMagnitude * 0x1p60) / 0x1p20 }

    /// - Precondition: `metric` is mae, mse or rmse.
    public init(metric: PerformanceMetric, quality: Quality) {
        precondition([.mae, .mse, .rmse].contains(metric), "losses are absolute or squared errors")
        self.metric = metric
        self.quality = quality
    }

    /// - Parameter loss: what the second model says of one prediction; not finite is ignored.
    public mutating func add(_ loss: Double) {
        guard loss.isFinite else { return }
        count += 1
        sum = FixedPoint.saturatingSum(sum, FixedPoint.rounded(min(max(0, loss) / unit, 0x1p50)))
    }

    /// - Precondition: the same metric and second model.
    public mutating func merge(_ other: LossEstimate) {
        precondition(
            metric == other.metric && quality == other.quality, "estimates of different losses cannot be added")
        count = FixedPoint.saturatingSum(count, other.count)
        sum = FixedPoint.saturatingSum(sum, other.sum)
    }

    /// The estimate; its 95 % interval is for the realised loss: the held-out deviation as the error of a mean of `count`
    /// rows, and of the second model's own bias, known from `rows` rows.
    public var value: MetricValue {
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        let mean = Double(sum) * unit / Double(count)
        let rows = Double(max(1, quality.rows))
        let error = quality.deviation * (1 / Double(count) + 1 / rows).squareRoot()
        let low = max(0, mean - ConfidenceInterval.z95 * error)
        let high = mean + ConfidenceInterval.z95 * error
        guard metric == .rmse else { return MetricValue(mean, count: count, bounds: (low, high)) }
        return MetricValue(mean.squareRoot(), count: count, bounds: (low.squareRoot(), high.squareRoot()))
    }
}
