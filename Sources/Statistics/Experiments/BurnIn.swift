/// From when on the sequential methods hold.
///
/// Mixtures and confidence sequences take the estimated variance for the true one, and the estimate for normal: both are
/// asymptotic (Waudby-Smith et al. 2021). A sequence tuned for 20 observations and looked at from 2 per arm on rejects a
/// proportion of 0.5 in 24 % of A/A experiments at α = 0.05, from 10 per arm on in 6 %, from 100 on in 1 %. Before the
/// burn-in the status is `insufficient`; what is rejected after it is measured by the benchmark suite "experiments".
///
/// Uneven traffic makes it longer. Rare successes: at 1 % and traffic 10 : 90, looking from 100 per arm on rejects 31 %, from
/// 20 expected successes on less than 1 %. Skewed means: in arms of different sizes the skewness must have been averaged
/// out (`MeanDifference.distortion` at most 0.2), which for a log-normal with σ = 1 at 10 : 90 is at about 450 in the
/// smaller arm.
public struct BurnIn: Sendable, Equatable, Codable {
    /// Observations that every arm must have.
    public var perArm: Int64
    /// Of proportions: successes, and failures, that the smaller arm must have been able to expect, at the rate of both arms
    /// together. (The arm's own successes would do harm: an arm that happens to have few would be looked at later.)
    public var expectedSuccesses: Double

    public init(perArm: Int64 = 100, expectedSuccesses: Double = 20) {
        self.perArm = perArm
        self.expectedSuccesses = expectedSuccesses
    }

    public func isOver(_ control: ArmSummary, _ treatment: ArmSummary) -> Bool {
        let smallest = min(control.count, treatment.count)
        guard smallest >= perArm else { return false }
        guard control.isProportion, treatment.isProportion else {
            return MeanDifference.distortion(control, treatment) <= MeanDifference.maximumDistortion
        }
        var both = control
        both.merge(treatment)
        return Double(smallest) * min(both.mean, 1 - both.mean) >= expectedSuccesses
    }
}
