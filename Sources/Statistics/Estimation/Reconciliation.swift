/// What was estimated without labels, held against what the labels said once they were in.
public struct Reconciliation: Sendable, Equatable {
    public let estimated: MetricValue
    public let realized: MetricValue
    /// Estimated − realised with its 95 % interval; `nil` values where either is missing.
    ///
    /// Interval: the distances to the two intervals' bounds added in squares (MOVER, Zou and Donner 2008).
    public let difference: MetricValue
    /// Share of the predictions whose label is in, 0…1; `nil` without predictions.
    public let maturity: Double?

    /// - Parameters:
    ///   - predictions: all predictions of the window.
    ///   - labelled: those whose outcome is known.
    public init(estimated: MetricValue, realized: MetricValue, predictions: Int64, labelled: Int64) {
        self.estimated = estimated
        self.realized = realized
        maturity = predictions > 0 ? min(1, Double(labelled) / Double(predictions)) : nil
        guard let left = estimated.value, let right = realized.value else {
            difference = MetricValue(value: nil, count: labelled)
            return
        }
        var bounds: ConfidenceInterval.Bounds?
        if let low = estimated.low, let high = estimated.high, let otherLow = realized.low,
            let otherHigh = realized.high
        {
            let down = (left - low) * (left - low) + (otherHigh - right) * (otherHigh - right)
            let up = (high - left) * (high - left) + (right - otherLow) * (right - otherLow)
            bounds = (left - right - down.squareRoot(), left - right + up.squareRoot())
        }
        difference = MetricValue(left - right, count: labelled, bounds: bounds)
    }

    /// Whether zero lies in the difference's interval; `nil` where there is none.
    public var agrees: Bool? {
        guard let low = difference.low, let high = difference.high else { return nil }
        return low <= 0 && high >= 0
    }
}
