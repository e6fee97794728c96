import Statistics

extension ExperimentSettings {
    /// One treatment against the control by one method.
    ///
    /// - Parameter observed: values of the metric in all variants together.
    func effect(
        _ method: ExperimentMethod, control: [Double], treatment: [Double], isProportion: Bool, alpha: Double,
        observed: Int
    ) -> ExperimentEffect {
        let arms = (
            ArmSummary(control, isProportion: isProportion), ArmSummary(treatment, isProportion: isProportion)
        )
        switch method {
        case .z: return ProportionDifference.pooled(control: arms.0, treatment: arms.1, alpha: alpha)
        case .fisher: return ProportionDifference.fisher(control: arms.0, treatment: arms.1, alpha: alpha)
        case .welch: return MeanDifference.welch(control: arms.0, treatment: arms.1, alpha: alpha)
        case .mannWhitney:
            return RankDifference.mannWhitney(control: control, treatment: treatment, alpha: alpha)
        case .bootstrap:
            var generator = ResamplingGenerator(seed: options.seed)
            return BootstrapDifference.mean(
                control: control, treatment: treatment, alpha: alpha, resamples: options.resamples,
                using: &generator)
        case .msprt:
            guard let tau = options.tau ?? Self.usualTau(arms.0, arms.1) else {
                return ConfidenceSequence(alpha: alpha).effect(control: arms.0, treatment: arms.1)
            }
            return MixtureTest(tau: tau, alpha: alpha).effect(control: arms.0, treatment: arms.1)
        case .confidenceSequence:
            return ConfidenceSequence(alpha: alpha, tunedFor: options.tunedFor)
                .effect(control: arms.0, treatment: arms.1)
        case .groupSequential:
            return GroupSequentialTest(looks: looks, alpha: alpha, spending: spending)
                .effect(control: arms.0, treatment: arms.1, observed: Int64(observed))
        case .bayesian: return Self.bayesian(control, treatment, alpha)
        }
    }

    /// A tenth of the standard deviation within the arms, a small effect after Cohen; `nil` without variance.
    private static func usualTau(_ control: ArmSummary, _ treatment: ArmSummary) -> Double? {
        let squares = control.squares + treatment.squares
        let deviation = (squares / Double(max(1, control.count + treatment.count))).squareRoot()
        return deviation > 0 && deviation.isFinite ? deviation / 10 : nil
    }

    static func posterior(_ values: [Double]) -> BetaPosterior {
        BetaPosterior(successes: Int64(values.count { $0 == 1 }), of: Int64(values.count))
    }

    private static func bayesian(_ control: [Double], _ treatment: [Double], _ alpha: Double) -> ExperimentEffect {
        let comparison = BayesianComparison([posterior(control), posterior(treatment)])
        let difference = comparison.difference(of: 1, alpha: alpha)
        return ExperimentEffect(
            bayesian: difference.mean, low: difference.low, high: difference.high,
            hasData: !control.isEmpty && !treatment.isEmpty)
    }
}
