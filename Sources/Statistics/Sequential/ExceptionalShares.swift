import CBoostMath
import Foundation

/// What a window shows of the values that no cell of the test over a whole column holds: missing ones, invalid ones, and those
/// that the reference does not list. Part of what is said of a window; the evidence has alternatives of its own for them.
struct ExceptionalShares {
    /// Σ (p − q)²/((p + q)/2) over the three shares, less what chance alone gives; ≥ 0. For small changes that is
    /// Pearson's divergence, and for shares that the reference hardly has it stays below 2 each.
    private(set) var divergence = 0.0
    /// Of each share: that it lies as far beyond what its reference's error and the smallest effect allow.
    private(set) var pValues: [Double] = []
    /// The same against the reference's own share, as a two-sample test (chi-square, one degree).
    private(set) var plainPValues: [Double] = []

    /// - Parameters:
    ///   - signals: all of a column, with what the window shows of each.
    ///   - smallest: the change of a share that is not yet an effect.
    init(signals: [EvidenceSignal], readings: [SignalReading], dispersions: [Double], smallest: Double) {
        for ((signal, reading), dispersion) in zip(zip(signals, readings), dispersions) {
            switch signal.source {
            case .missing, .invalid, .unlisted:
                if reading.count > 0 { add(signal, reading, dispersion, smallest) }
            case .location, .spread, .shape, .category: break
            }
        }
    }

    /// Whether any of the shares differs from the reference's.
    var showsNothing: Bool { divergence == 0 && plainPValues.allSatisfy { $0 == 1 } }

    private mutating func add(
        _ signal: EvidenceSignal, _ reading: SignalReading, _ dispersion: Double, _ smallest: Double
    ) {
        let (share, before) = (reading.sum / reading.count, signal.mean)
        guard share != before else {
            pValues.append(1)
            plainPValues.append(1)
            return
        }
        let difference = (share - before) * (share - before)
        divergence += max(0, difference / ((share + before) / 2) - dispersion * (1 - before) / reading.count)
        let known = ToleranceTests.shareBounds(
            count: before * signal.rows, of: signal.rows, dispersion: dispersion)
        let allowed =
            min(known.lowerBound, max(0, before - smallest))...max(known.upperBound, min(1, before + smallest))
        pValues.append(ToleranceTests.shareTail(reading, allowed: allowed, dispersion: dispersion))
        let pooled = (reading.sum + before * signal.rows) / (reading.count + signal.rows)
        let variance = pooled * (1 - pooled) * (1 / reading.count + 1 / signal.rows) * dispersion
        plainPValues.append(TwoSampleTests.chiSquareTail(difference / variance, degrees: 1))
    }
}

extension ToleranceTests {
    /// The exact two-sided binomial tail of a share beyond the nearer end of what is allowed; 1 within.
    ///
    /// 5 of 100 with 0…0.01 allowed: 2·P(X ≥ 5) = 0.00686.
    static func shareTail(_ reading: SignalReading, allowed: ClosedRange<Double>, dispersion: Double = 1) -> Double {
        let (hits, misses) = (reading.sum / dispersion, (reading.count - reading.sum) / dispersion)
        let share = reading.sum / reading.count
        if share > allowed.upperBound {
            return min(1, 2 * td_beta_lower_tail(allowed.upperBound, hits, misses + 1))
        }
        if share < allowed.lowerBound {
            return min(1, 2 * td_beta_lower_tail(1 - allowed.lowerBound, misses, hits + 1))
        }
        return 1
    }
}
