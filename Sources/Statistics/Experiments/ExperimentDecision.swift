/// What to do with a treatment, and why: a pure function of the evidence and the rules that were set beforehand.
public struct ExperimentDecision: Sendable, Equatable, Codable {
    public enum Outcome: String, Sendable, Codable, CaseIterable {
        case promote
        case rollBack = "roll_back"
        case `continue`
        case inconclusive
    }

    public enum Reason: String, Sendable, Codable, CaseIterable {
        /// The arms did not get their shares (p < 0.001): nothing can be concluded; find the defect and start again.
        case sampleRatioMismatch = "sample_ratio_mismatch"
        /// A guardrail metric is worse than it may be.
        case guardrailHarmed = "guardrail_harmed"
        /// Better, with the whole interval on the good side.
        case better
        case worse
        /// The whole interval lies within the effects that do not matter.
        case noRelevantEffect = "no_relevant_effect"
        /// The planned end has come without evidence.
        case noEvidence = "no_evidence"
        /// The same, with time to go on.
        case noEvidenceYet = "no_evidence_yet"
        case minimumSampleNotReached = "minimum_sample_not_reached"
        /// A fixed-horizon method is read once, at the end.
        case plannedEndNotReached = "planned_end_not_reached"
        /// The method could not be computed or trusted on these data.
        case insufficientData = "insufficient_data"

        /// `no evidence yet`: for people.
        public var text: String { rawValue.replacing("_", with: " ") }
    }

    public let outcome: Outcome
    public let reason: Reason

    public init(outcome: Outcome, reason: Reason) {
        self.outcome = outcome
        self.reason = reason
    }
}

extension ExperimentDecision {
    /// What was set before the experiment began.
    public struct Rules: Sendable, Equatable, Codable {
        public var isHigherBetter = true
        /// The smallest arm must have at least so many observations before anything but a mismatch is concluded.
        public var minimumPerArm: Int64 = 0
        /// At so many observations in all the experiment ends, if not before; `nil`: whenever it is read (fixed horizon), or
        /// never (sequential).
        public var plannedTotal: Int64?
        /// It also ends after so many days.
        public var maximumDays: Double?
        /// Smaller effects, in the metric's unit, do not matter: an interval inside ± this ends the experiment.
        public var irrelevantBelow = 0.0

        public init() {}
    }

    /// A metric that must not get worse.
    public struct Guardrail: Sendable, Equatable {
        /// The interval of its difference; `nil` where it could not be computed.
        public var low: Double?
        public var high: Double?
        public var isHigherBetter: Bool
        /// So much harm, in its unit, is accepted.
        public var allowedHarm: Double

        public init(low: Double?, high: Double?, isHigherBetter: Bool = true, allowedHarm: Double = 0) {
            self.low = low
            self.high = high
            self.isHigherBetter = isHigherBetter
            self.allowedHarm = allowedHarm
        }

        /// The whole interval lies beyond the harm that is accepted.
        public var isHarmed: Bool {
            guard let low, let high else { return false }
            return isHigherBetter ? high < -allowedHarm : low > allowedHarm
        }
    }

    /// What the data say.
    public struct Evidence: Sendable, Equatable {
        public var effect: ExperimentEffect
        /// Whether the interval may be read at any look (sequential methods) or only at the planned end.
        public var isValidAtAnyLook: Bool
        public var smallestArm: Int64
        public var total: Int64
        public var days: Double?
        public var isSampleRatioOk: Bool
        public var guardrails: [Guardrail]

        public init(
            effect: ExperimentEffect, isValidAtAnyLook: Bool, smallestArm: Int64, total: Int64, days: Double? = nil,
            isSampleRatioOk: Bool = true, guardrails: [Guardrail] = []
        ) {
            self.effect = effect
            self.isValidAtAnyLook = isValidAtAnyLook
            self.smallestArm = smallestArm
            self.total = total
            self.days = days
            self.isSampleRatioOk = isSampleRatioOk
            self.guardrails = guardrails
        }
    }

    /// The rules in their order: a mismatch stops all; then the minimum sample; then (where the interval may be read) harm
    /// to a guardrail, harm, benefit, no relevant effect; then the end.
    public static func decide(_ evidence: Evidence, rules: Rules) -> ExperimentDecision {
        guard evidence.isSampleRatioOk else { return .init(outcome: .inconclusive, reason: .sampleRatioMismatch) }
        let isOver = isOver(evidence, rules)
        let waiting = { (reason: Reason) in
            ExperimentDecision(outcome: isOver ? .inconclusive : .continue, reason: reason)
        }
        guard evidence.smallestArm >= rules.minimumPerArm else { return waiting(.minimumSampleNotReached) }
        guard evidence.isValidAtAnyLook || isOver else { return waiting(.plannedEndNotReached) }
        if evidence.guardrails.contains(where: \.isHarmed) {
            return .init(outcome: .rollBack, reason: .guardrailHarmed)
        }
        guard evidence.effect.status == .ok, let low = evidence.effect.low, let high = evidence.effect.high else {
            return waiting(.insufficientData)
        }
        let bounds = rules.isHigherBetter ? (low: low, high: high) : (low: -high, high: -low)
        if bounds.high < 0 { return .init(outcome: .rollBack, reason: .worse) }
        let isRelevant = max(low.magnitude, high.magnitude) > rules.irrelevantBelow
        if rules.irrelevantBelow > 0, !isRelevant { return .init(outcome: .inconclusive, reason: .noRelevantEffect) }
        if bounds.low > 0 { return .init(outcome: .promote, reason: .better) }
        return waiting(isOver ? .noEvidence : .noEvidenceYet)
    }

    private static func isOver(_ evidence: Evidence, _ rules: Rules) -> Bool {
        if let days = evidence.days, let maximum = rules.maximumDays, days >= maximum { return true }
        guard let planned = rules.plannedTotal else {
            // Without a plan a fixed-horizon reading is taken for the one and only.
            return !evidence.isValidAtAnyLook && rules.maximumDays == nil
        }
        return evidence.total >= planned
    }
}
