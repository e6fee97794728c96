import CBoostMath
import Foundation

/// What is known of one proportion after some trials: a beta law (conjugate to the binomial).
public struct BetaPosterior: Sendable, Equatable, Codable {
    public private(set) var alpha: Double
    public private(set) var beta: Double

    /// - Parameter prior: α and β of the prior, both positive; (1, 1) is uniform.
    public init(successes: Int64 = 0, of count: Int64 = 0, prior: (alpha: Double, beta: Double) = (1, 1)) {
        precondition(0 <= successes && successes <= count, "successes are among the trials")
        precondition(prior.alpha > 0 && prior.beta > 0, "a beta law has positive parameters")
        alpha = prior.alpha + Double(successes)
        beta = prior.beta + Double(count - successes)
    }

    public mutating func add(success: Bool) {
        if success { alpha += 1 } else { beta += 1 }
    }

    public var mean: Double { alpha / (alpha + beta) }

    var deviation: Double {
        let total = alpha + beta
        return (alpha / total * (beta / total) / (total + 1)).squareRoot()
    }

    /// The interval that holds 1 − level of the law, with equal tails.
    public func interval(alpha level: Double = 0.05) -> ProportionInterval.Bounds {
        (td_beta_quantile(level / 2, alpha, beta), td_beta_quantile(1 - level / 2, alpha, beta))
    }

    /// P(proportion ≤ x); 0 and 1 outside 0…1.
    func lowerTail(_ x: Double) -> Double {
        if x <= 0 { return 0 }
        return x >= 1 ? 1 : td_beta_lower_tail(x, alpha, beta)
    }

    /// Points and weights for expectations under this law: the trapezoidal rule in the log odds, where the density is
    /// smooth and falls exponentially at both ends for any α and β, so that the rule has all digits. Weights add up to 1.
    func quadrature(points count: Int) -> [(x: Double, weight: Double)] {
        let tail = 1e-17
        let low = Self.logOdds(td_beta_quantile(tail, alpha, beta))
        let high = -Self.logOdds(td_beta_quantile(tail, beta, alpha))
        let peak = log(alpha / beta)
        var nodes: [(x: Double, weight: Double)] = []
        for index in 0...count {
            let position = low + (high - low) * Double(index) / Double(count)
            // x^α·(1 − x)^β relative to its peak, in logarithms that keep their digits at both ends.
            let height = alpha * (Self.logistic(position) - Self.logistic(peak))
            let depth = beta * (Self.logistic(-position) - Self.logistic(-peak))
            nodes.append((x: 1 / (1 + exp(-position)), weight: exp(height + depth)))
        }
        let sum = nodes.reduce(0) { $0 + $1.weight }
        return nodes.map { (x: $0.x, weight: $0.weight / sum) }
    }

    private static func logOdds(_ x: Double) -> Double { max(-700, log(x) - log1p(-x)) }

    /// ln(1/(1 + e^−t)).
    private static func logistic(_ t: Double) -> Double { t > 0 ? -log1p(exp(-t)) : t - log1p(exp(t)) }
}
