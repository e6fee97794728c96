/// What a test on two samples found.
public struct TestResult: Sendable, Equatable {
    public var statistic: Double
    /// 1 where the test has no evidence to give (see `status`).
    public var pValue: Double
    /// `exact`, `asymptotic`, `chi_square`, `student_t`, `normal`, `interpolated`.
    public var method: String
    /// Whole for the chi-square tests, a fraction for Welch's.
    public var degreesOfFreedom: Double?
    /// `insufficient` or `noData` where the p-value means nothing.
    public var status: StatisticStatus

    public init(
        statistic: Double, pValue: Double, method: String, degreesOfFreedom: Double? = nil,
        status: StatisticStatus = .ok
    ) {
        self.statistic = statistic
        self.pValue = pValue
        self.method = method
        self.degreesOfFreedom = degreesOfFreedom
        self.status = status
    }
}

/// Tests of "both samples come from one distribution".
///
/// Values that are not finite are left out; where a sample has none left the status is `noData`. Whatever the values, the
/// statistic is finite and the p-value in 0…1.
public enum TwoSampleTests {
    /// Which difference from "no difference" counts.
    public enum Alternative: Sendable, CaseIterable {
        case twoSided
        /// The first sample tends to smaller values (for Kolmogorov–Smirnov, as in SciPy: its distribution function lies
        /// *below* the second's, so its values are larger).
        case less
        /// The opposite of `less`.
        case greater
    }

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
