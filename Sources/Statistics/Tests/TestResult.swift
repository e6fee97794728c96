/// What a test on two samples found.
public struct TestResult: Sendable, Equatable {
    public var statistic: Double
    /// 1 where the test has no evidence to give (see `status`).
    public var pValue: Double
    /// `exact`, `asymptotic`, `chi_square`.
    public var method: String
    public var degreesOfFreedom: Int?
    /// `insufficient` or `noData` where the p-value means nothing.
    public var status: StatisticStatus

    public init(
        statistic: Double, pValue: Double, method: String, degreesOfFreedom: Int? = nil, status: StatisticStatus = .ok
    ) {
        self.statistic = statistic
        self.pValue = pValue
        self.method = method
        self.degreesOfFreedom = degreesOfFreedom
        self.status = status
    }
}

/// Tests of "both samples come from one distribution".
public enum TwoSampleTests {
    /// How a p-value is computed.
    public enum Method: Sendable {
        /// Exact where both samples have at most 10,000 values, else asymptotic, as SciPy's `auto`.
        case automatic
        /// Exact unless the least common multiple of the sizes passes 2³¹ (then asymptotic, as SciPy).
        case exact
        /// The finite-sample law at the effective size round(mn/(m + n)), as SciPy's `asymp`.
        case asymptotic
    }
}
