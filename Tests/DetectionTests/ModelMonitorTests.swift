import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Detection

@Suite struct ModelMonitorTests {
    private let world: World

    init() throws { world = try World() }

    private func monitor(_ drift: [DriftRule], minimum: Int64 = 100) -> ModelMonitor {
        ModelMonitor(
            model: "m", version: "1", driftRules: drift,
            performanceRules: [PerformanceRule(metric: .accuracy, limit: .below(raise: 0.8, clear: 0.85))],
            minimumDriftSample: minimum, minimumPerformanceSample: 50)
    }

    private var psi: DriftRule { DriftRule(statistic: .psi, raise: 0.2, clear: 0.1) }

    @Test func everyStatusOfADriftWindow() throws {
        var monitor = monitor([psi])
        let steps: [(rows: Int, shift: Double, status: VerdictStatus, reason: VerdictReason)] = [
            (500, 0, .ok, .noEvidence),
            (500, 2, .drift, .evidenceAndEffect),
            (20, 0, .insufficient, .tooFewEvents),
            (0, 0, .noData, .emptyWindow),
            (500, 2, .drift, .evidenceAndEffect),
            (500, 0, .ok, .cleared),
            (500, 0, .ok, .noEvidence),
        ]
        for (index, step) in steps.enumerated() {
            let verdicts = monitor.judge(
                drift: world.window(index, rows: step.rows, shift: step.shift), reference: world.profile)
            #expect(verdicts.map(\.subject.detector) == ["drift/x/psi", "drift/c/psi"])
            let x = try #require(verdicts.first)
            #expect(x.status == step.status, "step \(index)")
            #expect(x.reason == step.reason, "step \(index)")
            #expect(x.count == Int64(step.rows))
            #expect(x.reference == world.profile.id)
            #expect(x.raiseLevel == 0.2 && x.clearLevel == 0.1)
            #expect((x.value == nil) == [.insufficient, .noData].contains(step.status))
            #expect(x.windowStart == world.start(index) && x.windowEnd == world.start(index) + 60)
        }
    }

    @Test func anAbsentSummaryIsNoData() {
        var monitor = monitor([psi])
        let window = DriftWindow(startMicroseconds: 0, endMicroseconds: 60, summary: nil)
        #expect(monitor.judge(drift: window, reference: world.profile).map(\.status) == [.noData, .noData])
        let pairs = PerformanceWindow(startMicroseconds: 0, endMicroseconds: 60, summary: nil)
        #expect(monitor.judge(performance: pairs).map(\.status) == [.noData])
    }

