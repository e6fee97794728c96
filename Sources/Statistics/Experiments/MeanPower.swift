import CBoostMath

/// How many observations an experiment on a mean needs: two-sided t-test, one look, by the non-central t law (Cohen 1988).
///
/// `effect` is the difference over the standard deviation (Cohen's d). Sizes are per arm and not rounded (round up);
/// `ratio` is the treatment's size over the control's. Equals statsmodels' `TTestIndPower`.
public enum MeanPower {
    /// The chance that the test rejects. Both tails are counted.
    ///
    /// d = 0.2, 200 per arm, α = 0.05: 0.514.
    public static func power(effect: Double, size: Double, alpha: Double = 0.05, ratio: Double = 1) -> Double {
        precondition(size >= 1 && ratio > 0, "both arms have observations")
        let degrees = size * (1 + ratio) - 2
        guard degrees > 0 else { return 0 }
        let critical = td_student_t_quantile(1 - alpha / 2, degrees)
        let shift = effect.magnitude * (size * ratio / (1 + ratio)).squareRoot()
        let power =
            td_non_central_t_upper_tail(critical, degrees, shift)
            + td_non_central_t_upper_tail(critical, degrees, -shift)
        // Where the law is too far out for the library, the test is as good as sure.
        return power.isFinite ? min(1, power) : 1
    }

    /// The control's size; `nil` without an effect.
    ///
    /// d = 0.2, α = 0.05, power 0.8: 393.4.
    public static func sampleSize(
        effect: Double, alpha: Double = 0.05, power: Double = 0.8, ratio: Double = 1
    ) -> Double? {
        guard effect != 0 else { return nil }
        // The normal law's answer is always a little too small: the root lies between it and a little more.
        let quantiles = td_normal_quantile(1 - alpha / 2) + td_normal_quantile(power)
        let normal = quantiles * quantiles * (1 + 1 / ratio) / (effect * effect)
        let start = max(2 / min(1, ratio), normal * 0.9)
        guard start.isFinite else { return nil }
        return Bisection.root(
            of: { self.power(effect: effect, size: $0, alpha: alpha, ratio: ratio) }, equals: power, from: start)
    }

    /// The smallest d that is found with the given power; `nil` for arms too small for a test.
    ///
    /// 200 per arm, α = 0.05, power 0.8: 0.281.
    public static func minimumEffect(
        size: Double, alpha: Double = 0.05, power: Double = 0.8, ratio: Double = 1
    ) -> Double? {
        guard size >= 1, size * (1 + ratio) > 2 else { return nil }
        let quantiles = max(0, td_normal_quantile(1 - alpha / 2) + td_normal_quantile(power))
        let normal = quantiles * ((1 + 1 / ratio) / size).squareRoot()
        return Bisection.root(
            of: { self.power(effect: $0, size: size, alpha: alpha, ratio: ratio) }, equals: power,
            from: normal * 0.5)
    }
}
