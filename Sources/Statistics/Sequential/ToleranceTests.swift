import CBoostMath
import Foundation

/// Tests of "the true distance is at most δ₀": the reference is a finite sample, and its own error comes back in every
/// window that is compared with it. δ₀ holds that error and the smallest effect anybody cares about.
public enum ToleranceTests {
    /// The share of references whose own error is larger than the tolerance.
    public static let excludedShare = 0.001

    /// P(X² > statistic) where X² = n·Σ(p̂ − q)²/q is Pearson's statistic over B cells and the true Σ(p − q)²/q is
    /// `tolerance`: the upper tail of the non-central chi-square law with B − 1 degrees and non-centrality n·tolerance
    /// (Cochran 1952). For a true distance below the tolerance the tail is smaller still.
    ///
    /// X² = 30 with 9 degrees, n = 1,000, tolerance 0.005: 0.0162.
    /// - Parameter dispersion: φ, by which the statistic is divided where events depend on each other (≥ 1).
    /// - Returns: in 0…1; 1 where there is nothing to test (no degree of freedom, no event).
    public static func binnedTail(
        statistic: Double, degrees: Int, samples: Double, tolerance: Double, dispersion: Double = 1
    ) -> Double {
        guard degrees > 0, samples > 0, statistic > 0 else { return 1 }
        let nonCentrality = samples * max(0, tolerance) / dispersion
        let tail = td_non_central_chi_squared_upper_tail(statistic / dispersion, Double(degrees), nonCentrality)
        return tail.isNaN ? 1 : min(1, max(0, tail))
    }

    /// The smallest tolerance of a binned statistic that a reference of m rows allows: the 0.999 quantile of its own
    /// error, χ²_{B−1; 0.999}·φ/m. Ten cells, 1,000 rows: 0.0279.
    public static func binnedReferenceError(degrees: Int, referenceSamples: Double, dispersion: Double = 1) -> Double {
        guard degrees > 0, referenceSamples > 0 else { return 0 }
        return td_chi_squared_quantile(1 - excludedShare, Double(degrees)) * dispersion / referenceSamples
    }

    /// min(1, 2·exp(−2n(D − d₀)²)) above d₀, 1 below: the Dvoretzky–Kiefer–Wolfowitz tail (Massart 1990) of a KS
    /// distance D of n independent values whose law is no farther than d₀ from the reference's distribution function.
    ///
    /// D = 0.1, n = 1,000, d₀ = 0.04: 0.00149.
    public static func kolmogorovSmirnovTail(distance: Double, samples: Double, tolerance: Double) -> Double {
        let excess = distance - tolerance
        guard excess > 0, samples > 0 else { return 1 }
        return min(1, 2 * exp(-2 * samples * excess * excess))
    }

    /// The smallest d₀ of a KS distance that a reference of m rows allows: √(ln(2/0.001)/(2m)), the same inequality at
    /// 0.999, plus what the grid may hide (`StatisticValue.errorBound`). 1,000 rows, exact: 0.0617.
    public static func kolmogorovSmirnovReferenceError(referenceSamples: Double, gridBound: Double = 0) -> Double {
        guard referenceSamples > 0 else { return 1 }
        return min(1, (log(2 / excludedShare) / (2 * referenceSamples)).squareRoot() + gridBound)
    }

    /// The exact bounds that a share is within with probability 0.998 (0.999 on either side), after `count` of `total`
    /// (Clopper, Pearson 1934). 0 of 1,000: 0…0.00688.
    /// - Parameter dispersion: φ; the sample then counts as total/φ rows.
    public static func shareBounds(count: Double, of total: Double, dispersion: Double = 1) -> ClosedRange<Double> {
        guard total > 0 else { return 0...1 }
        let (hits, misses) = (max(0, count) / dispersion, max(0, total - count) / dispersion)
        let lower = hits > 0 ? td_beta_quantile(excludedShare, hits, misses + 1) : 0
        let upper = misses > 0 ? td_beta_quantile(1 - excludedShare, hits + 1, misses) : 1
        return min(lower, upper)...max(lower, upper)
    }
}