    @Test func windowsWithoutANumberNeitherRaiseNorClear() {
        var monitor = monitor([DriftRule(statistic: .psi, columns: ["x"], raise: 0.2, clear: 0.1, required: 2, of: 2)])
        var reasons: [VerdictReason] = []
        for (index, step) in [(500, 2.0), (20, 2), (0, 0), (500, 2), (20, 0), (0, 0), (500, 0)].enumerated() {
            let window = world.window(index, rows: step.0, shift: step.1)
            reasons += monitor.judge(drift: window, reference: world.profile).map(\.reason)
        }
        #expect(
            reasons == [
                .belowPersistence, .tooFewEvents, .emptyWindow, .evidenceAndEffect, .tooFewEvents, .emptyWindow,
                .cleared,
            ])
    }

    @Test func anOldOrRepeatedWindowIsIgnored() {
        var monitor = monitor([psi])
        let first = world.window(1, rows: 500, shift: 2)
        #expect(monitor.judge(drift: first, reference: world.profile).count == 2)
        let before = monitor
        #expect(monitor.judge(drift: first, reference: world.profile).isEmpty)
        #expect(monitor.judge(drift: world.window(0, rows: 500, shift: 0), reference: world.profile).isEmpty)
        #expect(monitor == before)
        #expect(monitor.driftJudgedUntilMicroseconds == world.start(1) + 60)
        #expect(monitor.judge(performance: world.pairs(1, right: 90, wrong: 10)).count == 1)
        #expect(monitor.judge(performance: world.pairs(1, right: 0, wrong: 10)).isEmpty)
    }

    @Test func everyStatusOfAPerformanceWindow() throws {
        var monitor = monitor([])
        let steps: [(right: Int, wrong: Int, status: VerdictStatus, reason: VerdictReason)] = [
            (90, 10, .ok, .noEvidence),
            // 0.79 is below 0.8, but its interval, 0.70 to 0.86, is not.
            (79, 21, .ok, .effectWithoutEvidence),
            (60, 40, .drift, .evidenceAndEffect),
            (20, 20, .insufficient, .tooFewEvents),
            (0, 0, .noData, .emptyWindow),
            (82, 18, .drift, .notYetCleared),
            (85, 15, .ok, .cleared),
        ]
        for (index, step) in steps.enumerated() {
            let verdict = try #require(
                monitor.judge(performance: world.pairs(index, right: step.right, wrong: step.wrong)).first)
            #expect(verdict.subject == .performance(metric: "accuracy"))
            #expect(verdict.status == step.status, "step \(index)")
            #expect(verdict.reason == step.reason, "step \(index)")
            #expect(verdict.count == Int64(step.right + step.wrong))
        }
    }

    @Test(arguments: PerformanceEvidence.allCases)
    func anAlertNeedsTheIntervalUnlessThePointIsAskedFor(_ evidence: PerformanceEvidence) throws {
        let rule = PerformanceRule(
            metric: .accuracy, limit: .below(raise: 0.8, clear: 0.85), required: 2, of: 2, evidence: evidence)
        var monitor = ModelMonitor(model: "m", version: "1", rules: MonitorRules(drift: [], performance: [rule]))
        // Beyond the level by a hair, then by far, twice; then in between the levels; then back.
        let steps = [(790, 210), (790, 210), (700, 300), (700, 300), (820, 180), (860, 140)]
        let reasons = try steps.enumerated().map { index, step in
            let verdict = try #require(
                monitor.judge(performance: world.pairs(index, right: step.0, wrong: step.1)).first)
            let (low, high, value) = (
                try #require(verdict.low), try #require(verdict.high), try #require(verdict.value)
            )
            #expect(low < value && value < high)
            return verdict.reason
        }
        switch evidence {
        case .interval:
            #expect(
                reasons == [
                    .effectWithoutEvidence, .effectWithoutEvidence, .belowPersistence, .evidenceAndEffect,
                    .notYetCleared, .cleared,
                ])
        case .point:
            #expect(
                reasons == [
                    .belowPersistence, .evidenceAndEffect, .evidenceAndEffect, .evidenceAndEffect, .notYetCleared,
                    .cleared,
                ])
        }
    }

    /// Chance alone: of windows whose true accuracy is the raise level, the point raises half, the interval 2.5 %.
    @Test func chanceRarelyRaisesOnTheInterval() throws {
        var stream = DriftStream(seed: 11)
        var raised = (point: 0, interval: 0)
        for index in 0..<400 {
            let right = (0..<200).count { _ in stream.uniform() <= 0.8 }
            let window = world.pairs(index, right: right, wrong: 200 - right)
            for evidence in PerformanceEvidence.allCases {
                let rule = PerformanceRule(
                    metric: .accuracy, limit: .below(raise: 0.8, clear: 0.8), evidence: evidence)
                var monitor = ModelMonitor(
                    model: "m", version: "1", rules: MonitorRules(drift: [], performance: [rule]))
                guard monitor.judge(performance: window).first?.status == .drift else { continue }
                if evidence == .point { raised.point += 1 } else { raised.interval += 1 }
            }
        }
        #expect(raised.point > 150 && raised.interval <= 20, "\(raised)")
    }

    @Test func biasIsJudgedByItsMagnitude() throws {
        let rule = PerformanceRule(metric: .bias, limit: .above(raise: 1, clear: 0.5))
        var monitor = ModelMonitor(model: "m", version: "1", rules: MonitorRules(drift: [], performance: [rule]))
        for (index, (shift, reason)) in [
            (-2.0, VerdictReason.evidenceAndEffect), (0, .cleared), (2, .evidenceAndEffect), (0.1, .cleared),
        ].enumerated() {
            var summary = PerformanceSummary(task: .regression)
            for row in 0..<100 { summary.add(predicted: shift + (row % 2 == 0 ? 0.5 : -0.5), actual: 0) }
            let verdict = try #require(
                monitor.judge(
                    performance: PerformanceWindow(
                        startMicroseconds: world.start(index), endMicroseconds: world.start(index) + 60,
                        summary: summary)
                ).first)
            #expect(verdict.reason == reason, "\(index)")
            #expect(agrees(verdict.value, shift.magnitude))
        }
        func agrees(_ found: Double?, _ expected: Double) -> Bool {
            found.map { ($0 - expected).magnitude < 1e-5 } ?? false
        }
    }

    /// A rule written before it had an `evidence` is still read.
    @Test func anOldRuleIsReadWithTheDefault() throws {
        let rule = PerformanceRule(metric: .accuracy, limit: .below(raise: 0.8, clear: 0.85), evidence: .point)
        var members = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(rule)) as? [String: Any])
        members["evidence"] = nil
        let old = try JSONDecoder().decode(
            PerformanceRule.self, from: JSONSerialization.data(withJSONObject: members))
        #expect(old.evidence == .interval && old.limit == rule.limit)
    }

    @Test func whatCannotBeComputedIsAnError() throws {
        var monitor = ModelMonitor(
            model: "m", version: "1",
            rules: MonitorRules(
                drift: [
                    DriftRule(statistic: .ks, columns: ["c"], raise: 0.2, clear: 0.1),
                    DriftRule(statistic: .psi, columns: ["nowhere"], raise: 0.2, clear: 0.1),
                    // A distance without a test can never have the evidence asked for.
                    DriftRule(statistic: .hellinger, columns: ["x"], raise: 0.2, clear: 0.1, maximumPValue: 0.01),
                ],
                performance: [
                    PerformanceRule(metric: .rocAUC, limit: .below(raise: 0.8, clear: 0.8)),
                    PerformanceRule(metric: .mae, limit: .above(raise: 1, clear: 1)),
                ]))
        let drift = monitor.judge(drift: world.window(0, rows: 500, shift: 0), reference: world.profile)
        #expect(drift.map(\.subject.detector) == ["drift/x/hellinger", "drift/c/ks", "drift/nowhere/psi"])
        // ROC AUC needs both classes; MAE needs a regression.
        let performance = monitor.judge(performance: world.pairs(0, right: 60, wrong: 0, bothClasses: false))
        #expect(performance.count == 2)
        for verdict in drift + performance {
            #expect(verdict.status == .error && verdict.reason == .notComputable, "\(verdict.subject)")
        }
    }

    @Test func theMostSevereRaisedLevelSpeaks() throws {
        var monitor = monitor([
            DriftRule(statistic: .psi, columns: ["x"], raise: 0.1, clear: 0.1, severity: .warning),
            DriftRule(statistic: .psi, columns: ["x"], raise: 1, clear: 1, severity: .critical),
        ])
        var found: [(VerdictStatus, Severity)] = []
        for (index, shift) in [0, 0.6, 3, 0.6, 0].enumerated() {
            let verdicts = monitor.judge(
                drift: world.window(index, rows: 1_000, shift: shift), reference: world.profile)
            #expect(verdicts.count == 1)
            found += verdicts.map { ($0.status, $0.severity) }
        }
        #expect(found.map(\.0) == [.ok, .drift, .drift, .drift, .ok])
        #expect(found.map(\.1) == [.warning, .warning, .critical, .warning, .warning])
    }

    @Test func aRuleThatNamesTheColumnGoesFirst() {
        var monitor = monitor([
            DriftRule(statistic: .psi, columns: ["x"], raise: 99, clear: 99),
            DriftRule(statistic: .psi, raise: 0.2, clear: 0.1),
        ])
        let verdicts = monitor.judge(drift: world.window(0, rows: 500, shift: 2), reference: world.profile)
        #expect(verdicts.map(\.raiseLevel) == [99, 0.2])
        #expect(verdicts.map(\.status) == [.ok, .ok])
    }

    @Test func rulesForAllColumnsLeaveOutThoseTheyAreNotDefinedFor() {
        var monitor = monitor([DriftRule(statistic: .ks, raise: 0.2, clear: 0.1)])
        let verdicts = monitor.judge(drift: world.window(0, rows: 500, shift: 2), reference: world.profile)
        #expect(verdicts.map(\.subject.detector) == ["drift/x/ks"])
        #expect(verdicts.map(\.status) == [.drift])
    }

    @Test func anotherReferenceStartsAfresh() throws {
        var monitor = monitor([DriftRule(statistic: .psi, columns: ["x"], raise: 0.2, clear: 0.1, required: 2, of: 3)])
        let other = try World(seed: 99)
        #expect(other.profile.id != world.profile.id)
        let reasons =
            monitor.judge(drift: world.window(0, rows: 500, shift: 2), reference: world.profile).map(\.reason)
            + monitor.judge(drift: other.window(1, rows: 500, shift: 2), reference: other.profile).map(\.reason)
            + monitor.judge(drift: other.window(2, rows: 500, shift: 2), reference: other.profile).map(\.reason)
        #expect(reasons == [.belowPersistence, .belowPersistence, .evidenceAndEffect])
    }

    @Test func adoptedRulesKeepWhatTheyKnowAndDropTheRest() throws {
        var monitor = monitor([psi, DriftRule(statistic: .hellinger, columns: ["x"], raise: 0.2, clear: 0.1)])
        _ = monitor.judge(drift: world.window(0, rows: 500, shift: 2), reference: world.profile)
        _ = monitor.judge(performance: world.pairs(0, right: 10, wrong: 90))
        var restored = try JSONDecoder().decode(ModelMonitor.self, from: JSONEncoder().encode(monitor))
        #expect(restored == monitor)
        // The clear level has moved below the window's value, so that the raised state shows.
        restored.adopt(
            MonitorRules(drift: [DriftRule(statistic: .psi, raise: 9, clear: 0)], performance: []))
        let verdicts = restored.judge(drift: world.window(1, rows: 500, shift: 2), reference: world.profile)
        #expect(verdicts.map(\.reason) == [.notYetCleared, .noEvidence])
        #expect(restored.judge(performance: world.pairs(1, right: 10, wrong: 90)).isEmpty)
        // Brought back later, a dropped rule knows nothing of what was raised.
        restored.adopt(
            MonitorRules(
                drift: [DriftRule(statistic: .hellinger, columns: ["x"], raise: 9, clear: 0)],
                performance: [PerformanceRule(metric: .accuracy, limit: .below(raise: 0, clear: 1))]))
        #expect(
            restored.judge(drift: world.window(2, rows: 500, shift: 2), reference: world.profile).map(\.status)
                == [.ok])
        #expect(restored.judge(performance: world.pairs(2, right: 10, wrong: 90)).map(\.status) == [.ok])
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func restoringAtAnyPointChangesNothing(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rules = [
            DriftRule(statistic: .psi, raise: 0.2, clear: 0.1, required: 2, of: 3),
            DriftRule(statistic: .psi, raise: 0.5, clear: 0.3, maximumPValue: 0.01, severity: .critical),
            DriftRule(statistic: .ks, raise: 0.15, clear: 0.1, required: 2, of: 4),
        ]
        var uninterrupted = monitor(rules)
        var interrupted = uninterrupted
        for index in 0..<30 {
            let rows = [0, 40, 300, 300, 300].randomElement(using: &generator) ?? 0
            let shift: Double = [0, 0.3, 0.8].randomElement(using: &generator) ?? 0
            let window = world.window(index, rows: rows, shift: shift)
            let pairs = world.pairs(index, right: Int.random(in: 0..<100, using: &generator), wrong: 15)
            var expected = uninterrupted.judge(drift: window, reference: world.profile)
            expected += uninterrupted.judge(performance: pairs)
            if Bool.random(using: &generator) {
                interrupted = try JSONDecoder().decode(ModelMonitor.self, from: JSONEncoder().encode(interrupted))
                interrupted.adopt(uninterrupted.rules)
                // What was judged before the restart comes again.
                let old = max(0, index - 1)
                _ =
                    old == index
                    ? [] : interrupted.judge(drift: world.window(old, rows: 300, shift: 3), reference: world.profile)
            }
            let found =
                interrupted.judge(drift: window, reference: world.profile) + interrupted.judge(performance: pairs)
            #expect(found == expected, "seed \(seed), window \(index)")
        }
        #expect(interrupted == uninterrupted)
    }

    @Test func learningIsSaidPerColumnAndStatistic() {
        let monitor = monitor([psi, DriftRule(statistic: .ks, raise: 0.2, clear: 0.1)])
        let verdicts = monitor.learningVerdicts(
            columns: [("x", .numeric), ("c", .categorical)], startMicroseconds: 0, endMicroseconds: 60, count: 7)
        #expect(verdicts.map(\.subject.detector) == ["drift/x/psi", "drift/x/ks", "drift/c/psi"])
        #expect(verdicts.allSatisfy { $0.status == .learning && $0.reason == .learningReference && $0.count == 7 })
    }

    @Test func theDriftedShareCountsColumnsOnce() {
        func verdict(_ column: String, _ statistic: String, _ status: VerdictStatus) -> Verdict {
            Verdict(
                model: "m", version: "1", reference: "r", subject: .drift(column: column, statistic: statistic),
                status: status, reason: .noEvidence, value: nil, raiseLevel: 1, clearLevel: 1, windowStart: 0,
                windowEnd: 1, count: 1)
        }
        let verdicts = [
            verdict("a", "psi", .ok), verdict("a", "ks", .drift), verdict("b", "psi", .ok), verdict("b", "ks", .ok),
            verdict("c", "psi", .ok), verdict("d", "psi", .insufficient), verdict("e", "psi", .error),
            verdict("f", "psi", .ok),
        ]
        #expect(driftedShare(verdicts) == 0.25)
        #expect(MonitorReport(drift: verdicts, performance: []).driftedColumns == ["a"])
        #expect(driftedShare([verdict("d", "psi", .noData)]) == 0)
    }
}
