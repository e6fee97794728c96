/// What makes an evidence count: the threshold calibration. A calibrated detector (analytic, empirical) would stand in
/// this place, with the same two questions answered from a p-value or an e-value.
struct ThresholdCalibration {
    var limit: Limit
    var maximumPValue: Double?
    var persistence: Persistence
    /// Whether the value's whole interval must be beyond the limit.
    var asksForInterval = false

    /// The value is beyond the limit.
    func hasEffect(_ value: Double) -> Bool { limit.isExceeded(by: value) }

    /// The interval is beyond the limit and the p-value is small enough, where they are asked for. A number without an
    /// interval, or without a p-value, has no evidence then.
    func hasEvidence(_ pValue: Double?, interval: ClosedRange<Double>? = nil) -> Bool {
        if asksForInterval {
            guard let interval,
                limit.isExceeded(by: limit.nearEnd(low: interval.lowerBound, high: interval.upperBound))
            else { return false }
        }
        guard let maximumPValue else { return true }
        guard let pValue else { return false }
        return pValue <= maximumPValue
    }
}
