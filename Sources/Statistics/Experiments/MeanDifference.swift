import CBoostMath
import Foundation

/// The difference of two means from the arms' summaries.
public enum MeanDifference {
    /// A difference and its standard error.
    struct Estimate {
        var difference: Double
        var standardError: Double
    }

    /// How far the control's mean must be from zero, in standard errors, for the delta method to hold.
    static let minimumControlRatio = 5.0

    /// Welch's t-test (1947) with its interval and the degrees of freedom of Welch and Satterthwaite, each arm with its own
    /// variance. The effect size is Cohen's d, over the pooled standard deviation. Equals SciPy's
    /// `ttest_ind(equal_var=False)`, and on proportions and on the relative scale gbstats' `TwoSidedTTest`.
    ///
    /// Relative: (t − c)/c with the delta method's error √(s²ₜ/nₜ/c² + s²_c/n_c·t²/c⁴); `insufficient` where the
    /// control's mean is within five standard errors of zero. Fewer than two values in an arm, or no variance at all, are
    /// `insufficient` too, without numbers; and with them, skewed values in arms of different sizes (`distortion`).
    ///
    /// (1, 2, 3, 4) against (3, 4, 5, 6): 2 (−0.23…4.23), t = 2.191, 6 degrees, p = 0.0710.
    public static func welch(
        control: ArmSummary, treatment: ArmSummary, alpha: Double = 0.05, scale: DifferenceScale = .absolute
    ) -> ExperimentEffect {
        guard control.count > 0, treatment.count > 0 else {
            return ExperimentEffect(method: "welch", status: .noData)
        }
        guard control.count > 1, treatment.count > 1,
            let estimate = estimate(control: control, treatment: treatment, scale: scale), estimate.standardError > 0,
            let degrees = degreesOfFreedom(control, treatment)
        else {
            return ExperimentEffect(
                method: "welch", status: .insufficient,
                difference: scale == .absolute ? treatment.mean - control.mean : nil)
        }
        let statistic = estimate.difference / estimate.standardError
        let margin = td_student_t_quantile(1 - alpha / 2, degrees) * estimate.standardError
        let isSkewed = distortion(control, treatment) > maximumDistortion
        return ExperimentEffect(
            method: "welch", status: isSkewed ? .insufficient : .ok, difference: estimate.difference,
            standardError: estimate.standardError,
            low: estimate.difference - margin, high: estimate.difference + margin, statistic: statistic,
            degreesOfFreedom: degrees, pValue: 2 * td_student_t_upper_tail(statistic.magnitude, degrees),
            effectSize: cohenD(control, treatment))
    }

    /// As in `TwoSampleTests.tTest`: beyond it the law of t is not Student's any more.
    static let maximumDistortion = 0.2

    /// The first term of the Edgeworth expansion of t: |skewness|·|1/n² − 1/m²|/(1/m + 1/n)^1.5, with the skewness of both
    /// arms about their own means. It cancels in arms of one size; 0 where the third moment is not known.
    static func distortion(_ control: ArmSummary, _ treatment: ArmSummary) -> Double {
        let squares = control.squares + treatment.squares
        guard let first = control.cubes, let second = treatment.cubes, squares > 0 else { return 0 }
        let (m, n) = (Double(control.count), Double(treatment.count))
        let skewness = (first + second) / squares * ((m + n) / squares).squareRoot()
        let distortion = skewness.magnitude * (1 / (n * n) - 1 / (m * m)).magnitude / pow(1 / m + 1 / n, 1.5)
        return distortion.isFinite ? distortion : .infinity
    }

    /// The difference on a scale; `nil` where it is not defined.
    static func estimate(control: ArmSummary, treatment: ArmSummary, scale: DifferenceScale) -> Estimate? {
        guard let first = control.variance, let second = treatment.variance else { return nil }
        let parts = (first / Double(control.count), second / Double(treatment.count))
        switch scale {
        case .absolute:
            return Estimate(
                difference: treatment.mean - control.mean, standardError: (parts.0 + parts.1).squareRoot())
        case .relative:
            guard control.mean.magnitude > minimumControlRatio * parts.0.squareRoot() else { return nil }
            let ratio = treatment.mean / control.mean
            let error = (parts.1 + parts.0 * ratio * ratio).squareRoot() / control.mean.magnitude
            return Estimate(difference: (treatment.mean - control.mean) / control.mean, standardError: error)
        }
    }

    /// Welch and Satterthwaite; shares of the variance, so that nothing overflows.
    private static func degreesOfFreedom(_ control: ArmSummary, _ treatment: ArmSummary) -> Double? {
        guard let first = control.variance, let second = treatment.variance else { return nil }
        let parts = (first / Double(control.count), second / Double(treatment.count))
        let shares = (parts.0 / (parts.0 + parts.1), parts.1 / (parts.0 + parts.1))
        let degrees =
            1 / (shares.0 * shares.0 / Double(control.count - 1) + shares.1 * shares.1 / Double(treatment.count - 1))
        return degrees.isFinite && degrees > 0 ? degrees : nil
    }

    private static func cohenD(_ control: ArmSummary, _ treatment: ArmSummary) -> Double? {
        let pooled = (control.squares + treatment.squares) / Double(control.count + treatment.count - 2)
        return pooled > 0 ? (treatment.mean - control.mean) / pooled.squareRoot() : nil
    }
}
