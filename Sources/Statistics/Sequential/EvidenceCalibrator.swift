import Foundation

/// Turns p-values into e-values: numbers whose mean is at most 1 where the hypothesis holds, so that they may be
/// multiplied over time and averaged over tests (Vovk and Wang 2021, *E-values: calibration, combination and
/// applications*; the mixture of their calibrators κ·p^(κ−1) over κ in 0…1).
public enum EvidenceCalibrator {
    /// The natural logarithm of (1 − p + p·ln p)/(p·ln²p). At p = 1 it is ln ½; as p goes to 0 it grows as
    /// −ln p − 2·ln(−ln p). A p-value of 0 is taken for the smallest normal double, so that the result is finite.
    ///
    /// p = 0.01: e = 4.45, so 1.49.
    /// - Precondition: `p` is in 0…1.
    public static func logEValue(ofPValue p: Double) -> Double {
        precondition(p >= 0 && p <= 1, "a p-value is in 0…1")
        let u = -log(max(p, .leastNormalMagnitude))
        // With u = −ln p the calibrator is (eᵘ − 1 − u)/u²; near p = 1 its own series, which does not cancel.
        if u < 0.01 { return log(0.5 + u / 6 + u * u / 24 + u * u * u / 120) }
        return u + log1p(-exp(-u) * (1 + u)) - 2 * log(u)
    }
}

/// Sums of numbers known by their logarithms.
enum LogSum {
    /// ln(eᵃ + eᵇ); −∞ stands for a term of nothing.
    static func add(_ a: Double, _ b: Double) -> Double {
        let (high, low) = a > b ? (a, b) : (b, a)
        return low == -.infinity ? high : high + log1p(exp(low - high))
    }
}
