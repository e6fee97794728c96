import Foundation
import Testing
import Windowing

@testable import Agent

/// Retention takes events away before they are read: the windows that miss them say so, and no others.
struct GapTests {
    private static func hour(_ microseconds: Int64) -> Int64 {
        (microseconds - CoordinatorRig.start) / CoordinatorRig.hour
    }

    private func feed(_ rig: CoordinatorRig, _ hours: Range<Int>) -> [CoordinatorAction] {
        rig.feed(hours: hours) { Double($0 % 7) }
        return rig.handOver()
    }

    @Test func windowsThatMissEventsSaySo() throws {
        let rig = try CoordinatorRig(CoordinatorRig.configuration())
        var windows = feed(rig, 0..<20).windows
        rig.lose(60)
        // The hours 20 to 22 are lost.
        let actions = feed(rig, 23..<40)
        windows += actions.windows
        #expect(actions.problems.count == 1)
        #expect(actions.problems.first?.contains("predictions of partition 0 between 2026-01-01T19:5") == true)
        let marked = Set(windows.filter(\.isIncomplete).map { Self.hour($0.endMicroseconds) })
        let whole = Set(windows.filter { !$0.isIncomplete && $0.kind == .drift }.map { Self.hour($0.endMicroseconds) })
        // The gap begins in the hour 19, with what may have come late, and ends with the first event of hour 23.
        #expect(marked.isSuperset(of: [20, 24, 25, 26, 27]) && marked.allSatisfy { (20...27).contains($0) })
        #expect(whole.contains(19) && whole.contains(28) && whole.isDisjoint(with: marked))
    }

    /// What was lost is known after a restart, too.
    @Test func aGapOutlivesARestart() throws {
        let rig = try CoordinatorRig(CoordinatorRig.configuration())
        _ = feed(rig, 0..<20)
        rig.lose(60)
        _ = feed(rig, 23..<24)
        let next = try CoordinatorRig(CoordinatorRig.configuration())
        try next.coordinator.restore(from: rig.coordinator.snapshot())
        #expect(next.coordinator.gaps == rig.coordinator.gaps && next.coordinator.gaps.count == 1)
    }

    /// Offsets that begin again are new events of a topic that was made anew, not old ones delivered twice.
    @Test func aTopicMadeAnewIsReadFromItsBeginning() throws {
        let rig = try CoordinatorRig(CoordinatorRig.configuration())
        _ = feed(rig, 0..<20)
        rig.makeAnew()
        let actions = feed(rig, 20..<40)
        #expect(rig.pipelines[0].counters.predictions == 400)
        #expect(rig.pipelines[0].counters.replayedRecords == 0)
        #expect(actions.problems.contains { $0.contains("are lost") }, "nobody knows what the old topic had at its end")
    }

    /// A log that was cut off brings again what was read before: it is counted once, and nothing is missing.
    @Test func aLogThatWasCutOffBringsNothingTwice() throws {
        let rig = try CoordinatorRig(CoordinatorRig.configuration())
        _ = feed(rig, 0..<20)
        let undisturbed = try CoordinatorRig(CoordinatorRig.configuration())
        _ = feed(undisturbed, 0..<20)
        rig.makeAnew()
        let again = feed(rig, 0..<30)
        let expected = feed(undisturbed, 20..<30)
        #expect(rig.pipelines[0].counters.predictions == 300)
        #expect(again.windows == expected.windows && !again.windows.isEmpty)
        #expect(again.problems.isEmpty)
    }
}
