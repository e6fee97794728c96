import CBoostMath

extension TwoSampleTests {
    /// The Mann–Whitney U test (Mann and Whitney 1947): U counts the pairs in which the first sample's value is the larger,
    /// ties as half. Sensitive to a shift; the first sample tends to be `less` or `greater` than the second. Equals
    /// SciPy's `mannwhitneyu`.
    ///
    /// Exact (for the law without ties) where asked, or where one sample has at most eight values and nothing is tied, and
    /// only up to mn = 10,000; else the normal law with the variance corrected for ties, and the continuity correction ½
    /// unless it is refused. All values equal: p = 1.
    ///
    /// (1, 2, 3, 4) against (3.5, 5, 6, 7): U = 1, p = 0.0571.
    public static func mannWhitney(
        _ a: [Double], _ b: [Double], alternative: Alternative = .twoSided, method: Method = .automatic,
        continuity: Bool = true
    ) -> TestResult {
        guard let groups = RankedGroups([a, b]) else {
            return TestResult(statistic: 0, pValue: 1, method: "exact", status: .noData)
        }
        let (m, n) = (groups.sizes[0], groups.sizes[1])
        let u = groups.rankSums[0] - m * (m + 1) / 2
        let evidence: (u: Double, factor: Double) =
            switch alternative {
            case .twoSided: (max(u, m * n - u), 2)
            case .less: (m * n - u, 1)
            case .greater: (u, 1)
            }
        let isSmall = min(m, n) <= 8 && !groups.hasTies
        if m * n <= maximumExactPairs, method == .exact || (method == .automatic && isSmall) {
            let tail = MannWhitney.tail(atLeast: Int(evidence.u), Int(m), Int(n))
            return TestResult(statistic: u, pValue: min(1, evidence.factor * tail), method: "exact")
        }
        let total = m + n
        let variance = m * n / 12 * (total + 1 - groups.tieTerm / (total * (total - 1)))
        let distance = evidence.u - m * n / 2 - (continuity ? 0.5 : 0)
        guard variance > 0 else { return TestResult(statistic: u, pValue: 1, method: "asymptotic") }
        let tail = td_normal_upper_tail(distance / variance.squareRoot())
        return TestResult(statistic: u, pValue: min(1, evidence.factor * tail), method: "asymptotic")
    }

    private static let maximumExactPairs = 10_000.0
}

enum MannWhitney {
    /// P(U ≥ u) for samples of m and n without ties. The largest value comes from the first sample, and beats all n of the
    /// second, with probability m/(m + n): sums of positive terms, O(m·n·min(u, mn − u)).
    static func tail(atLeast u: Int, _ m: Int, _ n: Int) -> Double {
        // The law is symmetric: P(U ≥ u) = P(U ≤ mn − u).
        let mirrored = m * n - u
        let last = max(0, min(u - 1, mirrored))
        let sum = probabilities(m, n, upTo: last).reduce(0, +)
        return min(1, mirrored < u ? sum : 1 - (u > 0 ? sum : 0))
    }

    /// P(U = 0…last).
    private static func probabilities(_ m: Int, _ n: Int, upTo last: Int) -> [Double] {
        let start = [1.0] + [Double](repeating: 0, count: last)
        // table[j] is the law for i and j values; with none on a side U is 0.
        var table = Array(repeating: start, count: n + 1)
        for i in 1...m {
            for j in 1...n {
                let (first, second) = (Double(i) / Double(i + j), Double(j) / Double(i + j))
                for value in stride(from: last, through: 0, by: -1) {
                    let won = value >= j ? table[j][value - j] : 0
                    table[j][value] = first * won + second * table[j - 1][value]
                }
            }
        }
        return table[n]
    }
}
