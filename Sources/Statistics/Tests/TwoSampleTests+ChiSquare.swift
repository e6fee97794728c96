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
        return cellTest(cells) { pearson([$0.first, $0.second]) }
    }

    /// The same test for two or more samples: R×C with (R − 1)(C − 1) degrees of freedom, over the rows and columns that
    /// are not empty. Nothing is pooled: where an expected count is below 5, the status is `insufficient` and the numbers
    /// are there all the same, as SciPy's `chi2_contingency(correction=False)` gives them.
    ///
    /// - Precondition: all rows are counted in the same cells.
    public static func chiSquareContingency(table: [[Int64]]) -> TestResult {
        precondition(Set(table.map(\.count)).count <= 1, "all samples are counted in the same cells")
        let filled = table.filter { $0.contains { $0 > 0 } }
        guard table.count > 1, filled.count == table.count else {
            return TestResult(statistic: 0, pValue: 1, method: "chi_square", status: .noData)
        }
        let columns = filled[0].indices.filter { column in filled.contains { $0[column] > 0 } }
        let rows = filled.map { row in columns.map { Double(row[$0]) } }
        guard columns.count > 1 else {
            return TestResult(statistic: 0, pValue: 1, method: "chi_square", degreesOfFreedom: 0)
        }
        let statistic = pearson(rows)
        let degrees = (rows.count - 1) * (columns.count - 1)
        var smallest = Double.infinity
        _ = sumOverCells(rows) { _, expected in
            smallest = min(smallest, expected)
            return 0
        }
        return TestResult(
            statistic: statistic, pValue: chiSquareTail(statistic, degrees: degrees), method: "chi_square",
            degreesOfFreedom: Double(degrees), status: smallest < minimumExpected ? .insufficient : .ok)
    }

    /// Cramér's V, √(χ²/(N·(min(R, C) − 1))): the strength of an association, 0…1, whatever the number of rows.
    public static func cramersV(chiSquare: Double, total: Int64, rows: Int, columns: Int) -> Double? {
        let most = Double(min(rows, columns) - 1) * Double(total)
        return most > 0 ? min(1, (max(0, chiSquare) / most).squareRoot()) : nil
    }

    private static func pearson(_ rows: [[Double]]) -> Double {
        sumOverCells(rows) { observed, expected in (observed - expected) * (observed - expected) / expected }
    }

    /// P(X > x) of the chi-square distribution.
    static func chiSquareTail(_ x: Double, degrees: Int) -> Double {
        min(1, max(0, td_chi_squared_upper_tail(max(0, x), Double(degrees))))
    }
}
