import Testing

@testable import Statistics

@Suite struct ExperimentDecisionTests {
    typealias Decision = ExperimentDecision

    private func evidence(
        _ low: Double?, _ high: Double?, anyLook: Bool = true, total: Int64 = 1_000,
        status: StatisticStatus = .ok
    ) -> Decision.Evidence {
        Decision.Evidence(
            effect: ExperimentEffect(method: "z", status: status, difference: 0, low: low, high: high, pValue: 0.5),
            isValidAtAnyLook: anyLook, smallestArm: total / 2, total: total)
    }

    private func decide(
        _ evidence: Decision.Evidence, _ change: (inout Decision.Rules) -> Void = { _ in }
    ) -> Decision {
        var rules = Decision.Rules()
        change(&rules)
        return Decision.decide(evidence, rules: rules)
    }

    @Test func theTable() {
        #expect(decide(evidence(0.1, 0.2)) == Decision(outcome: .promote, reason: .better))
        #expect(decide(evidence(-0.2, -0.1)) == Decision(outcome: .rollBack, reason: .worse))
        #expect(decide(evidence(-0.1, 0.1)) == Decision(outcome: .continue, reason: .noEvidenceYet))
        #expect(
            decide(evidence(-0.1, 0.1)) { $0.plannedTotal = 1_000 }
                == Decision(outcome: .inconclusive, reason: .noEvidence))
        #expect(
            decide(evidence(-0.1, 0.1, anyLook: false)) == Decision(outcome: .inconclusive, reason: .noEvidence))
        #expect(
            decide(evidence(nil, nil, status: .insufficient))
                == Decision(outcome: .continue, reason: .insufficientData))
        #expect(
            decide(evidence(0.1, 0.2, status: .insufficient))
                == Decision(outcome: .continue, reason: .insufficientData))
    }

    @Test func lowerIsBetter() {
        #expect(
            decide(evidence(0.1, 0.2)) { $0.isHigherBetter = false } == Decision(outcome: .rollBack, reason: .worse))
        #expect(
            decide(evidence(-0.2, -0.1)) { $0.isHigherBetter = false }
                == Decision(outcome: .promote, reason: .better))
    }

    @Test func aMismatchStopsEverything() {
        var broken = evidence(0.1, 0.2)
        broken.isSampleRatioOk = false
        #expect(decide(broken) == Decision(outcome: .inconclusive, reason: .sampleRatioMismatch))
    }

    @Test func nothingIsReadTooEarly() {
        #expect(
            decide(evidence(0.1, 0.2)) { $0.minimumPerArm = 501 }
                == Decision(outcome: .continue, reason: .minimumSampleNotReached))
        #expect(
            decide(evidence(0.1, 0.2, anyLook: false)) { $0.plannedTotal = 1_001 }
                == Decision(outcome: .continue, reason: .plannedEndNotReached))
        #expect(
            decide(evidence(0.1, 0.2, anyLook: false)) { $0.plannedTotal = 1_000 }
                == Decision(outcome: .promote, reason: .better))
        var late = evidence(0.1, 0.2)
        late.days = 30
        #expect(
            decide(late) {
                $0.minimumPerArm = 501
                $0.maximumDays = 28
            } == Decision(outcome: .inconclusive, reason: .minimumSampleNotReached))
    }

    @Test func guardrailsComeBeforeBenefit() {
        var harmed = evidence(0.1, 0.2)
        harmed.guardrails = [
            Decision.Guardrail(low: -1, high: 1), Decision.Guardrail(low: 0.1, high: 0.3, isHigherBetter: false),
        ]
        #expect(decide(harmed) == Decision(outcome: .rollBack, reason: .guardrailHarmed))
        harmed.guardrails[1].allowedHarm = 0.1
        #expect(decide(harmed) == Decision(outcome: .promote, reason: .better))
        harmed.guardrails = [Decision.Guardrail(low: nil, high: nil)]
        #expect(decide(harmed).outcome == .promote)
    }

    @Test func triflesEndTheExperiment() {
        #expect(
            decide(evidence(0.001, 0.004)) { $0.irrelevantBelow = 0.005 }
                == Decision(outcome: .inconclusive, reason: .noRelevantEffect))
        #expect(decide(evidence(0.001, 0.04)) { $0.irrelevantBelow = 0.005 }.outcome == .promote)
    }
}
