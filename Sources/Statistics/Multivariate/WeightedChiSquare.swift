import CBoostMath

/// The upper tail of Σ λᵢ·χ²₁ for weights of which the first three power sums are known, by a shifted chi-square
/// distribution with the same mean, variance and skewness: T ≈ a + b·χ²(ν), b = s₃/s₂, ν = s₂³/s₃², a = s₁ − bν.
///
/// Source: Hall 1983; Buckley and Eagleson 1988. Exact for equal weights: sums (3, 3, 3) are χ²(3).
enum WeightedChiSquare {
    /// P(T > x) for sums s₁ = Σλ, s₂ = Σλ², s₃ = Σλ³, all positive.
    static func upperTail(_ x: Double, sums: (Double, Double, Double)) -> Double {
        let (scale, degrees, shift) = law(sums)
        guard x > shift else { return 1 }
        return td_chi_squared_upper_tail((x - shift) / scale, degrees)
    }

    /// The x with P(T ≤ x) = p, not below 0. - Precondition: 0 ≤ p < 1.
    static func quantile(_ p: Double, sums: (Double, Double, Double)) -> Double {
        let (scale, degrees, shift) = law(sums)
        return max(0, shift + scale * td_chi_squared_quantile(p, degrees))
    }

    private static func law(_ sums: (Double, Double, Double)) -> (scale: Double, degrees: Double, shift: Double) {
        let scale = sums.2 / sums.1
        let degrees = sums.1 * sums.1 * sums.1 / (sums.2 * sums.2)
        return (scale, degrees, sums.0 - scale * degrees)
    }
}
