/// One column of a window against its reference.
///
/// The distances of probabilities (PSI, KL, Jensen–Shannon, Hellinger, total variation, L∞) and the chi-square test work
/// on *cells*: the deciles of a continuous column, else one per value or category; then `missing` as a cell of its own,
/// then `invalid` (±∞ and values of the wrong type) as another. A cell that is empty on both sides is none: it is not
/// among the B cells, so that cells which merely could exist (missing values of a column that has none) change nothing.
///
/// The distances of distribution functions (KS, Cramér–von Mises, Anderson–Darling, Wasserstein, energy) are over the finite
/// values, for numeric columns only: missing values have no place on a line. `missing_rate` has their share.
///
/// This is what a stream allows: counts on a grid. Where both samples are kept whole, as in `compare`, the tests are made
/// on the values themselves (`TwoSampleTests`), with exact laws where those exist.
public struct ColumnComparison: Sendable {
    public let reference: ColumnReference
    public let window: ColumnSummary

    /// - Precondition: the window was counted on this reference.
    public init(reference: ColumnReference, window: ColumnSummary) {
        precondition(window.counts.count == reference.cellCount, "a window is compared with its own reference")
        self.reference = reference
        self.window = window
    }

    public func compute(_ statistic: DriftStatistic) -> StatisticValue {
        switch statistic {
        case .psi: psi()
        case .psiExcess: psiExcess()
        case .kl: kl()
        case .jensenShannon: jensenShannon()
        case .hellinger: hellinger()
        case .totalVariation: totalVariation()
        case .lInfinity: lInfinity()
        case .ks: kolmogorovSmirnov()
        case .cramerVonMises: cramerVonMises()
        case .andersonDarling: andersonDarling()
        case .chiSquare: chiSquare()
        case .gTest: gTest()
        case .wasserstein: wasserstein()
        case .wassersteinNormalized: wassersteinNormalized()
        case .energy: energy()
        case .missingRate: missingRate()
        }
    }

    /// The cells of both sides, in which `cells` of the type's comment are counted.
    var cells: CellPair {
        let counts: (reference: [Int64], window: [Int64])
        var rare: Set<Int> = []
        var isOrdered = false
        if case .grid(_, let deciles) = reference.binning {
            counts = (grouped(reference.counts, deciles), grouped(window.counts, deciles))
            isOrdered = true
        } else {
            counts = (reference.counts, window.counts)
            rare = reference.unlistedCells
        }
        return CellPair(
            reference: counts.reference + [reference.missing, reference.invalid],
            window: counts.window + [window.missing, window.invalid &+ window.violations], rareCells: rare,
            isOrdered: isOrdered)
    }

    private func grouped(_ counts: [Int64], _ groups: [UInt8]) -> [Int64] {
        var sums = [Int64](repeating: 0, count: Int(groups.last ?? 0) + 1)
        for (count, group) in zip(counts, groups) { sums[Int(group)] &+= count }
        return sums
    }
}

/// Counts of two samples in the same cells.
struct CellPair {
    var reference: [Int64]
    var window: [Int64]
    /// Cells that stand for "anything else".
    var rareCells: Set<Int>
    /// Deciles of the reference.
    var isOrdered: Bool

    var referenceTotal: Double { reference.reduce(0) { $0 + Double($1) } }
    var windowTotal: Double { window.reduce(0) { $0 + Double($1) } }

    /// The pairs of counts that are not both zero.
    var occupied: [(reference: Double, window: Double)] {
        zip(reference, window).filter { $0 > 0 || $1 > 0 }.map { (Double($0), Double($1)) }
    }

    /// Unsmoothed shares (q of the reference, p of the window), or `nil` where a side is empty.
    var shares: [(q: Double, p: Double)]? {
        let (m, n) = (referenceTotal, windowTotal)
        guard m > 0, n > 0 else { return nil }
        return occupied.map { ($0.reference / m, $0.window / n) }
    }

    /// Shares for logarithms: (count + ½)/(total + B/2) on both sides, never a float epsilon.
    var smoothedShares: [(q: Double, p: Double)]? {
        let (m, n) = (referenceTotal, windowTotal)
        guard m > 0, n > 0 else { return nil }
        return Self.smoothed(occupied, m, n)
    }

    static func smoothed(
        _ counts: [(reference: Double, window: Double)], _ m: Double, _ n: Double
    ) -> [(q: Double, p: Double)] {
        let half = 0.5 * Double(counts.count)
        return counts.map { (($0.reference + 0.5) / (m + half), ($0.window + 0.5) / (n + half)) }
    }
}
