import CBoostMath
import Foundation

/// Fixed-horizon methods for the difference of two proportions: valid at the one look that was planned, and only there.
public enum ProportionDifference {
    /// The z-test with the pooled variance (as `TwoSampleTests.twoProportions`), and Newcombe's interval, which unlike
    /// Wald's keeps its level at small counts. The effect size is Cohen's h. Equals statsmodels' `proportions_ztest` and
    /// `confint_proportions_2indep(method="newcomb")`.
    ///
    /// 500 of 5,000 against 560 of 5,000: 0.0120 (−0.00007…0.0241), p = 0.0513.
    public static func pooled(
        control: ArmSummary, treatment: ArmSummary, alpha: Double = 0.05
    ) -> ExperimentEffect {
        let (c, t) = (control.successes, treatment.successes)
        let test = TwoSampleTests.twoProportions(t, of: treatment.count, c, of: control.count)
        guard let bounds = newcombe(control: control, treatment: treatment, alpha: alpha) else {
            return ExperimentEffect(method: "z", status: .noData)
        }
        return ExperimentEffect(
            method: "z", status: test.status, difference: treatment.mean - control.mean, low: bounds.low,
            high: bounds.high, statistic: test.statistic, pValue: test.pValue,
            effectSize: cohenH(control.mean, treatment.mean))
    }

    /// Wald's test and interval: the difference over √(p₁(1 − p₁)/n₁ + p₂(1 − p₂)/n₂). Equals statsmodels'
    /// `test_proportions_2indep(method="wald")`. `insufficient` where an arm has fewer than five successes or failures;
    /// no variance at all (both arms constant): no p-value.
    ///
    /// 500 of 5,000 against 560 of 5,000: 0.0120 (−0.00006…0.0241), p = 0.0512.
    public static func wald(control: ArmSummary, treatment: ArmSummary, alpha: Double = 0.05) -> ExperimentEffect {
        guard let first = control.variance, let second = treatment.variance else {
            return ExperimentEffect(method: "z_unpooled", status: .noData)
        }
        let difference = treatment.mean - control.mean
        let error = (first / Double(control.count) + second / Double(treatment.count)).squareRoot()
        guard error > 0 else {
            return ExperimentEffect(method: "z_unpooled", status: .insufficient, difference: difference)
        }
        let rarest = [control, treatment].map { min($0.successes, $0.count - $0.successes) }.min() ?? 0
        let margin = td_normal_quantile(1 - alpha / 2) * error
        return ExperimentEffect(
            method: "z_unpooled", status: rarest < 5 ? .insufficient : .ok, difference: difference,
            standardError: error, low: difference - margin, high: difference + margin, statistic: difference / error,
            pValue: 2 * td_normal_upper_tail(difference.magnitude / error),
            effectSize: cohenH(control.mean, treatment.mean))
    }

    /// Fisher's exact p-value (`TwoSampleTests.fisherExact`) with Newcombe's interval; the effect size is the odds ratio of
    /// the treatment, `nil` where it is not finite. For small counts, at any of which it keeps its level.
    public static func fisher(control: ArmSummary, treatment: ArmSummary, alpha: Double = 0.05) -> ExperimentEffect {
        let test = TwoSampleTests.fisherExact(
            treatment.successes, of: treatment.count, control.successes, of: control.count)
        guard let bounds = newcombe(control: control, treatment: treatment, alpha: alpha) else {
            return ExperimentEffect(method: "fisher", status: .noData)
        }
        let isFinite = control.successes > 0 && treatment.successes < treatment.count
        return ExperimentEffect(
            method: "fisher", status: test.status, difference: treatment.mean - control.mean, low: bounds.low,
            high: bounds.high, statistic: isFinite ? test.statistic : nil, pValue: test.pValue,
            effectSize: isFinite ? test.statistic : nil)
    }

    /// Newcombe 1998, method 10: the distances to the Wilson bounds of both arms, added in squares. `nil` for an empty arm.
    public static func newcombe(
        control: ArmSummary, treatment: ArmSummary, alpha: Double = 0.05
    ) -> ProportionInterval.Bounds? {
        guard let first = ProportionInterval.wilson(control.successes, of: control.count, alpha: alpha),
            let second = ProportionInterval.wilson(treatment.successes, of: treatment.count, alpha: alpha)
        else { return nil }
        let difference = treatment.mean - control.mean
        return (
            difference - hypot(treatment.mean - second.low, first.high - control.mean),
            difference + hypot(second.high - treatment.mean, control.mean - first.low)
        )
    }

    /// Cohen 1988: h = 2·asin√p₂ − 2·asin√p₁, on whose scale the variance of a proportion is the same everywhere.
    ///
    /// 0.10 to 0.11: 0.0326.
    public static func cohenH(_ control: Double, _ treatment: Double) -> Double {
        2 * asin(treatment.squareRoot()) - 2 * asin(control.squareRoot())
    }
}
