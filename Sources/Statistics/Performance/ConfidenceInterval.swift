import CBoostMath
import Foundation

/// 95 % confidence intervals of single numbers. Which metric uses which is said at the metric; what they cover is
/// measured by the suite "coverage".
enum ConfidenceInterval {
    typealias Bounds = (low: Double, high: Double)

    /// The 0.975 quantile of the normal distribution.
    static let z95 = 1.959963984540054

    /// Wilson 1927: the proportions that a score test at 5 % does not reject; stays within 0…1 and works at 0 and n.
    ///
    /// 8 of 10 gives 0.490…0.943.
    static func wilson(_ part: Int64, of whole: Int64) -> Bounds? {
        guard whole > 0 else { return nil }
        return wilson(share: Double(part) / Double(whole), of: Double(whole))
    }

    /// Wilson's interval of a share that is worth `n` independent observations, whole or not.
    static func wilson(share: Double, of n: Double, z: Double = z95) -> Bounds {
        let square = z * z
        let center = (share + square / (2 * n)) / (1 + square / n)
        let margin = z / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
        return (max(0, center - margin), min(1, center + margin))
    }

    /// A number in 0…1 whose estimate has the given variance: Wilson's interval at the effective sample size
    /// v(1 − v)/variance (Korn and Graubard 1998), so that it bends at 0 and 1 as a share does.
    /// - Parameter count: the sample size to fall back on where the variance is zero.
    static func bounded(_ value: Double, variance: Double, count: Double) -> Bounds? {
        guard count > 0 else { return nil }
        let spread = value * (1 - value)
        return wilson(share: value, of: variance > 0 && spread > 0 ? spread / variance : count)
    }

    /// A number in 0…1 on the log-odds scale, with the delta method's standard error se/(v(1 − v)) and Student's t.
    /// - Precondition: 0 < value < 1, degrees of freedom at least 1.
    static func logit(_ value: Double, variance: Double, degrees: Double) -> Bounds {
        let odds = log(value / (1 - value))
        let margin = td_student_t_quantile(0.975, degrees) * variance.squareRoot() / (value * (1 - value))
        return (1 / (1 + exp(margin - odds)), 1 / (1 + exp(-margin - odds)))
    }

    /// A mean of terms with the given variance, by Student's t; `nil` below two terms.
    static func mean(_ value: Double, variance: Double, count: Int64) -> Bounds? {
        guard count > 1 else { return nil }
        let margin = studentQuantile(count) * (max(0, variance) / Double(count - 1)).squareRoot()
        return (value - margin, value + margin)
    }

    /// A mean of terms that are never negative: the t interval of its logarithm by the delta method, se(ln m) = se(m)/m.
    /// Losses are skewed to the right, and so is this interval. `nil` below two terms.
    static func positiveMean(_ value: Double, variance: Double, count: Int64) -> Bounds? {
        guard count > 1 else { return nil }
        guard value > 0 else { return (value, value) }
        let error = (max(0, variance) / Double(count - 1)).squareRoot() / value
        let factor = exp(min(700, studentQuantile(count) * error))
        return (value / factor, min(.greatestFiniteMagnitude, value * factor))
    }

    /// A number in −1…1 by Fisher's z = artanh, with the delta method's standard error se/(1 − v²).
    static func fisher(_ value: Double, variance: Double) -> Bounds {
        let room = 1 - value * value
        guard room > 0 else { return (value, value) }
        let margin = z95 * variance.squareRoot() / room
        return (tanh(atanh(value) - margin), tanh(atanh(value) + margin))
    }

    /// The mean of independent estimates with weights that add up to one, from the interval of each: the distances to
    /// the bounds add up in squares (MOVER: Zou and Donner 2008; Newcombe 1998 for two shares).
    static func weighted(_ parts: [(weight: Double, value: Double, bounds: Bounds)]) -> (value: Double, bounds: Bounds)
    {
        var value = 0.0
        var squares = (low: 0.0, high: 0.0)
        for part in parts {
            value += part.weight * part.value
            let low = part.weight * (part.value - part.bounds.low)
            let high = part.weight * (part.bounds.high - part.value)
            squares.low += low * low
            squares.high += high * high
        }
        return (value, (value - squares.low.squareRoot(), value + squares.high.squareRoot()))
    }

    private static func studentQuantile(_ count: Int64) -> Double {
        td_student_t_quantile(0.975, Double(count - 1))
    }
}
