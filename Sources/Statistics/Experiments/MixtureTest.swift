/// The mixture sequential probability ratio test, mSPRT (Johari, Pekelis, Walsh 2015, *Always valid inference*): the
/// normal mixture with a fixed mixing variance τ², in the metric's own unit.
///
/// It differs from `ConfidenceSequence` in what is fixed beforehand: the size of the effects expected (τ), not the sample
/// size at which the interval is tight.
public struct MixtureTest: Sendable, Equatable, Codable {
    public var alpha: Double
    /// The standard deviation of effects over experiments like this one. Any value is valid if it was chosen beforehand;
    /// near the true effect it is fastest.
    public var tau: Double
    public var burnIn: BurnIn

    public init(tau: Double, alpha: Double = 0.05, burnIn: BurnIn = BurnIn()) {
        precondition(alpha > 0 && alpha < 1 && tau > 0, "a level lies inside 0…1, τ above 0")
        self.alpha = alpha
        self.tau = tau
        self.burnIn = burnIn
    }

    /// Λ, the always-valid p-value 1/Λ and the interval, from the arms (proportions or means). The statistic is Λ.
    /// `insufficient` (with its numbers) before the burn-in is over.
    public func effect(control: ArmSummary, treatment: ArmSummary) -> ExperimentEffect {
        guard control.count > 0, treatment.count > 0 else { return ExperimentEffect(method: "msprt", status: .noData) }
        guard let estimate = MeanDifference.estimate(control: control, treatment: treatment, scale: .absolute),
            estimate.standardError > 0
        else { return ExperimentEffect(method: "msprt", status: .insufficient) }
        return effect(
            difference: estimate.difference, variance: estimate.standardError * estimate.standardError,
            status: burnIn.isOver(control, treatment) ? .ok : .insufficient)
    }

    /// From an estimate and its variance.
    ///
    /// 0.012 with a variance of 0.19/20,000, τ = 0.01: Λ = 298.6, p = 0.0033, 0.0026…0.0214.
    public func effect(difference: Double, variance: Double, status: StatisticStatus = .ok) -> ExperimentEffect {
        precondition(variance > 0, "an estimate has an error")
        return NormalMixture(difference: difference, variance: variance, ratio: tau * tau / variance)
            .effect(method: "msprt", status: status, alpha: alpha)
    }
}
