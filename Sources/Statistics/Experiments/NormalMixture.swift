import Foundation

/// The likelihood ratio of an estimate that is normal about the true effect, averaged over effects that are themselves
/// normal about zero: what makes a test valid at every look (Robbins 1970; Ville's inequality).
///
/// With the estimate d, its variance v at this look, and a mixing variance of r·v:
/// Λ = exp(r·d²/(2v(1 + r)))/√(1 + r), and the interval d ± √(2v·(1 + r)/r·ln(√(1 + r)/α)) holds the effects whose Λ has
/// not passed 1/α.
struct NormalMixture {
    let difference: Double
    let variance: Double
    /// The mixing variance over `variance`.
    let ratio: Double

    /// At most the largest finite number, so that 1/Λ stays a p-value.
    var likelihoodRatio: Double {
        let exponent = ratio / (1 + ratio) * (difference * difference / variance) / 2 - log1p(ratio) / 2
        return exp(min(700, exponent))
    }

    /// 1/Λ, at most 1: never below α at any look with probability more than α.
    var pValue: Double { min(1, 1 / likelihoodRatio) }

    func halfWidth(alpha: Double) -> Double {
        (2 * variance * (1 + ratio) / ratio * (log1p(ratio) / 2 - log(alpha))).squareRoot()
    }

    func effect(method: String, status: StatisticStatus, alpha: Double) -> ExperimentEffect {
        let margin = halfWidth(alpha: alpha)
        return ExperimentEffect(
            method: method, status: status, difference: difference, standardError: variance.squareRoot(),
            low: difference - margin, high: difference + margin, statistic: likelihoodRatio, pValue: pValue)
    }
}
