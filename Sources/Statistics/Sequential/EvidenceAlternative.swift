import Foundation

/// One way in which a column might have drifted, as a likelihood ratio against the edge of the tolerance.
///
/// Over n events whose signal sums to s, ln e = (slope·s − offset·n)/φ. Under every distribution within the tolerance
/// the mean of e is at most 1 (exactly so for independent events):
///
/// - *A score ψ* is tilted: the reference's shares q become r·q with r = exp(λψ − K) and K = ln Σ q·exp(λψ). Then slope =
///   λ and offset = K + a, where the allowance a is the larger of 3.29 standard errors that the mean of r has from a
///   reference of m rows (two-sided 0.001), and λ times the smallest effect.
/// - *A share* π of a cell is raised or lowered to π₁ from the bound π₀ of its tolerance (the exact 0.999 bound of the
///   reference's share, or the smallest effect if that lies farther): slope = ln(π₁/π₀) − ln((1−π₁)/(1−π₀)),
///   offset = −ln((1−π₁)/(1−π₀)). As the likelihood ratio is monotone, it holds for all π on the near side of π₀.
struct EvidenceAlternative: Sendable, Equatable {
    /// Which of the signals.
    var signal: Int
    var slope: Double
    var offset: Double
    /// What the allowance added to the offset; without it the ratio compares with the reference itself.
    var allowance: Double
    var weight: Double
    var change: ColumnChange

    func logEValue(sum: Double, count: Double, dispersion: Double) -> Double {
        (slope * sum - offset * count) / dispersion
    }
}

extension EvidenceAlternative {
    static let standardErrors = 3.29

    /// - Parameters:
    ///   - scores: per cell.
    ///   - samples: usable rows of the reference, divided by φ.
    static func tilted(
        signal: Int, by lambda: Double, scores: [Double], counts: [Int64], samples: Double, smallest: Double,
        weight: Double, change: ColumnChange
    ) -> EvidenceAlternative {
        let total = counts.reduce(0) { $0 + Double($1) }
        var (first, second) = (0.0, 0.0)
        for (score, count) in zip(scores, counts) {
            let ratio = exp(lambda * score)
            first += ratio * Double(count) / total
            second += ratio * ratio * Double(count) / total
        }
        let deviation = max(0, second / (first * first) - 1).squareRoot()
        let allowance = max(standardErrors * deviation / samples.squareRoot(), lambda.magnitude * smallest)
        return EvidenceAlternative(
            signal: signal, slope: lambda, offset: log(first) + allowance, allowance: allowance, weight: weight,
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
        let (hit, miss) = (log(raised / bound), log((1 - raised) / (1 - bound)))
        // Against the reference's own share, where that is known to be inside.
        let inner = min(max(share, 1e-9), 1 - 1e-9)
        let plain = -log((1 - raised) / (1 - inner))
        return EvidenceAlternative(
            signal: signal, slope: hit - miss, offset: -miss, allowance: -miss - plain, weight: weight, change: change)
    }
}
