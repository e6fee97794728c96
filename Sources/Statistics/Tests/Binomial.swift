import Foundation

/// Binomial probabilities without cancellation (Loader 2000, *Fast and accurate computation of binomial probabilities*).
enum Binomial {
    /// P(X = v) of n trials with success probability mean/n; 0 < v < n, 0 < mean < n.
    static func probability(_ v: Int, of n: Int, mean: Double) -> Double {
        let (hits, size) = (Double(v), Double(n))
        let exponent =
            stirlingError(n) - stirlingError(v) - stirlingError(n - v) - deviance(hits, mean)
            - deviance(size - hits, size - mean)
        return exp(exponent) * (size / (2 * Double.pi * hits * (size - hits))).squareRoot()
    }

    /// ln(n!) − ln(√(2πn)·(n/e)ⁿ).
    static func stirlingError(_ n: Int) -> Double {
        if n <= 15 { return small[n] }
        let inverse = 1 / Double(n)
        let square = inverse * inverse
        return inverse
            * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1_260 - square * (1.0 / 1_680 - square / 1_188))))
    }

    private static let small: [Double] = (0...15).map { n in
        guard n > 0 else { return 0 }
        let size = Double(n)
        let factorial = (1...n).reduce(1.0) { $0 * Double($1) }
        return log(factorial) - (log(2 * Double.pi * size) / 2 + size * log(size) - size)
    }

    /// x·ln(x/m) + m − x, by its series where the two are close.
    private static func deviance(_ x: Double, _ m: Double) -> Double {
        let difference = x - m
        guard difference.magnitude < 0.1 * (x + m) else { return x * log(x / m) + m - x }
        let ratio = difference / (x + m)
        var sum = difference * ratio
        var term = 2 * x * ratio
        var power = 1.0
        while power < 1_000 {
            term *= ratio * ratio
            let next = sum + term / (2 * power + 1)
            if next == sum { return next }
            sum = next
            power += 1
        }
        return sum
    }
}
