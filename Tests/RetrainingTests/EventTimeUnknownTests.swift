import Foundation
import Retraining
import Statistics
import Testing

/// Before the first event after a start there is no event time: the coordinator says `Int64.min`.
@Suite struct EventTimeUnknownTests {
    private static let unknown = Int64.min
    private static let day = RetrainingPlannerTests.day
    private static let hour = day / 24

    private static func comparison(from start: Int64) -> ShadowComparison {
        ShadowComparison(
            model: "fraud", promoted: "2", predecessor: "1",
            settings: ShadowSettings(
                metric: .accuracy, margin: 0.02, minimumLabels: 200, maximumLabels: 1_000, observationMicroseconds: day),
            startMicroseconds: start)
    }

    /// An agent without a checkpoint finds a version on probation in the registry: it is observed from its first rows on.
    @Test func theObservationBeginsWithTheFirstRows() throws {
        let rows = ShadowRows(20, promoted: 1, predecessor: 1, seed: 1)
        var comparison = Self.comparison(from: Self.unknown)
        #expect(comparison.decide(nowMicroseconds: Self.unknown) == .proceed)
        #expect(comparison.decide(nowMicroseconds: RowFactory.start) == .proceed)
        #expect(try rows.feed(10..<20, to: &comparison) == .proceed)
        #expect(try rows.feed(0..<10, to: &comparison) == .proceed)
        let restored = try JSONDecoder().decode(ShadowComparison.self, from: try JSONEncoder().encode(comparison))
        #expect(restored == comparison)
        // The oldest row was joined one second after the start, whichever batch came first.
        let end = RowFactory.start + RowFactory.second + Self.day
        #expect(restored.decide(nowMicroseconds: end - 1) == .proceed)
        #expect(restored.decide(nowMicroseconds: end).isKeep)
    }

    /// A restart in the middle of a probation, and an empty partition that speaks first.
    @Test func noTimeHasPassedWhileItIsUnknown() {
        let comparison = Self.comparison(from: RowFactory.start)
        #expect(comparison.decide(nowMicroseconds: Self.unknown) == .proceed)
        #expect(comparison.decide(nowMicroseconds: .max).isKeep)
    }

    /// A retraining on demand right after a restart, from the rows of the checkpoint.
    @Test func theCoolDownBeginsWhenTimeIsKnown() throws {
        var planner = RetrainingPlannerTests.planner()
        planner.demand()
        #expect(planner.decide(RetrainingPlannerTests.inputs(at: Self.unknown)) == .start(.onDemand))
        planner.finish(atMicroseconds: Self.unknown)
        var restored = RetrainingPlannerTests.planner()
        restored.restore(
            from: try JSONDecoder().decode(RetrainingPlanner.self, from: try JSONEncoder().encode(planner)))
        for var planner in [planner, restored] {
            let decisions = [Self.unknown, 0, Self.day - 1].map {
                planner.decide(RetrainingPlannerTests.inputs(at: $0))
            }
            #expect(decisions == Array(repeating: .skip(.coolingDown), count: 3))
            #expect(planner.decide(RetrainingPlannerTests.inputs(at: Self.day)) != .skip(.coolingDown))
        }
    }

    @Test func theScheduleBeginsWhenTimeIsKnown() {
        var planner = RetrainingPlanner(
            policy: RetrainingPolicy(scheduleMicroseconds: Self.hour, cooldownMicroseconds: 0, minimumRows: 10))
        let decisions = [Self.unknown, Self.unknown, 0, Self.hour - 1, Self.hour].map {
            planner.decide(RetrainingPlannerTests.inputs(at: $0))
        }
        #expect(decisions == Array(repeating: .skip(.nothingDue), count: 4) + [.start(.schedule)])
    }

    /// After a restart a partition may speak whose events are older than the last run.
    @Test func timeMayLieBeforeTheLastRun() {
        var planner = RetrainingPlannerTests.planner()
        planner.finish(atMicroseconds: 10 * Self.day)
        for now in [Self.unknown, 0, 10 * Self.day] {
            #expect(planner.decide(RetrainingPlannerTests.inputs(at: now)) == .skip(.coolingDown))
        }
    }
}
