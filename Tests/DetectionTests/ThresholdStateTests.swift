import Foundation
import Testing

@testable import Detection

@Suite struct ThresholdStateTests {
    /// One window's number, and what is to be said of it.
    struct Step: CustomStringConvertible {
        var value: Double
        var pValue: Double?
        var status: VerdictStatus
        var reason: VerdictReason
        var description: String { "\(value), p \(pValue.map { "\($0)" } ?? "–") → \(status) \(reason)" }
    }

    private func run(_ steps: [Step], _ calibration: ThresholdCalibration) {
        var state = ThresholdState()
        for (index, step) in steps.enumerated() {
            let judgement = state.judge(value: step.value, pValue: step.pValue, by: calibration)
            #expect(judgement.status == step.status, "step \(index): \(step)")
            #expect(judgement.reason == step.reason, "step \(index): \(step)")
            #expect(state.isRaised == (step.status == .drift), "step \(index): \(step)")
        }
    }

    @Test func raisesAboveAndClearsOnlyBelowTheLowerLevel() {
        run(
            [
                Step(value: 0.05, status: .ok, reason: .noEvidence),
                Step(value: 0.2, status: .ok, reason: .noEvidence),
                Step(value: 0.21, status: .drift, reason: .evidenceAndEffect),
                Step(value: 0.15, status: .drift, reason: .notYetCleared),
                Step(value: 0.3, status: .drift, reason: .evidenceAndEffect),
                Step(value: 0.11, status: .drift, reason: .notYetCleared),
                Step(value: 0.1, status: .ok, reason: .cleared),
                Step(value: 0.15, status: .ok, reason: .noEvidence),
            ],
            ThresholdCalibration(
                limit: .above(raise: 0.2, clear: 0.1), persistence: Persistence(required: 1, of: 1)))
    }

    @Test func raisesBelowForMetricsWhereMoreIsBetter() {
        run(
            [
                Step(value: 0.75, status: .ok, reason: .noEvidence),
                Step(value: 0.74, status: .drift, reason: .evidenceAndEffect),
                Step(value: 0.79, status: .drift, reason: .notYetCleared),
                Step(value: 0.8, status: .ok, reason: .cleared),
            ],
            ThresholdCalibration(
                limit: .below(raise: 0.75, clear: 0.8), persistence: Persistence(required: 1, of: 1)))
    }

    @Test func needsTwoOfThreeAndForgetsThemOnceCleared() {
        run(
            [
                Step(value: 1, status: .ok, reason: .belowPersistence),
                Step(value: 0, status: .ok, reason: .noEvidence),
                Step(value: 0, status: .ok, reason: .noEvidence),
                // The first one is no longer among the last three.
                Step(value: 1, status: .ok, reason: .belowPersistence),
                Step(value: 0, status: .ok, reason: .noEvidence),
                Step(value: 1, status: .drift, reason: .evidenceAndEffect),
                Step(value: 0, status: .ok, reason: .cleared),
                // Without forgetting, this one and the one two steps ago would be two of three.
                Step(value: 1, status: .ok, reason: .belowPersistence),
                Step(value: 1, status: .drift, reason: .evidenceAndEffect),
            ],
            ThresholdCalibration(
                limit: .above(raise: 0.5, clear: 0.5), persistence: Persistence(required: 2, of: 3)))
    }

    @Test func withAPValueBothAreNeeded() {
        run(
            [
                Step(value: 0.1, pValue: 0.5, status: .ok, reason: .noEvidence),
                Step(value: 0.1, pValue: 0.001, status: .ok, reason: .evidenceWithoutEffect),
                Step(value: 0.3, pValue: 0.5, status: .ok, reason: .effectWithoutEvidence),
                Step(value: 0.3, pValue: nil, status: .ok, reason: .effectWithoutEvidence),
                Step(value: 0.3, pValue: 0.01, status: .drift, reason: .evidenceAndEffect),
                // Large, but chance would explain it: not enough to raise, and no reason to clear.
                Step(value: 0.3, pValue: 0.5, status: .drift, reason: .notYetCleared),
                Step(value: 0.1, pValue: 0.001, status: .ok, reason: .cleared),
            ],
            ThresholdCalibration(
                limit: .above(raise: 0.2, clear: 0.1), maximumPValue: 0.01,
                persistence: Persistence(required: 1, of: 1)))
    }

    @Test func aSmallerMDropsWhatIsTooOld() throws {
        let wide = ThresholdCalibration(
            limit: .above(raise: 0.5, clear: 0.5), persistence: Persistence(required: 3, of: 6))
        let narrow = ThresholdCalibration(
            limit: .above(raise: 0.5, clear: 0.5), persistence: Persistence(required: 2, of: 2))
        var state = ThresholdState()
        for value in [1.0, 1, 0, 0] { _ = state.judge(value: value, pValue: nil, by: wide) }
        state = try JSONDecoder().decode(ThresholdState.self, from: JSONEncoder().encode(state))
        #expect(state.judge(value: 1, pValue: nil, by: narrow).reason == .belowPersistence)
        #expect(state.judge(value: 1, pValue: nil, by: narrow).status == .drift)
    }

    @Test func limitsKnowWhichSideIsGood() {
        #expect(Limit.above(raise: 0.2, clear: 0.1).isOrdered)
        #expect(!Limit.above(raise: 0.1, clear: 0.2).isOrdered)
        #expect(Limit.below(raise: 0.75, clear: 0.8).isOrdered)
        #expect(!Limit.below(raise: 0.8, clear: 0.75).isOrdered)
        #expect(!Limit.above(raise: .infinity, clear: 0).isOrdered)
        #expect(!Limit.below(raise: .nan, clear: 0).isOrdered)
    }
}
