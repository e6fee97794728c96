import Foundation

/// The distribution of the two-sided Kolmogorov–Smirnov statistic D.
///
/// For a finite sample as Simard and L'Ecuyer 2011 (*Computing the two-sided Kolmogorov–Smirnov distribution*) and
/// SciPy's `kstwo.sf` choose between: Ruben–Gambino at both ends, twice the one-sided law where the sides no longer
/// overlap, Durbin's matrix (Marsaglia, Tsang, Wang 2003) for small n·D², Pomeranz 1974 for n ≤ 140, and the expansion of
/// Pelz and Good 1976 for the rest. The tails are computed as tails, not as one minus a number near one.
public enum Kolmogorov {
    /// P(D > d) for a sample of n from a continuous distribution; agrees with SciPy to 10⁻⁶ relative.
    ///
    /// n = 10, d = 0.4: 0.0557.
    public static func twoSided(tailAbove d: Double, samples n: Int) -> Double {
        guard n > 0, d > 0 else { return 1 }
        guard d < 1 else { return 0 }
        let size = Double(n)
        let t = size * d
        if t <= 0.5 { return 1 }
        if t <= 1 { return 1 - exp(logFactorialRatio(n) + size * log(2 * t - 1)) }
        if t >= size - 1 { return min(1, 2 * pow(1 - d, size)) }
        let square = t * d
        let isOneSided = d >= 0.5 || (n <= 140 ? square > 4 : square >= 2.2)
        if isOneSided { return square >= 370 && n > 140 ? 0 : min(1, 2 * oneSided(tailAbove: d, samples: n)) }
        let below: Double
        if n <= 140 {
            below = square <= 0.754693 ? durbin(n, d) : pomeranz(n, d)
        } else {
            below = n <= 100_000 && size * pow(d, 1.5) <= 1.4 ? durbin(n, d) : pelzGood(n, d)
        }
        return min(1, max(0, 1 - below))
    }

    /// P(D⁺ > d), Smirnov's exact sum: d·Σᵥ C(n,v)·(d + v/n)^(v−1)·(1 − d − v/n)^(n−v), v = 0…⌊n(1 − d)⌋. All terms are
    /// positive; each is a binomial probability, computed without cancellation by Loader's deviances. Beyond 10⁶ samples
    /// the asymptotic form exp(−(6nd + 1)²/(18n)).
    public static func oneSided(tailAbove d: Double, samples n: Int) -> Double {
        guard n > 0, d > 0 else { return 1 }
        guard d < 1 else { return 0 }
        let size = Double(n)
        if n > 1_000_000 { return exp(-(6 * size * d + 1) * (6 * size * d + 1) / (18 * size)) }
        var sum = pow(1 - d, size)
        let last = Int((size * (1 - d)).rounded(.down))
        guard last >= 1 else { return sum }
        for v in 1...last where v < n {
            let share = d + Double(v) / size
            guard share < 1 else { break }
            sum += d / share * Binomial.probability(v, of: n, mean: Double(v) + size * d)
        }
        return min(1, sum)
    }

    /// P(K > x) of the limit law: 2·Σ (−1)^(k−1) exp(−2k²x²). x = √n·D for a large sample.
    public static func limit(tailAbove x: Double) -> Double {
        guard x > 0 else { return 1 }
        let square = x * x
        var sum = 0.0
        if x < 1 {
            // Jacobi's form converges where the alternating sum does not.
            let exponent = -Double.pi * Double.pi / (8 * square)
            for odd in [1.0, 3, 5, 7, 9] { sum += exp(exponent * odd * odd) }
            return 1 - (2 * Double.pi).squareRoot() / x * sum
        }
        for k in [1.0, 3, 5] { sum += exp(-2 * k * k * square) - exp(-2 * (k + 1) * (k + 1) * square) }
        return 2 * sum
    }

    /// ln(n!/nⁿ), from the logarithm's own series: no cancellation.
    private static func logFactorialRatio(_ n: Int) -> Double {
        let size = Double(n)
        return log(2 * Double.pi * size) / 2 - size + Binomial.stirlingError(n)
    }
}
