import CBoostMath
import Foundation

/// How evidence against "this column has not drifted" is measured, window by window: worked out once from the reference.
///
/// The evidence is a fixed mixture of e-values: likelihood ratios of the changes that columns usually make (location,
/// spread, shape, one category, missing values: `EvidenceAlternative`), and for all others the p-value of the chi-square
/// test over the cells against the tolerance (`ToleranceTests`), calibrated. All of them test the *tolerance null*: the
/// true difference is at most what the reference's own sampling error or the smallest effect allows. Given the
/// reference, disjoint windows are then independent and each e-value is honest. Sources: Shin, Ramdas, Rinaldo 2023; Wald
/// 1945 for the ratios; Cochran 1952 for the non-central chi-square law.
///
/// The ratios don't take the whole tolerance at once: they compare with a baseline that is the better known the more
/// windows have passed, and that cannot leave the tolerance (`ColumnBaseline`).
public struct ColumnEvidenceModel: Sendable {
    let signals: [EvidenceSignal]
    let alternatives: [EvidenceAlternative]
    let cells: ToleranceCells
    let dispersion: ColumnDispersion
    let reference: ColumnReference
    let smallest: SmallestEffects
    /// Of the test over all cells, in the mixture.
    let overallWeight: Double
    /// The largest Σ(p − q)²/q that is no drift.
    public let tolerance: Double

    /// - Parameters:
    ///   - minimumSample: the fewest events that a window will hold.
    ///   - dispersion: of this reference; made with `ColumnDispersion.estimate`.
    public init(
        reference: ColumnReference, minimumSample: Int64, smallest: SmallestEffects = SmallestEffects(),
        dispersion: ColumnDispersion = .independent
    ) {
        self.reference = reference
        self.dispersion = dispersion
        self.smallest = smallest
        signals = EvidenceSignal.all(of: reference)
        cells = ToleranceCells(reference, minimumSample: minimumSample)
        tolerance = max(
            smallest.divergence,
            ToleranceTests.binnedReferenceError(
                degrees: cells.degrees, referenceSamples: cells.samples, dispersion: dispersion.overall))
        var bank = AlternativeBank(reference: reference, smallest: smallest, minimumSample: minimumSample)
        for (index, signal) in signals.enumerated() {
            bank.add(signal, index: index, dispersion: dispersion.ofSignal(index))
        }
        let overall = cells.degrees > 0 ? 0.2 : 0
        let total = overall + bank.alternatives.reduce(0) { $0 + $1.weight }
        alternatives = bank.alternatives.map { alternative in
            var scaled = alternative
            scaled.weight /= total
            return scaled
        }
        overallWeight = total > 0 ? overall / total : 0
    }

    /// Of the mixture's parts: the alternatives in their order, then the test over all cells. Sums to 1, or to 0 for a
    /// column that nothing can be said about.
    public var weights: [Double] { alternatives.map(\.weight) + [overallWeight] }

    /// What each part of the mixture speaks of.
    public var changes: [ColumnChange] { alternatives.map(\.change) + [.unspecified] }

    /// Of each alternative, the next milder one of the same change, or itself.
    public var milder: [Int] {
        alternatives.indices.map { index in
            guard index > 0 else { return index }
            let (own, other) = (alternatives[index], alternatives[index - 1])
            let isSameKind = own.signal == other.signal && own.isRise == other.isRise
            return isSameKind ? index - 1 : index
        }
    }

    /// What a window shows.
    /// - Parameter baseline: what earlier windows on this reference have added up to.
    public func measure(_ window: ColumnSummary, baseline: ColumnBaseline = ColumnBaseline()) -> ColumnEvidence {
        let readings = signals.map { $0.read(window) }
        let estimates = signals.indices.map {
            estimate($0, sum: baseline.sum($0), count: baseline.count($0))
        }
        var evidence = ColumnEvidence(readings: readings)
        evidence.logEValues.reserveCapacity(alternatives.count + 1)
        for alternative in alternatives {
            let (reading, estimate) = (readings[alternative.signal], estimates[alternative.signal])
            let spread = dispersion.ofSignal(alternative.signal)
            let value = alternative.logEValue(reading, baseline: estimate, dispersion: spread)
            evidence.logEValues.append(min(1e5, max(-1e5, value)))
            evidence.logRatios.append(alternative.logRatio(reading, baseline: estimate, dispersion: spread))
        }
        let exceptional = ExceptionalShares(
            signals: signals, readings: readings, dispersions: signals.indices.map(dispersion.ofSignal),
            smallest: smallest.share)
        guard let statistic = cells.statistic(window) else {
            evidence.logEValues.append(0)
            if !exceptional.showsNothing { evidence.describe(exceptional) }
            return evidence
        }
        let tail = ToleranceTests.binnedTail(
            statistic: statistic.value, degrees: cells.degrees, samples: statistic.count, tolerance: tolerance,
            dispersion: dispersion.overall)
        evidence.logEValues.append(EvidenceCalibrator.logEValue(ofPValue: tail))
        evidence.pValue = tail
        evidence.divergence = max(0, statistic.value - Double(cells.degrees) * dispersion.overall) / statistic.count
        let factor = cells.samples / (cells.samples + statistic.count) / dispersion.overall
        evidence.plainPValue = TwoSampleTests.chiSquareTail(statistic.value * factor, degrees: cells.degrees)
        evidence.describe(exceptional)
        return evidence
    }
}

extension ColumnEvidenceModel {
    /// The baseline of a signal after events with this standardised sum.
    func estimate(_ signal: Int, sum: Double, count: Double) -> BaselineEstimate {
        let isScore = signals[signal].isScore
        let effect = isScore ? smallest.shift : smallest.share / max(signals[signal].deviation, 1e-9)
        return BaselineEstimate(
            sum: sum, count: count, referenceRows: signals[signal].rows, smallest: effect,
            dispersion: dispersion.ofSignal(signal))
    }
}

/// What one window shows of one column.
public struct ColumnEvidence: Sendable, Equatable {
    /// ln e of each part of the mixture.
    public internal(set) var logEValues: [Double] = []
    /// Of each alternative: the log-likelihood ratio against the baseline as it is best known.
    public internal(set) var logRatios: [Double] = []
    /// Of the tests over all cells and of the shares of missing, invalid and unlisted values against the tolerance, the
    /// smallest times their number (Bonferroni); `nil` where the column has too few cells or events.
    public internal(set) var pValue: Double?
    /// Of the same tests without a tolerance, as two-sample tests.
    public internal(set) var plainPValue: Double?
    /// The estimate of Σ(p − q)²/q over the cells, and of the like for missing, invalid and unlisted values
    /// (`ExceptionalShares`), less what chance alone gives; ≥ 0.
    public internal(set) var divergence: Double?
    let readings: [SignalReading]

    init(readings: [SignalReading]) { self.readings = readings }

    /// Adds what the cells do not show to what is said of the window.
    mutating func describe(_ exceptional: ExceptionalShares) {
        divergence = (divergence ?? 0) + exceptional.divergence
        pValue = Self.smallest([pValue].compactMap(\.self) + exceptional.pValues)
        plainPValue = Self.smallest([plainPValue].compactMap(\.self) + exceptional.plainPValues)
    }

    private static func smallest(_ pValues: [Double]) -> Double? {
        pValues.min().map { min(1, $0 * Double(pValues.count)) }
    }

    /// Adds the window to the baseline.
    public func add(to baseline: inout ColumnBaseline) { baseline.add(readings) }
}
