import Foundation
import Retraining
import Statistics
import Testing

@Suite struct RetrainingPlannerTests {
    static let day: Int64 = 86_400_000_000
    static let floor = RetrainingPolicy.PerformanceFloor(metric: .accuracy, below: 0.8)
    static let ceiling = RetrainingPolicy.PerformanceFloor(metric: .rmse, below: 3)

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var isEnabled = true
        var floor: RetrainingPolicy.PerformanceFloor?
        var share: Double?
        var isScheduled = false
        /// What is seen.
        var driftedShare: Double?
        var metrics: [PerformanceMetric: Double] = [:]
        var rows = 100
        /// Microseconds since the last run ended; `nil`: none has.
        var sinceLast: Int64?
        var isDemanded = false
        var isRunning = false
        var expected: RetrainingDecision
        var testDescription: String { name }
    }

    static let low: [PerformanceMetric: Double] = [.accuracy: 0.79]
    static let belowFloor = RetrainingDecision.start(.performanceBelow(.accuracy, value: 0.79, floor: 0.8))
    static let cases: [Case] = [
        Case(name: "below", floor: floor, metrics: low, expected: belowFloor),
        Case(name: "at the floor", floor: floor, metrics: [.accuracy: 0.8], expected: .skip(.nothingDue)),
        Case(name: "no such metric yet", floor: floor, metrics: [.recall: 0], expected: .skip(.nothingDue)),
        Case(
            name: "an error above its limit", floor: ceiling, metrics: [.rmse: 3.1],
            expected: .start(.performanceBelow(.rmse, value: 3.1, floor: 3))),
        Case(name: "an error at its limit", floor: ceiling, metrics: [.rmse: 3], expected: .skip(.nothingDue)),
        Case(name: "an error below its limit", floor: ceiling, metrics: [.rmse: 1], expected: .skip(.nothingDue)),
        Case(
            name: "drift", share: 0.3, driftedShare: 0.31,
            expected: .start(.driftedShareAbove(share: 0.31, limit: 0.3))),
        Case(name: "drift at the limit", share: 0.3, driftedShare: 0.3, expected: .skip(.nothingDue)),
        Case(name: "no window yet", share: 0.3, expected: .skip(.nothingDue)),
        Case(name: "drift nobody asked about", driftedShare: 1, metrics: low, expected: .skip(.nothingDue)),
        Case(
            name: "performance comes first", floor: floor, share: 0.3, driftedShare: 1, metrics: low,
            expected: belowFloor),
        Case(name: "schedule due", isScheduled: true, sinceLast: 7 * day, expected: .start(.schedule)),
        Case(name: "schedule not yet", isScheduled: true, sinceLast: 7 * day - 1, expected: .skip(.nothingDue)),
        Case(name: "schedule counts from the first decision", isScheduled: true, expected: .skip(.nothingDue)),
        Case(name: "demand", isDemanded: true, expected: .start(.onDemand)),
        Case(name: "demand while disabled", isEnabled: false, isDemanded: true, expected: .start(.onDemand)),
        Case(name: "demand in the cool-down", sinceLast: 0, isDemanded: true, expected: .start(.onDemand)),
        Case(name: "demand beside drift", share: 0.3, driftedShare: 1, isDemanded: true, expected: .start(.onDemand)),
        Case(name: "demand with too few rows", rows: 99, isDemanded: true, expected: .skip(.tooFewRows)),
        Case(name: "demand during a run", isDemanded: true, isRunning: true, expected: .skip(.alreadyRunning)),
        Case(name: "disabled", isEnabled: false, floor: floor, metrics: low, expected: .skip(.disabled)),
        Case(name: "running", floor: floor, metrics: low, isRunning: true, expected: .skip(.alreadyRunning)),
        Case(name: "too few", floor: floor, metrics: low, rows: 99, expected: .skip(.tooFewRows)),
        Case(name: "cooling", floor: floor, metrics: low, sinceLast: day - 1, expected: .skip(.coolingDown)),
        Case(name: "cool", floor: floor, metrics: low, sinceLast: day, expected: belowFloor),
        Case(name: "cooling, few", floor: floor, metrics: low, rows: 0, sinceLast: 0, expected: .skip(.coolingDown)),
    ]

    @Test(arguments: cases) func decides(_ test: Case) {
        let now: Int64 = 100 * Self.day
        var planner = RetrainingPlanner(
            policy: RetrainingPolicy(
                isEnabled: test.isEnabled, performanceFloor: test.floor, driftedShareAbove: test.share,
                scheduleMicroseconds: test.isScheduled ? 7 * Self.day : nil, cooldownMicroseconds: Self.day,
                minimumRows: 100))
        if let since = test.sinceLast { planner.finish(atMicroseconds: now - since) }
        if test.isRunning {
            planner.demand()
            #expect(planner.decide(Self.inputs(at: now)) == .start(.onDemand))
        }
        if test.isDemanded { planner.demand() }
        let decision = planner.decide(
            RetrainingInputs(
                nowMicroseconds: now, driftedShare: test.driftedShare, metrics: test.metrics, rows: test.rows))
        #expect(decision == test.expected)
        var isStarted = test.isRunning
        if case .start = decision { isStarted = true }
        #expect(planner.isRunning == isStarted)
        #expect(planner.isDemanded == (test.isDemanded && decision != .start(.onDemand)))
    }

    static func inputs(at now: Int64, accuracy: Double = 0.5, rows: Int = 1_000) -> RetrainingInputs {
        RetrainingInputs(nowMicroseconds: now, driftedShare: nil, metrics: [.accuracy: accuracy], rows: rows)
    }

    static func planner() -> RetrainingPlanner {
        RetrainingPlanner(
            policy: RetrainingPolicy(performanceFloor: floor, cooldownMicroseconds: day, minimumRows: 10))
    }

    /// Where performance stays low, one run follows another at the pace of the cool-down and no faster.
    @Test func noStormOfRuns() {
        var planner = Self.planner()
        var starts: [Int64] = []
        for hour in Int64(0)..<240 {
            let now = hour * Self.day / 24
            if case .start = planner.decide(Self.inputs(at: now)) { starts.append(hour) }
            if planner.isRunning, hour % 3 == 2 { planner.finish(atMicroseconds: now) }
        }
        #expect(starts == [0, 26, 50, 74, 98, 122, 146, 170, 194, 218])
    }

    @Test func theScheduleRunsFromTheFirstDecision() {
        var planner = RetrainingPlanner(
            policy: RetrainingPolicy(scheduleMicroseconds: 7 * Self.day, cooldownMicroseconds: 0, minimumRows: 0))
        let decisions = [10, 16, 17].map { planner.decide(Self.inputs(at: $0 * Self.day)) }
        #expect(decisions == [.skip(.nothingDue), .skip(.nothingDue), .start(.schedule)])
        planner.finish(atMicroseconds: 18 * Self.day)
        #expect(planner.decide(Self.inputs(at: 24 * Self.day)) == .skip(.nothingDue))
        #expect(planner.decide(Self.inputs(at: 25 * Self.day)) == .start(.schedule))
    }

    /// A crash ends the run: its trigger still holds, and it is due again. Cool-down and demand outlive it.
    @Test func aRestartForgetsTheRunAndKeepsTheCoolDown() throws {
        func restarted(_ planner: RetrainingPlanner) throws -> RetrainingPlanner {
            var fresh = Self.planner()
            fresh.restore(
                from: try JSONDecoder().decode(RetrainingPlanner.self, from: try JSONEncoder().encode(planner)))
            return fresh
        }
        var planner = Self.planner()
        #expect(planner.decide(Self.inputs(at: 0)) != .skip(.nothingDue))
        #expect(planner.isRunning)
        var second = try restarted(planner)
        #expect(!second.isRunning)
        #expect(second.policy == planner.policy)
        guard case .start = second.decide(Self.inputs(at: 1)) else {
            Issue.record("the run is not due again")
            return
        }

        second.finish(atMicroseconds: 2)
        second.demand()
        var third = try restarted(second)
        #expect(third.isDemanded)
        #expect(third.decide(Self.inputs(at: 3)) == .start(.onDemand))
        third.finish(atMicroseconds: 4)
        var fourth = try restarted(third)
        #expect(!fourth.isDemanded)
        #expect(fourth.decide(Self.inputs(at: 3 + Self.day)) == .skip(.coolingDown))
        #expect(fourth.decide(Self.inputs(at: 4 + Self.day)) != .skip(.coolingDown))
    }

    @Test func triggersReadWell() {
        let drift = RetrainingTrigger.driftedShareAbove(share: 0.5, limit: 0.3)
        #expect(drift.description == "50 % of the columns have drifted, more than 30 %")
        let third = RetrainingTrigger.driftedShareAbove(share: 2.0 / 7, limit: 0.125)
        #expect(third.description == "28.6 % of the columns have drifted, more than 12.5 %")
        let low = RetrainingTrigger.performanceBelow(.rocAUC, value: 0.71239, floor: 0.75)
        #expect(low.description == "roc_auc 0.712 is below 0.75")
        // R² of a target that hardly varies, and a floor that somebody mistyped.
        let absurd = RetrainingTrigger.performanceBelow(.r2, value: -1e25, floor: 1e308)
        #expect(absurd.description == "r2 -1e+25 is below 1e+308")
        #expect(
            [drift, low, .schedule, .onDemand].map(\.name) == [
                "drifted_share_above", "performance_below", "schedule", "on_demand",
            ])
    }
}
