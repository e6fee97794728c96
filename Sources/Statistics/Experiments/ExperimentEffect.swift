/// What one method says of one treatment against the control.
///
/// Every number is finite, or `nil` where it cannot be computed. With `insufficient` the numbers may be there all the same,
/// but the approximation behind interval and p-value is not to be trusted (too few observations or too rare successes).
public struct ExperimentEffect: Sendable, Equatable {
    /// Treatment minus control, in the metric's unit (relative: as a share of the control).
    public var difference: Double?
    public var standardError: Double?
    /// The bounds of the interval at level 1 − α.
    public var low: Double?
    public var high: Double?
    public var statistic: Double?
    public var degreesOfFreedom: Double?
    /// In 0…1, of "there is no difference", two-sided.
    public var pValue: Double?
    /// Without a unit; which one is said at the method (Cohen's h or d, the odds ratio, P(treatment > control)).
    public var effectSize: Double?
    public var method: String
    public var status: StatisticStatus

    /// Numbers that are not finite are left out, and turn `ok` into `error`.
    init(
        method: String, status: StatisticStatus = .ok, difference: Double? = nil, standardError: Double? = nil,
        low: Double? = nil, high: Double? = nil, statistic: Double? = nil, degreesOfFreedom: Double? = nil,
        pValue: Double? = nil, effectSize: Double? = nil
    ) {
        func finite(_ number: Double?) -> Double? { number.flatMap { $0.isFinite ? $0 : nil } }
        self.method = method
        self.difference = finite(difference)
        self.standardError = finite(standardError)
        self.low = finite(low)
        self.high = finite(high)
        self.statistic = finite(statistic)
        self.degreesOfFreedom = finite(degreesOfFreedom)
        self.pValue = finite(pValue).map { min(1, max(0, $0)) }
        self.effectSize = finite(effectSize)
        let isBroken = [difference, low, high, pValue].contains { $0.map { !$0.isFinite } ?? false }
        self.status = isBroken && status == .ok ? .error : status
    }

    /// What beta posteriors say of a difference: no p-value, for there is none. Without data the prior is no evidence.
    public init(bayesian difference: Double, low: Double, high: Double, hasData: Bool) {
        self.init(
            method: "bayesian", status: hasData ? .ok : .noData, difference: difference, low: low, high: high)
    }
}

/// The unit of a difference.
public enum DifferenceScale: String, Sendable, CaseIterable {
    /// Treatment − control.
    case absolute
    /// (treatment − control)/control: the lift.
    case relative
}
