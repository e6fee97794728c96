import CBoostMath
import Foundation

/// How many observations an experiment on a proportion needs: two-sided, one look.
///
/// Sizes are per arm and not rounded (round up). `ratio` is the treatment's size over the control's.
public enum ProportionPower {
    /// The control's size by the normal law with the pooled variance under "no difference" (Fleiss 1981), the one that
    /// fits `ProportionDifference.pooled`: (z_{α/2}·√((1 + 1/r)·p̄q̄) + z_β·√(p₁q₁ + p₂q₂/r))²/(p₂ − p₁)². Equals
    /// statsmodels' `samplesize_proportions_2indep_onetail`. `nil` for equal proportions.
    ///
    /// 0.10 to 0.11, α = 0.05, power 0.8: 14,750.8.
    public static func sampleSize(
        control: Double, treatment: Double, alpha: Double = 0.05, power: Double = 0.8, ratio: Double = 1
    ) -> Double? {
        check(control, treatment, ratio)
        guard control != treatment else { return nil }
        let pooled = (control + ratio * treatment) / (1 + ratio)
        let null = (pooled * (1 - pooled) * (1 + 1 / ratio)).squareRoot()
        let alternative = (control * (1 - control) + treatment * (1 - treatment) / ratio).squareRoot()
        let needed = td_normal_quantile(1 - alpha / 2) * null + td_normal_quantile(power) * alternative
        let size = needed * needed / ((treatment - control) * (treatment - control))
        return size.isFinite ? size : nil
    }

    /// The control's size on Cohen's arcsine scale, both tails counted. Equals statsmodels'
    /// `NormalIndPower().solve_power(proportion_effectsize(…))`. `nil` for equal proportions.
    ///
    /// 0.10 to 0.11, α = 0.05, power 0.8: 14,744.1.
    public static func arcsineSampleSize(
        control: Double, treatment: Double, alpha: Double = 0.05, power: Double = 0.8, ratio: Double = 1
    ) -> Double? {
        check(control, treatment, ratio)
        let effect = ProportionDifference.cohenH(control, treatment).magnitude
        let critical = td_normal_quantile(1 - alpha / 2)
        func reached(_ size: Double) -> Double {
            let shift = effect * (size * ratio / (1 + ratio)).squareRoot()
            return td_normal_upper_tail(critical - shift) + td_normal_lower_tail(-critical - shift)
        }
        return effect > 0 ? Bisection.root(of: reached, equals: power, from: 1e-3) : nil
    }

    /// The chance that the pooled z-test with these sizes rejects, by the same normal law as `sampleSize`.
    public static func power(
        control: Double, treatment: Double, size: Double, alpha: Double = 0.05, ratio: Double = 1
    ) -> Double {
        check(control, treatment, ratio)
        let pooled = (control + ratio * treatment) / (1 + ratio)
        let null = (pooled * (1 - pooled) * (1 + 1 / ratio)).squareRoot()
        let alternative = (control * (1 - control) + treatment * (1 - treatment) / ratio).squareRoot()
        let critical = td_normal_quantile(1 - alpha / 2) * null
        let shift = (treatment - control).magnitude * size.squareRoot()
        return min(
            1,
            td_normal_upper_tail((critical - shift) / alternative)
                + td_normal_lower_tail((-critical - shift) / alternative))
    }

    /// The smallest rise of the control's proportion that is found with the given power; `nil` where none is.
    ///
    /// 0.10, 14,751 per arm, α = 0.05, power 0.8: 0.0100.
    public static func minimumEffect(
        control: Double, size: Double, alpha: Double = 0.05, power: Double = 0.8, ratio: Double = 1
    ) -> Double? {
        check(control, control, ratio)
        let highest = (1 - control) * (1 - 1e-12)
        func reached(_ effect: Double) -> Double {
            self.power(control: control, treatment: control + effect, size: size, alpha: alpha, ratio: ratio)
        }
        guard reached(highest) >= power else { return nil }
        return Bisection.root(of: reached, equals: power, from: 0, to: highest)
    }

    private static func check(_ control: Double, _ treatment: Double, _ ratio: Double) {
        precondition(control > 0 && control < 1 && treatment > 0 && treatment < 1, "proportions lie inside 0…1")
        precondition(ratio > 0, "both arms have observations")
    }
}
