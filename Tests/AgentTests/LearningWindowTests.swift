import Alerting
import Detection
import Testing
import Windowing

@testable import Agent

/// What is said of drift before there is a reference.
struct LearningWindowTests {
    /// Nothing was said at all until the reference was there: to whoever watched the windows the model did not exist.
    @Test func windowsSayThatTheReferenceIsLearned() throws {
        let rig = try CoordinatorRig(
            AgentConfiguration.parse(
                """
                models:
                  - name: m
                    task: binary
                    positive: "yes"
                    reference: {learn: 100}
                    window: {length: 4h, slide: 1h}
                    drift: {minimum_sample: 20, false_alarms: 1 per 30d, rules: [{statistic: psi, raise: 0.2}]}
                    performance: {rules: [{metric: accuracy, raise_below: 0.5}]}
                """))
        // In batches of several panes and of less than one: each window is said once.
        var windows: [JudgedWindow] = []
        for hours in [0..<3, 3..<4, 4..<4, 4..<8, 8..<16] {
            rig.feed(hours: hours) { Double($0 % 7) }
            windows += rig.handOver().windows
        }
        let drift = windows.filter { $0.kind == .drift }
        let learning = drift.prefix { $0.verdicts.allSatisfy { $0.status == .learning } }
        #expect(learning.map(\.count) == [10, 20, 30, 40, 50, 60, 70, 80, 90])
        #expect(learning.map(\.endMicroseconds) == (1...9).map { CoordinatorRig.start + $0 * CoordinatorRig.hour })
        for window in learning {
            #expect(window.verdicts.map(\.detector) == ["drift/a/psi", "drift/a/divergence"])
            #expect(window.verdicts.allSatisfy { $0.reason == .learningReference && $0.value == nil })
        }
        let judged = drift.dropFirst(learning.count)
        #expect(!judged.isEmpty && judged.flatMap(\.verdicts).allSatisfy { $0.status != .learning })
        #expect(rig.coordinator.alertBook.openAlerts.isEmpty)
    }

    /// Such windows passed for whole, and how many events they missed depended on how fast the log was read.
    @Test func windowsWithPanesThatWereKeptAsASampleSaySo() throws {
        let rig = try CoordinatorRig(CoordinatorRig.configuration())
        var windows: [JudgedWindow] = []
        for hours in [0..<3, 3..<4, 4..<5, 5..<14] {
            rig.feed(hours: hours, perHour: 300) { Double($0 % 7) }
            windows += rig.handOver().windows
            let copy = try CoordinatorRig(CoordinatorRig.configuration())
            try copy.coordinator.restore(from: rig.coordinator.snapshot())
            #expect(
                copy.coordinator.models["m"]?.versions["1"]?.sampled
                    == rig.coordinator.models["m"]?.versions["1"]?.sampled)
        }
        let judged = windows.filter { window in
            window.kind == .drift && !window.verdicts.contains { $0.status == .learning }
        }
        #expect(judged.contains { $0.isIncomplete } && judged.contains { !$0.isIncomplete })
        for window in judged {
            #expect(window.isIncomplete == (window.count < 4 * 300))
            #expect(window.sampledShare == (window.isIncomplete ? 100.0 / 300 : nil))
        }
        // Pairs are counted without a reference.
        #expect(windows.filter { $0.kind == .performance }.allSatisfy { !$0.isIncomplete })
    }
}
