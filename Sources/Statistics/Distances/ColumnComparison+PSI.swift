import Foundation

extension ColumnComparison {
    /// Population stability index Σ (p − q)·ln(p/q) over the smoothed shares (Siddiqi 2006; Jeffreys' divergence).
    ///
    /// Its p-value: PSI·mn/(m + n) is asymptotically χ² with (cells − 1) degrees of freedom when nothing has drifted
    /// (Yurdakul and Naranjo 2020). The law fails where expected counts are small, so it is taken on the pooled cells of
    /// `PooledCells` (expected counts of at least 5). If fewer than two are left of several, the samples are too small or
    /// the column's categories too rare for any statement: `insufficient`.
    ///
    /// (50, 50) against (60, 40): 0.0398, with p 0.161.
    public func psi() -> StatisticValue {
        let cells = cells
        guard let shares = cells.smoothedShares else { return StatisticValue(status: .noData) }
        guard let pValue = Self.psiPValue(cells) else {
            return StatisticValue(status: .insufficient, method: "too few values per cell")
        }
        return StatisticValue(value: Self.psi(shares), pValue: pValue, method: "chi_square")
    }

    /// PSI − (B − 1)(1/m + 1/n): what is left of PSI when the part that chance alone gives is taken off. Around zero, and
    /// then often negative, when nothing has drifted. The same p-value.
    public func psiExcess() -> StatisticValue {
        let cells = cells
        let plain = psi()
        guard let value = plain.value else { return plain }
        let bias = Double(cells.occupied.count - 1) * (1 / cells.referenceTotal + 1 / cells.windowTotal)
        return StatisticValue(value: value - bias, pValue: plain.pValue, method: plain.method)
    }

    static func psi(_ shares: [(q: Double, p: Double)]) -> Double {
        shares.reduce(0) { $0 + ($1.p - $1.q) * log($1.p / $1.q) }
    }

    /// `nil` where the law does not hold.
    private static func psiPValue(_ cells: CellPair) -> Double? {
        let pooled = PooledCells(
            cells.reference, cells.window, minimumExpected: TwoSampleTests.minimumExpected, rareCells: cells.rareCells,
            isOrdered: cells.isOrdered)
        guard pooled.first.count > 1 else { return pooled.occupied > 1 ? nil : 1 }
        let (m, n) = pooled.totals
        let counts = zip(pooled.first, pooled.second).map { (reference: $0, window: $1) }
        let psi = psi(CellPair.smoothed(counts, m, n))
        return TwoSampleTests.chiSquareTail(psi * (m / (m + n)) * n, degrees: pooled.first.count - 1)
    }
}
