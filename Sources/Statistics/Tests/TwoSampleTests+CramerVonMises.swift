extension TwoSampleTests {
    /// Up to this many values on both sides the Cramér–von Mises law is counted out, as in SciPy.
    static let maximumExactCramerVonMises = 20

    /// What tied values mean to the Cramér–von Mises statistic.
    public enum Ties: Sendable {
        /// They lie on a straight line between the distribution functions before and after them.
        case spread
        /// They have their mean rank in Anderson's U, as in SciPy. Not for a judgement: between samples of different sizes
        /// ties alone make the statistic large (two constant samples of 10 and 20: T = 1.25, p = 0.0006).
        case midranks
    }

    /// The two-sample Cramér–von Mises test (Anderson 1962): T = mn/(m + n)²·Σ (F − G)² over all m + n values. Sensitive
    /// to differences anywhere in the middle of the distribution. Equals SciPy's `cramervonmises_2samp` without ties, and
    /// with them for `midranks`.
    ///
    /// The p-value: exact up to 20 values a side without ties, else T brought to the mean and variance of its limit law.
    /// Ties lower both moments; they are then those of a Brownian bridge that is straight across each tied value, so that
    /// the size stays right (a column of two values included). Fewer than two values on a side: `insufficient`.
    ///
    /// (1, 2, 3, 4) against (5, 6, 7, 8): T = 0.6875, p = 0.0286.
    public static func cramerVonMises(
        _ a: [Double], _ b: [Double], method: Method = .automatic, ties: Ties = .spread
    ) -> TestResult {
        guard let groups = RankedGroups([a, b]) else {
            return TestResult(statistic: 0, pValue: 1, method: "exact", status: .noData)
        }
        let isSmall = groups.sizes.allSatisfy { $0 <= Double(maximumExactCramerVonMises) }
        let isExact = method == .exact || (method == .automatic && isSmall)
        return cramerVonMises(groups, isExact: isExact, ties: ties)
    }

    static func cramerVonMises(_ groups: RankedGroups, isExact: Bool, ties: Ties) -> TestResult {
        let (m, n) = (groups.sizes[0], groups.sizes[1])
        guard min(m, n) >= 2 else {
            return TestResult(statistic: 0, pValue: 1, method: "asymptotic", status: .insufficient)
        }
        let isSpread = ties == .spread && groups.hasTies
        let u = andersonsU(groups)
        let statistic = isSpread ? spreadStatistic(groups) : u / (m * n * (m + n)) - (4 * m * n - 1) / (6 * (m + n))
        if isExact, !isSpread {
            return TestResult(
                statistic: statistic, pValue: CramerVonMises.exact(u: u, Int(m), Int(n)), method: "exact")
        }
        let total = m + n
        let ratio = isSpread ? tiedMoments(groups) : (mean: 1, variance: 1)
        guard ratio.mean > 0, ratio.variance > 0 else {
            return TestResult(statistic: max(0, statistic), pValue: 1, method: "asymptotic")
        }
        let mean = (1 + 1 / total) / 6 * ratio.mean
        let spread = 4 * m * n * total - 3 * (m * m + n * n) - 2 * m * n
        let variance = (total + 1) * spread / (45 * total * total * 4 * m * n) * ratio.variance
        let standardized = 1.0 / 6 + (statistic - mean) / (45 * variance).squareRoot()
        return TestResult(
            statistic: statistic, pValue: CramerVonMises.limit(tailAbove: standardized), method: "asymptotic")
    }

    /// m·Σ(rᵢ − i)² + n·Σ(sⱼ − j)² with r and s the midranks of both samples, from their counts.
    private static func andersonsU(_ groups: RankedGroups) -> Double {
        let (m, n) = (groups.sizes[0], groups.sizes[1])
        var (below, other) = (0.0, 0.0)
        var sums = (0.0, 0.0)
        for (a, b) in zip(groups.counts[0], groups.counts[1]) {
            let (first, second) = (other + b / 2, below + a / 2)
            sums.0 += a * first * first + a * (a * a - 1) / 12
            sums.1 += b * second * second + b * (b * b - 1) / 12
            below += a
            other += b
        }
        return m * sums.0 + n * sums.1
    }

    /// mn/(m + n)²·Σ (F − G)² with the t values of a tie in equal steps from D before to D after it: the mean of D² over
    /// both ends of every step, which is (l² + lr + r²)/3 + (r − l)²/(6t²) per value.
    private static func spreadStatistic(_ groups: RankedGroups) -> Double {
        let (m, n) = (groups.sizes[0], groups.sizes[1])
        var (below, other, left, sum) = (0.0, 0.0, 0.0, 0.0)
        for (a, b) in zip(groups.counts[0], groups.counts[1]) {
            below += a
            other += b
            let right = below / m - other / n
            let run = a + b
            sum += run * (left * left + left * right + right * right) / 3 + (right - left) * (right - left) / (6 * run)
            left = right
        }
        return m * n / ((m + n) * (m + n)) * sum
    }

    /// Mean and variance of ∫B² for a bridge that is straight within each tied value, over those of the bridge itself (1/6
    /// and 1/45). What is missing within a tie of mass p from l to r is a bridge of length p of its own: p²/6 in the mean,
    /// 4p³(α/45 + 7β/180 + γ/45) + p⁴/45 in the variance, with α = l(1 − l), β = l(1 − r), γ = r(1 − r).
    private static func tiedMoments(_ groups: RankedGroups) -> (mean: Double, variance: Double) {
        let total = groups.total
        var left = 0.0
        var missing = (mean: 0.0, variance: 0.0)
        for run in groups.pooled {
            let p = run / total
            let right = left + p
            let corners = (left * (1 - left) + right * (1 - right)) / 45 + 7 * left * (1 - right) / 180
            missing.mean += p * p / 6
            missing.variance += 4 * p * p * p * corners + p * p * p * p / 45
            left = right
        }
        // A value of its own is a step, not a tie; without any tie nothing is missing.
        let scale = 1 - 1 / total
        return (max(0, 1 - 6 * missing.mean) / scale, max(0, 1 - 45 * missing.variance))
    }
}
