/// The sample-ratio-mismatch check: did the arms get the shares they were meant to get? If not, assignment or logging is
/// broken, and no number of the experiment means anything (Fabijan et al. 2019).
public struct SampleRatio: Sendable, Equatable {
    /// A p-value below this stops the experiment.
    public static let limit = 0.001

    public let statistic: Double
    public let pValue: Double
    /// `noData` without an observation.
    public let status: StatisticStatus

    public var isOk: Bool { pValue >= Self.limit }

    /// Pearson's chi-square of the counts against shares that are exact, because we chose them: Σ (O − E)²/E with K − 1
    /// degrees of freedom. Equals SciPy's `chisquare`.
    ///
    /// 5,000 and 5,200 at one half each: 3.92, p = 0.0477.
    /// - Parameter shares: positive; scaled to add up to 1.
    public static func check(observed: [Int64], shares: [Double]) -> SampleRatio {
        precondition(observed.count == shares.count && shares.count > 1, "every arm has a share")
        precondition(shares.allSatisfy { $0 > 0 && $0.isFinite }, "shares are positive")
        let total = Double(observed.reduce(0, +))
        guard total > 0 else { return SampleRatio(statistic: 0, pValue: 1, status: .noData) }
        let sum = shares.reduce(0, +)
        var statistic = 0.0
        for (count, share) in zip(observed, shares) {
            let expected = total * share / sum
            statistic += (Double(count) - expected) * (Double(count) - expected) / expected
        }
        return SampleRatio(statistic: statistic, degrees: shares.count - 1)
    }

    init(statistic: Double, pValue: Double, status: StatisticStatus) {
        self.statistic = statistic
        self.pValue = pValue
        self.status = status
    }

    init(statistic: Double, degrees: Int) {
        self.init(
            statistic: statistic, pValue: TwoSampleTests.chiSquareTail(statistic, degrees: degrees),
            status: .ok)
    }
}
