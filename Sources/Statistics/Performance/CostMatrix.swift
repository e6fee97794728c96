/// What each kind of decision is worth: money, minutes or points, gains positive and costs negative.
public struct CostMatrix: Sendable, Equatable, Codable {
    public let classes: Int
    /// Row-major: outcome × prediction, as in `MulticlassConfusion`.
    public let values: [Double]

    /// `nil` unless the values are a square of finite numbers.
    public init?(classes: Int, values: [Double]) {
        guard classes > 0, values.count == classes * classes, values.allSatisfy(\.isFinite) else { return nil }
        self.classes = classes
        self.values = values
    }

    /// Of a binary model.
    public init?(trueNegative: Double, falsePositive: Double, falseNegative: Double, truePositive: Double) {
        self.init(classes: 2, values: [trueNegative, falsePositive, falseNegative, truePositive])
    }

    /// Mean value of a prediction, Σ nᵢⱼ·vᵢⱼ / n, in the matrix's unit; times n it is the total.
    ///
    /// Interval: the values brought to 0…1 make a bounded mean, Wilson's interval at its effective sample size. A cell of
    /// great value that has not occurred yet is not in it. `nil` without pairs.
    ///
    /// 28 true positives worth 10 each, 5 false positives worth −2, nothing else of value, 60 pairs: (280 − 10)/60 = 4.5.
    /// - Precondition: as many classes as the matrix.
    public func value(of confusion: MulticlassConfusion) -> MetricValue {
        precondition(confusion.classes == classes, "a cost matrix fits the confusion matrix")
        let count = confusion.count
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        let shares = confusion.counts.map { Double($0) / Double(count) }
        let mean = zip(shares, values).reduce(0) { $0 + $1.0 * $1.1 }
        guard let least = values.min(), let most = values.max(), most > least else {
            return MetricValue(mean, count: count, bounds: (mean, mean))
        }
        let range = most - least
        let variance = zip(shares, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / Double(count)
        let bounds = ConfidenceInterval.bounded(
            min(1, max(0, (mean - least) / range)), variance: variance / range / range, count: Double(count))
        return MetricValue(
            mean, count: count, bounds: bounds.map { (least + $0.low * range, least + $0.high * range) })
    }

    /// As `value(of:)`, of a binary model.
    public func value(of confusion: BinaryConfusion) -> MetricValue { value(of: confusion.classes) }
}
