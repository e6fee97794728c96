import Foundation

extension TwoSampleTests {
    /// The smallest expected count for which the chi-square law is trusted with the log-likelihood statistic. With the 5
    /// of Pearson's statistic its size is too large: `docs/statistics.md` has the figures.
    static let minimumExpectedOfG = 5.0

    /// The G-test (likelihood ratio) of a 2×K contingency table: 2·Σ observed·ln(observed/expected) with K − 1 degrees of
    /// freedom, over the cells that are not empty on both sides (Wilks 1938; Sokal and Rohlf 1981). Equals SciPy's
    /// `chi2_contingency(correction=False, lambda_="log-likelihood")` where nothing was pooled. Pooling, status and
    /// parameters as for `chiSquareContingency`.
    ///
    /// (30, 70) against (45, 55): 4.8256, p = 0.0280.
    public static func gTest(
        _ a: [Int64], _ b: [Int64], pooling: Bool = true, rareCells: Set<Int> = [], isOrdered: Bool = false
    ) -> TestResult {
        precondition(a.count == b.count, "both samples are counted in the same cells")
        let cells = PooledCells(
            a, b, minimumExpected: pooling ? minimumExpectedOfG : 0, rareCells: rareCells, isOrdered: isOrdered)
        return cellTest(cells) { logLikelihood([$0.first, $0.second]) }
    }

    /// What the tests on cells have in common: no data, one cell, too few cells, else the chi-square law.
    static func cellTest(_ cells: PooledCells, _ statistic: (PooledCells) -> Double) -> TestResult {
        guard cells.totals.0 > 0, cells.totals.1 > 0 else {
            return TestResult(statistic: 0, pValue: 1, method: "chi_square", status: .noData)
        }
        let degrees = cells.first.count - 1
        guard degrees > 0 else {
            return TestResult(
                statistic: 0, pValue: 1, method: "chi_square", degreesOfFreedom: 0,
                status: cells.occupied > 1 ? .insufficient : .ok)
        }
        let value = statistic(cells)
        return TestResult(
            statistic: value, pValue: chiSquareTail(value, degrees: degrees), method: "chi_square",
            degreesOfFreedom: Double(degrees))
    }

    static func logLikelihood(_ rows: [[Double]]) -> Double {
        sumOverCells(rows) { observed, expected in observed > 0 ? 2 * observed * log(observed / expected) : 0 }
    }

    /// Σ over rows and columns of a term of the observed and the expected count.
    static func sumOverCells(_ rows: [[Double]], _ term: (Double, Double) -> Double) -> Double {
        let totals = rows.map { $0.reduce(0, +) }
        let all = totals.reduce(0, +)
        var sum = 0.0
        for column in rows[0].indices {
            let size = rows.reduce(0) { $0 + $1[column] }
            for (row, total) in zip(rows, totals) where size > 0 && total > 0 {
                sum += term(row[column], size * (total / all))
            }
        }
        return max(0, sum)
    }
}
