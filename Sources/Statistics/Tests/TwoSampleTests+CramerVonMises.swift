extension TwoSampleTests {
    /// Up to this many values on both sides the Cramér–von Mises law is counted out, as in SciPy.
    static let maximumExactCramerVonMises = 20

    /// What tied values mean to the Cramér–von Mises statistic.
    public enum Ties: Sendable {
        /// They have one difference F − G, the mean of those before and after them.
        case shared
        /// They have their mean rank in Anderson's U, as in SciPy. Not for a judgement: between samples of different sizes
        /// ties alone make the statistic large (two constant samples of 10 and 20: T = 1.25, p = 0.0006).
        case midranks
    }

    /// The two-sample Cramér–von Mises test (Anderson 1962): T = mn/(m + n)²·Σ (F − G)² over all m + n values. Sensitive
    /// to differences anywhere in the middle of the distribution. Equals SciPy's `cramervonmises_2samp` without ties, and
    /// with them for `midranks`.
    ///
    /// The p-value: exact up to 20 values a side without ties (where asked, up to 40), else T brought to the mean and variance of its limit law.
    /// Ties change its moments; the first three are then taken as they are under the ties (`TiedBridge`), so that the size
    /// stays right down to a column of two values. Fewer than two values on a side: `insufficient`.
    ///
    /// (1, 2, 3, 4) against (5, 6, 7, 8): T = 0.6875, p = 0.0286.
    public static func cramerVonMises(
        _ a: [Double], _ b: [Double], method: Method = .automatic, ties: Ties = .shared
    ) -> TestResult {
        guard let groups = RankedGroups([a, b]) else {
            return TestResult(statistic: 0, pValue: 1, method: "exact", status: .noData)
        }
        let most =
            switch method {
            case .automatic: maximumExactCramerVonMises
            case .exact: 2 * maximumExactCramerVonMises
            case .asymptotic: 0
            }
        let isExact = groups.sizes.allSatisfy { $0 <= Double(most) }
        return cramerVonMises(groups, isExact: isExact, ties: ties)
    }

    static func cramerVonMises(_ groups: RankedGroups, isExact: Bool, ties: Ties) -> TestResult {
        let (m, n) = (groups.sizes[0], groups.sizes[1])
        guard min(m, n) >= 2 else {
            return TestResult(statistic: 0, pValue: 1, method: "asymptotic", status: .insufficient)
        }
        let isShared = ties == .shared && groups.hasTies
        let u = andersonsU(groups)
        let statistic = isShared ? sharedStatistic(groups) : u / (m * n * (m + n)) - (4 * m * n - 1) / (6 * (m + n))
        if isExact, !isShared {
            return TestResult(
                statistic: statistic, pValue: CramerVonMises.exact(u: u, Int(m), Int(n)), method: "exact")
        }
        guard isShared else {
            let z = (statistic - mean(m, n)) / variance(m, n).squareRoot()
            return TestResult(
                statistic: statistic, pValue: cramerVonMisesLimit(standardized: z), method: "asymptotic")
        }
        let total = m + n
        let bridge = TiedBridge(groups) { p, _ in p }
        guard bridge.variance > 0 else {
            return TestResult(statistic: statistic, pValue: 1, method: "asymptotic")
        }
        // The mean is that of all arrangements; the variance takes from the bridge what ties change.
        let tiedMean = total / (total - 1) * (bridge.mean + Double(groups.distinct - 1) / (4 * total * total))
        let z = (statistic - tiedMean) / (variance(m, n) * 45 * bridge.variance).squareRoot()
        // That of ∫B²: third cumulant 8/945, variance 1/45.
        let pValue = cramerVonMisesLimit(standardized: z) * bridge.tailRatio(at: z, skewness: 2.555_506_259_999)
        return TestResult(statistic: statistic, pValue: min(1, pValue), method: "asymptotic")
    }

    /// The limit law has mean 1/6 and variance 1/45.
    private static func cramerVonMisesLimit(standardized z: Double) -> Double {
        CramerVonMises.limit(tailAbove: 1.0 / 6 + z / 45.0.squareRoot())
    }

    /// The moments of T without ties (Anderson 1962, equations 11 and 14).
    private static func mean(_ m: Double, _ n: Double) -> Double { (1 + 1 / (m + n)) / 6 }

    private static func variance(_ m: Double, _ n: Double) -> Double {
        let total = m + n
        let spread = 4 * m * n * total - 3 * (m * m + n * n) - 2 * m * n
        return (total + 1) * spread / (45 * total * total * 4 * m * n)
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

    /// mn/(m + n)²·Σ (F − G)², as the mean of the sums over the differences before and after each value. For a tie of t
    /// values with l before and r after it that is t·((l + r)/2)² + (r − l)²/(4t).
    private static func sharedStatistic(_ groups: RankedGroups) -> Double {
        let (m, n) = (groups.sizes[0], groups.sizes[1])
        var (below, other, left, sum) = (0.0, 0.0, 0.0, 0.0)
        for (a, b) in zip(groups.counts[0], groups.counts[1]) {
            below += a
            other += b
            let right = below / m - other / n
            let run = a + b
            let (middle, step) = ((left + right) / 2, right - left)
            sum += run * middle * middle + step * step / (4 * run)
            left = right
        }
        return m * n / ((m + n) * (m + n)) * sum
    }
}
