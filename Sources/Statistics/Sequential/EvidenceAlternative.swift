import Foundation

/// One way in which a column might have drifted, and how its likelihood ratio is taken.
struct EvidenceAlternative: Sendable, Equatable {
    enum Ratio: Sendable, Equatable {
        /// The shares q of a score's cells become q·exp(λψ − K) with K = ln Σ q·exp(λψ); `deviation` is the standard
        /// deviation of that factor in the reference.
        case tilt(lambda: Double, logMean: Double, deviation: Double)
        /// The share of a cell is raised or lowered from the bound π₀ of its tolerance to π₁: `hit` = ln(π₁/π₀), `miss` =
        /// ln((1 − π₁)/(1 − π₀)). As the ratio is monotone in the count, its mean is at most 1 for all shares on the near
        /// side of π₀. `plainHit` and `plainMiss` are the same from the reference's own share.
        case share(hit: Double, miss: Double, plainHit: Double, plainMiss: Double)
    }

    /// Which of the signals.
    var signal: Int
    var ratio: Ratio
    var weight: Double
    var change: ColumnChange

    /// Whether it speaks of a rise of its signal.
    var isRise: Bool {
        switch ratio {
        case .tilt(let lambda, _, _): lambda > 0
        case .share(let hit, _, _, _): hit > 0
        }
    }

    /// ln e of n events: for a tilt, with the signal's standardised sum s and the baseline's offset b and variance V,
    /// (λ(s − n·b) − nK)/φ − n²·deviation²·V/(2φ²). The last term is the price of knowing the baseline with variance V
    /// only: with it, the mean of e over what the baseline may be is 1. For a share, (x·hit + (n − x)·miss)/φ.
    func logEValue(_ reading: SignalReading, baseline: BaselineEstimate, dispersion: Double) -> Double {
        switch ratio {
        case .tilt(_, _, let deviation):
            let scale = reading.count * deviation / dispersion
            return logRatio(reading, baseline: baseline, dispersion: dispersion)
                - scale * scale * baseline.variance / 2
        case .share(let hit, let miss, _, _):
            return (reading.sum * hit + (reading.count - reading.sum) * miss) / dispersion
        }
    }

    /// The log-likelihood ratio against the baseline as it is best known, without any tolerance.
    func logRatio(_ reading: SignalReading, baseline: BaselineEstimate, dispersion: Double) -> Double {
        switch ratio {
        case .tilt(let lambda, let logMean, _):
            let moved = reading.standardized - reading.count * baseline.offset
            return (lambda * moved - reading.count * logMean) / dispersion
        case .share(_, _, let hit, let miss):
            return (reading.sum * hit + (reading.count - reading.sum) * miss) / dispersion
        }
    }
}

extension EvidenceAlternative {
    /// - Parameters:
    ///   - scores: standardised, with their shares in the reference.
    static func tilted(
        signal: Int, by lambda: Double, scores: [(score: Double, share: Double)], weight: Double, change: ColumnChange
    ) -> EvidenceAlternative {
        var (first, second) = (0.0, 0.0)
        for (score, share) in scores {
            let ratio = exp(lambda * score)
            first += ratio * share
            second += ratio * ratio * share
        }
        let deviation = max(0, second / (first * first) - 1).squareRoot()
        return EvidenceAlternative(
            signal: signal, ratio: .tilt(lambda: lambda, logMean: log(first), deviation: deviation), weight: weight,
            change: change)
    }

    /// - Parameters:
    ///   - bound: π₀, in 0…1, both ends excluded.
    ///   - odds: by which the odds of π₀ are multiplied to get π₁; below 1 for a fall.
    ///   - share: of the cell in the reference.
    static func share(
        signal: Int, from bound: Double, odds: Double, share: Double, weight: Double, change: ColumnChange
    ) -> EvidenceAlternative {
        let raised = bound * odds / (1 - bound + bound * odds)
        // A cell that the reference leaves empty is there all the same.
        let plain = min(max(share, 1e-9), 1 - 1e-9)
        return EvidenceAlternative(
            signal: signal,
            ratio: .share(
                hit: log(raised / bound), miss: log((1 - raised) / (1 - bound)), plainHit: log(raised / plain),
                plainMiss: log((1 - raised) / (1 - plain))), weight: weight, change: change)
    }
}
