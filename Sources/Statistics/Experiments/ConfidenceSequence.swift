import Foundation

/// Asymptotic confidence sequences: intervals that hold at all looks together, however often one looks and whenever one
/// stops (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2021, *Time-uniform central limit theory*).
public struct ConfidenceSequence: Sendable, Equatable, Codable {
    public var alpha: Double
    /// The total sample size at which the interval is narrowest, compared with its rivals: roughly where you expect to
    /// decide. Any value is valid, if it was chosen beforehand.
    public var tunedFor: Double
    public var burnIn: BurnIn

    public init(alpha: Double = 0.05, tunedFor: Double = 5_000, burnIn: BurnIn = BurnIn()) {
        precondition(alpha > 0 && alpha < 1 && tunedFor > 0, "a level lies inside 0…1, a size above 0")
        self.alpha = alpha
        self.tunedFor = tunedFor
        self.burnIn = burnIn
    }

    /// ρ = √((−2·ln α + ln(1 − 2·ln α))/N*), gbstats' parametrisation of the paper's equation (24).
    public var rho: Double {
        let logarithm = -2 * log(alpha)
        return ((logarithm + log1p(logarithm)) / tunedFor).squareRoot()
    }

    /// The interval now: d ± s·√(2(nρ² + 1)/(nρ)²·ln(√(nρ² + 1)/α)), with n of both arms together and s² = n·se². Equals
    /// gbstats' `SequentialTwoSidedTTest`. The p-value is 1 over the e-value; its smallest so far is valid too.
    ///
    /// Means and proportions, any allocation; the relative scale by the delta method (see `MeanDifference.welch`).
    /// `insufficient` (with its numbers) before the burn-in is over.
    ///
    /// 500 of 5,000 against 560 of 5,000, N* = 5,000: 0.0120 (−0.0068…0.0308), p = 0.687.
    public func effect(
        control: ArmSummary, treatment: ArmSummary, scale: DifferenceScale = .absolute
    ) -> ExperimentEffect {
        let method = "confidence_sequence"
        guard control.count > 0, treatment.count > 0 else { return ExperimentEffect(method: method, status: .noData) }
        guard let estimate = MeanDifference.estimate(control: control, treatment: treatment, scale: scale),
            estimate.standardError > 0
        else { return ExperimentEffect(method: method, status: .insufficient) }
        let count = Double(control.count + treatment.count)
        let mixture = NormalMixture(
            difference: estimate.difference, variance: estimate.standardError * estimate.standardError,
            ratio: count * rho * rho)
        return mixture.effect(
            method: method, status: burnIn.isOver(control, treatment) ? .ok : .insufficient, alpha: alpha)
    }
}
