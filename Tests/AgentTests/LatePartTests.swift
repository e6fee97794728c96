import Foundation
import Testing
import Windowing

@testable import Agent

/// A partition that was idle, and goes on where it had stopped.
struct LatePartTests {
    private static func feed(_ rig: CoordinatorRig, _ hours: Range<Int>, partition: Int) {
        rig.feed(hours: hours, partition: partition) { Double($0 % 7) }
    }

    /// Its events are late in nobody's stream, and were counted nowhere: the panes had been judged without them.
    @Test func whatCameTooLateIsCounted() throws {
        let rig = try CoordinatorRig(CoordinatorRig.configuration(), partitions: 2)
        for partition in 0..<2 {
            Self.feed(rig, 0..<4, partition: partition)
            #expect(rig.handOver(partition).problems.isEmpty)
        }
        rig.pipelines[1].markIdle(.predictions)
        #expect(rig.handOver(1).problems.isEmpty)
        Self.feed(rig, 4..<10, partition: 0)
        #expect(!rig.handOver(0).windows.isEmpty)
        #expect(rig.coordinator.lateEvents == 0)

        // The pane that was open when it fell idle, and those of the hours up to 9: ten predictions and ten pairs each.
        Self.feed(rig, 4..<10, partition: 1)
        let told = rig.handOver(1).problems
        #expect(rig.coordinator.lateEvents == 120)
        #expect(told.count == 1 && told.first?.contains("partition 1 was idle and brought 120 events") == true)
        #expect(rig.pipelines[1].counters.latePredictions == 0)

        // From here on it keeps up.
        for partition in 0..<2 {
            Self.feed(rig, 10..<14, partition: partition)
            #expect(rig.handOver(partition).problems.isEmpty)
        }
        #expect(rig.coordinator.lateEvents == 120)
    }

    /// The count outlives a restart, and a partition that is read again from its start brings nothing new.
    @Test func whatIsHandedOverAgainIsNotLate() throws {
        let rig = try CoordinatorRig(CoordinatorRig.configuration(), partitions: 2)
        for partition in 0..<2 {
            Self.feed(rig, 0..<4, partition: partition)
            rig.handOver(partition)
        }
        rig.pipelines[1].markIdle(.predictions)
        rig.handOver(1)
        Self.feed(rig, 4..<10, partition: 0)
        rig.handOver(0)
        Self.feed(rig, 4..<10, partition: 1)
        rig.handOver(1)
        let next = try CoordinatorRig(CoordinatorRig.configuration(), partitions: 2)
        try next.coordinator.restore(from: rig.coordinator.snapshot())
        #expect(next.coordinator.lateEvents == 120)
        for partition in 0..<2 {
            Self.feed(next, 0..<10, partition: partition)
            #expect(next.handOver(partition).problems.isEmpty)
        }
        #expect(next.coordinator.lateEvents == 120)
    }

    @Test func theCounterHasAName() {
        var counters = PipelineCounters()
        counters.lateParts = 3
        var sum = counters
        sum.add(counters)
        #expect(sum.named.first { $0.name == "late_parts" }?.count == 6)
    }
}
