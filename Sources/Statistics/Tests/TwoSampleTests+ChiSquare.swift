import CBoostMath

extension TwoSampleTests {
    /// The smallest expected count of a cell for which the chi-square law is trusted (Cochran 1954).
    static let minimumExpected = 5.0

    /// The chi-square test of a 2×K contingency table, without Yates' correction: Σ (observed − expected)²/expected with
    /// K − 1 degrees of freedom, over the cells that are not empty on both sides. Both samples are samples: never a
    /// goodness-of-fit test that takes one for exact. Equals SciPy's `chi2_contingency(correction=False)` where nothing
    /// was pooled.
    ///
    /// Pooling (see `PooledCells`) needs expected counts of at least 5 everywhere. If fewer than two cells are left, the
    /// status is `insufficient`; if there was one cell to begin with, both samples are the same constant: 0, p = 1.
    ///
    /// (30, 70) against (45, 55): 4.8, p = 0.0285.
    /// - Parameters:
    ///   - rareCells: cells that stand for "anything else" (see `PooledCells`).
    ///   - isOrdered: the cells were cut from one of the samples, in order: neighbours are pooled.
    public static func chiSquareContingency(
        _ a: [Int64], _ b: [Int64], pooling: Bool = true, rareCells: Set<Int> = [], isOrdered: Bool = false
    ) -> TestResult {
        precondition(a.count == b.count, "both samples are counted in the same cells")
        let cells = PooledCells(
            a, b, minimumExpected: pooling ? minimumExpected : 0, rareCells: rareCells,
            isOrdered: isOrdered)
        guard cells.totals.0 > 0, cells.totals.1 > 0 else {
            return TestResult(statistic: 0, pValue: 1, method: "chi_square", status: .noData)
        }
        let degrees = cells.first.count - 1
        guard degrees > 0 else {
            return TestResult(
                statistic: 0, pValue: 1, method: "chi_square", degreesOfFreedom: 0,
                status: cells.occupied > 1 ? .insufficient : .ok)
        }
        let statistic = pearson(cells)
        return TestResult(
            statistic: statistic, pValue: chiSquareTail(statistic, degrees: degrees), method: "chi_square",
            degreesOfFreedom: degrees)
    }

    private static func pearson(_ cells: PooledCells) -> Double {
        let (m, n) = cells.totals
        var statistic = 0.0
        for (a, b) in zip(cells.first, cells.second) {
            let expected = ((a + b) * (m / (m + n)), (a + b) * (n / (m + n)))
            statistic += (a - expected.0) * (a - expected.0) / expected.0
            statistic += (b - expected.1) * (b - expected.1) / expected.1
        }
        return statistic
    }

    /// P(X > x) of the chi-square distribution.
    static func chiSquareTail(_ x: Double, degrees: Int) -> Double {
        min(1, max(0, td_chi_squared_upper_tail(max(0, x), Double(degrees))))
    }
}
