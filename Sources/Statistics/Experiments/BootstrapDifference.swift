/// The difference of two means by resampling.
public enum BootstrapDifference {
    /// The symmetric bootstrap-t (Hall 1988): each resample (with replacement, within its arm) gives
    /// t* = (d* − d)/se*; the interval is d ± (the 1 − α quantile of |t*|)·se, and the p-value (1 + #{|t*| ≥ |d|/se})
    /// over 1 + resamples, so that interval and p-value agree. Unlike Welch's t it learns the skewness of the values, and
    /// its level is exact to the second order; unlike percentiles of d* it is not too narrow in small arms.
    ///
    /// The seed is drawn from the caller's generator, so the same generator gives the same numbers. Below eight values in an arm, or without
    /// variance, `insufficient`. O(resamples·n) time, O(resamples) memory.
    /// - Parameter resamples: 2,000 give a p-value of 0.05 ± 0.005.
    public static func mean(
        control: [Double], treatment: [Double], alpha: Double = 0.05, resamples: Int = 2_000,
        using generator: inout some RandomNumberGenerator
    ) -> ExperimentEffect {
        precondition(resamples >= 100, "fewer resamples have no tail to read")
        let (first, second) = (control.filter(\.isFinite), treatment.filter(\.isFinite))
        let arms = (ArmSummary(first), ArmSummary(second))
        guard arms.0.count > 0, arms.1.count > 0 else {
            return ExperimentEffect(method: "bootstrap", status: .noData)
        }
        let plain = MeanDifference.estimate(control: arms.0, treatment: arms.1, scale: .absolute)
        guard min(arms.0.count, arms.1.count) >= minimumPerArm, let plain, plain.standardError > 0,
            plain.standardError.isFinite
        else {
            return ExperimentEffect(
                method: "bootstrap", status: .insufficient, difference: arms.1.mean - arms.0.mean)
        }
        // Of a type that is known here: resampling draws a number for every value, and calls into the caller's generator,
        // whose type is not, took nine tenths of the time.
        var draws = SplitMix(seed: generator.next())
        var ratios: [Double] = []
        ratios.reserveCapacity(resamples)
        for _ in 0..<resamples {
            let again = MeanDifference.estimate(
                control: resample(first, &draws), treatment: resample(second, &draws), scale: .absolute)
            // A resample of one repeated value has no error to divide by: as far out as can be.
            let moved = again.map { ($0.difference - plain.difference).magnitude / $0.standardError } ?? .infinity
            ratios.append(moved.isNaN ? .infinity : moved)
        }
        ratios.sort()
        let observed = plain.difference.magnitude / plain.standardError
        let beyond = ratios.count { $0 >= observed }
        let quantile = ratios[min(resamples - 1, Int((Double(resamples + 1) * (1 - alpha)).rounded(.up)) - 1)]
        let margin = quantile * plain.standardError
        return ExperimentEffect(
            method: "bootstrap", difference: plain.difference, standardError: plain.standardError,
            low: plain.difference - margin, high: plain.difference + margin,
            statistic: plain.difference / plain.standardError,
            pValue: Double(1 + beyond) / Double(1 + resamples))
    }

    static let minimumPerArm: Int64 = 8

    private static func resample(_ values: [Double], _ draws: inout SplitMix) -> ArmSummary {
        // Deviations from a value of the sample: two sums, no division per value.
        let origin = values[0]
        var (sum, squares) = (0.0, 0.0)
        for _ in values.indices {
            let value = values[Int.random(in: 0..<values.count, using: &draws)] - origin
            sum += value
            squares += value * value
        }
        let count = Double(values.count)
        let variance = max(0, squares - sum * sum / count) / (count - 1)
        guard variance.isFinite else { return ArmSummary() }
        return ArmSummary(count: Int64(values.count), mean: origin + sum / count, variance: variance)
    }
}
