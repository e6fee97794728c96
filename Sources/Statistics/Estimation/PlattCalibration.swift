import Foundation

/// Scores turned into probabilities by a logistic curve in their log-odds, 1/(1 + exp(−(a·logit(score) + b))) (Platt 1999),
/// fitted by Newton's method on Platt's smoothed targets. Two numbers, so it needs few rows; a = 1, b = 0 changes
/// nothing.
public struct PlattCalibration: Sendable, Equatable, Codable {
    public private(set) var slope = 1.0
    public private(set) var intercept = 0.0
    /// Inverse of the Hessian: variances of slope and intercept, and their covariance.
    private(set) var covariance = [0.0, 0.0, 0.0]

    /// `nil` with outcomes of one kind only, or a score outside 0…1. - Precondition: equally many scores and labels.
    public init?(scores: [Double], labels: [Bool]) {
        precondition(scores.count == labels.count, "one outcome per score")
        let positives = Double(labels.count(where: \.self))
        let negatives = Double(labels.count) - positives
        guard positives > 0, negatives > 0, scores.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return nil }
        let targets = labels.map { $0 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2) }
        let inputs = scores.map(Self.logOdds)
        for _ in 0..<100 {
            var gradient = (0.0, 0.0)
            // A grain of ridge keeps the Hessian invertible when all scores are equal.
            var hessian = (1e-9, 0.0, 1e-9)
            for (x, target) in zip(inputs, targets) {
                let p = Self.logistic(slope * x + intercept)
                let weight = p * (1 - p)
                gradient = (gradient.0 + (p - target) * x, gradient.1 + p - target)
                hessian = (hessian.0 + weight * x * x, hessian.1 + weight * x, hessian.2 + weight)
            }
            let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1
            guard determinant > 1e-300 else { return nil }
            let step = (
                (hessian.2 * gradient.0 - hessian.1 * gradient.1) / determinant,
                (hessian.0 * gradient.1 - hessian.1 * gradient.0) / determinant
            )
            covariance = [hessian.2 / determinant, hessian.0 / determinant, -hessian.1 / determinant]
            if max(step.0.magnitude, step.1.magnitude) < 1e-10 { break }
            // A full step from far away may overshoot: halved until the loss does not grow (Lin, Lin and Weng 2007).
            let before = Self.loss(inputs, targets, slope, intercept)
            var share = 1.0
            while share > 1e-10,
                !(Self.loss(inputs, targets, slope - share * step.0, intercept - share * step.1) <= before)
            {
                share /= 2
            }
            // At the minimum, as far as the digits of the loss can tell.
            if share <= 1e-10 { break }
            slope -= share * step.0
            intercept -= share * step.1
        }
        guard slope.isFinite, intercept.isFinite else { return nil }
    }

    /// P(positive) at a score in 0…1.
    public func probability(of score: Double) -> Double { Self.logistic(slope * Self.logOdds(score) + intercept) }

    /// Variance of Σ weight·probability(score) from the finite reference, by the delta method.
    func variance(of weights: [(score: Double, weight: Double)]) -> Double {
        var sums = (0.0, 0.0)
        for (score, weight) in weights {
            let p = probability(of: score)
            let slope = weight * p * (1 - p)
            sums = (sums.0 + slope * Self.logOdds(score), sums.1 + slope)
        }
        return max(
            0,
            sums.0 * sums.0 * covariance[0] + sums.1 * sums.1 * covariance[1] + 2 * sums.0 * sums.1 * covariance[2])
    }

    /// Cross-entropy of the targets, without overflow.
    private static func loss(_ inputs: [Double], _ targets: [Double], _ slope: Double, _ intercept: Double) -> Double {
        zip(inputs, targets).reduce(0) { sum, row in
            let odds = slope * row.0 + intercept
            return sum + max(odds, 0) - odds * row.1 + log1p(exp(-odds.magnitude))
        }
    }

    private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private static func logOdds(_ score: Double) -> Double {
        let clipped = min(max(score, 1e-6), 1 - 1e-6)
        return log(clipped / (1 - clipped))
    }
}
