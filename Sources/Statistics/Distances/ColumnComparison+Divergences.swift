import Foundation

extension ColumnComparison {
    /// Kullback–Leibler divergence of the window from the reference, Σ p·ln(p/q) over the smoothed shares, in nats.
    ///
    /// Reference (50, 50), window (60, 40): 0.0197.
    public func kl() -> StatisticValue {
        guard let shares = cells.smoothedShares else { return StatisticValue(status: .noData) }
        return StatisticValue(value: max(0, shares.reduce(0) { $0 + $1.p * log($1.p / $1.q) }))
    }

    /// Jensen–Shannon distance: the square root of the divergence ½Σ p·log₂(p/r) + ½Σ q·log₂(q/r) with r = (p + q)/2;
    /// unsmoothed, 0…1 (Endres and Schindelin 2003).
    ///
    /// (1, 0) against (0, 1): 1.
    public func jensenShannon() -> StatisticValue {
        distance { shares in
            func half(_ x: Double, _ r: Double) -> Double { x > 0 ? x * log2(x / r) / 2 : 0 }
            let divergence = shares.reduce(0) { sum, share in
                let middle = (share.p + share.q) / 2
                return sum + half(share.p, middle) + half(share.q, middle)
            }
            return max(0, divergence).squareRoot()
        }
    }

    /// √(½ Σ (√p − √q)²), unsmoothed, 0…1.
    public func hellinger() -> StatisticValue {
        distance { shares in
            let sum = shares.reduce(0) { sum, share in
                let difference = share.p.squareRoot() - share.q.squareRoot()
                return sum + difference * difference
            }
            return (sum / 2).squareRoot()
        }
    }

    /// ½ Σ |p − q|, unsmoothed: the share of the window that would have to move. 0…1.
    public func totalVariation() -> StatisticValue {
        distance { $0.reduce(0) { $0 + ($1.p - $1.q).magnitude } / 2 }
    }

    /// max |p − q|, unsmoothed, 0…1.
    public func lInfinity() -> StatisticValue {
        distance { $0.reduce(0) { max($0, ($1.p - $1.q).magnitude) } }
    }

    private func distance(_ measure: ([(q: Double, p: Double)]) -> Double) -> StatisticValue {
        guard let shares = cells.shares else { return StatisticValue(status: .noData) }
        // Rounding can pass the end of the range by the last digit.
        return StatisticValue(value: min(1, measure(shares)))
    }

    /// The two-sample chi-square test on the cells (`TwoSampleTests.chiSquareContingency`).
    public func chiSquare() -> StatisticValue {
        let cells = cells
        return Self.value(
            TwoSampleTests.chiSquareContingency(
                cells.reference, cells.window, rareCells: cells.rareCells, isOrdered: cells.isOrdered))
    }

    /// The likelihood-ratio test on the cells (`TwoSampleTests.gTest`).
    public func gTest() -> StatisticValue {
        let cells = cells
        return Self.value(
            TwoSampleTests.gTest(
                cells.reference, cells.window, rareCells: cells.rareCells, isOrdered: cells.isOrdered))
    }

    static func value(_ result: TestResult) -> StatisticValue {
        guard result.status == .ok else { return StatisticValue(status: result.status, method: result.method) }
        return StatisticValue(value: result.statistic, pValue: result.pValue, method: result.method)
    }

    /// |share missing in the window − share missing in the reference|, with the p-value of the 2×2 chi-square test where
    /// its expected counts are at least 5.
    public func missingRate() -> StatisticValue {
        let (m, n) = (reference.total, window.total)
        guard m > 0, n > 0 else { return StatisticValue(status: .noData) }
        let rates = (Double(reference.missing) / Double(m), Double(window.missing) / Double(n))
        let test = TwoSampleTests.chiSquareContingency(
            [reference.missing, m &- reference.missing], [window.missing, n &- window.missing])
        return StatisticValue(
            value: (rates.0 - rates.1).magnitude, pValue: test.status == .ok ? test.pValue : nil,
            method: test.status == .ok ? test.method : nil)
    }
}
