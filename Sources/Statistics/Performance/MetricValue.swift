/// A metric of some labelled predictions.
public struct MetricValue: Codable, Sendable, Equatable {
    /// `nil` where it is not defined: nothing to measure, a metric of another task, ROC AUC of one class.
    public var value: Double?
    /// Pairs that it was computed from.
    public var count: Int64
    /// 95 % confidence interval, never outside the metric's range; `nil` where there is too little for one (a mean of
    /// one term).
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

    init(_ value: Double?, count: Int64, bounds: ConfidenceInterval.Bounds?, errorBound: Double? = nil) {
        // A number that is not finite is no number: sums that overflowed, a ratio of nothing.
        guard let value, value.isFinite else {
            self.init(value: nil, count: count)
            return
        }
        let usable = bounds.flatMap { $0.low.isFinite && $0.high.isFinite ? $0 : nil }
        self.init(
            value: value, count: count, low: usable.map { min($0.low, value) },
            high: usable.map { max($0.high, value) },
            errorBound: errorBound)
    }
}
