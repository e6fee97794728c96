/// What makes an evidence count: the threshold calibration. A calibrated detector (analytic, empirical) would stand in
/// this place, with the same two questions answered from a p-value or an e-value.
struct ThresholdCalibration {
    var limit: Limit
    var maximumPValue: Double?
    var persistence: Persistence

    /// The value is beyond the limit.
    func hasEffect(_ value: Double) -> Bool { limit.isExceeded(by: value) }

    /// The p-value is small enough, or none is asked for.
    func hasEvidence(_ pValue: Double?) -> Bool {
        guard let maximumPValue else { return true }
        guard let pValue else { return false }
        return pValue <= maximumPValue
    }
}
