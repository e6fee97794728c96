/// From when on the sequential methods hold.
///
/// Mixtures and confidence sequences take the estimated variance for the true one, and the estimate for normal: both are
/// asymptotic (Waudby-Smith et al. 2021). Looking from the second observation on, a proportion of 0.5 is rejected 14.5 % of
/// the time at α = 0.05. Before the burn-in the status is `insufficient`; what is rejected after it is measured by the
/// benchmark suite "experiments".
public struct BurnIn: Sendable, Equatable, Codable {
    /// Observations that every arm must have.
    public var perArm: Int64
    /// Of proportions: successes, and failures, that both arms together must have.
    public var successes: Int64

    public init(perArm: Int64 = 100, successes: Int64 = 20) {
        self.perArm = perArm
        self.successes = successes
    }

    public func isOver(_ control: ArmSummary, _ treatment: ArmSummary) -> Bool {
        guard min(control.count, treatment.count) >= perArm else { return false }
        guard control.isProportion, treatment.isProportion else { return true }
        let hits = control.successes + treatment.successes
        return min(hits, control.count + treatment.count - hits) >= successes
    }
}
