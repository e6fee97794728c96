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
    private var sum: Int128 = 0
    private var squares: Int128 = 0

    /// How well the second model does, on held-out reference rows.
    public struct Quality: Sendable, Equatable, Codable {
        /// Mean predicted loss.
        public var meanLoss: Double
        /// √(Σ(loss − predicted loss)² / Σ predicted loss²). Relative, because where losses are larger they also scatter
        /// more.
        public var relativeDeviation: Double
        /// Held-out rows.
        public var rows: Int64

        public init(meanLoss: Double, relativeDeviation: Double, rows: Int64) {
            self.meanLoss = meanLoss
            self.relativeDeviation = relativeDeviation
            self.rows = rows
        }
    }

    /// The unit of the sums: the reference's mean loss over 2²⁰.
    private var unit: Double { max(quality.meanLoss, 0x1p-900) / 0x1p20 }

    /// - Precondition: `metric` is mae, mse or rmse.
    public init(metric: PerformanceMetric, quality: Quality) {
        precondition([.mae, .mse, .rmse].contains(metric), "losses are absolute or squared errors")
        self.metric = metric
        self.quality = quality
    }

    /// - Parameter loss: what the second model says of one prediction; not finite is ignored.
    public mutating func add(_ loss: Double) {
        guard loss.isFinite else { return }
        let term = Int128(FixedPoint.rounded(min(max(0, loss) / unit, 0x1p40)))
        count += 1
        sum += term
        squares += term * term
    }

    /// - Precondition: the same metric and second model.
    public mutating func merge(_ other: LossEstimate) {
        precondition(
            metric == other.metric && quality == other.quality, "estimates of different losses cannot be added")
        count = FixedPoint.saturatingSum(count, other.count)
        sum += other.sum
        squares += other.squares
    }

    /// The estimate; its 95 % interval is for the realised loss: with r the held-out relative deviation, r²Σm²/n² for the
    /// losses' own scatter about their predictions m, and r²·m̄²/rows for what `rows` held-out rows leave unknown of the
    /// second model's bias.
    public var value: MetricValue {
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        let n = Double(count)
        let mean = Double(sum) * unit / n
        let square = Double(squares) * unit * unit / n
        let error = quality.relativeDeviation * (square / n + mean * mean / Double(max(1, quality.rows))).squareRoot()
        let low = max(0, mean - ConfidenceInterval.z95 * error)
        let high = mean + ConfidenceInterval.z95 * error
        guard metric == .rmse else { return MetricValue(mean, count: count, bounds: (low, high)) }
        return MetricValue(mean.squareRoot(), count: count, bounds: (low.squareRoot(), high.squareRoot()))
    }
}
