import Statistics
import Testing
import Windowing

@testable import Agent

/// A partition changes its owner while a reference is learned: the next owner has heard of the reference, and hands the same
/// panes over again, counted on it.
@Suite struct LearnedPanesAgainTests {
    @Test func panesOfTheReferenceAreNoWindowsHoweverOftenTheyCome() throws {
        func rig() throws -> CoordinatorRig {
            let rig = try CoordinatorRig(CoordinatorRig.configuration())
            rig.feed(hours: 0..<30) { Double($0 % 7) }
            return rig
        }
        let alone = try rig()
        let expected = alone.handOver().windows
        let (key, reference) = try #require(alone.coordinator.learned.first)
        #expect(expected.contains { $0.kind == .interval })

        let owner = try rig()
        // It reads everything again from the start.
        let next = try CoordinatorRig(CoordinatorRig.configuration())
        next.coordinator.catalog.set(ReferenceEncoder(reference), for: key)
        next.pipelines[0].refreshReferences()
        next.feed(hours: 0..<30) { Double($0 % 7) }
        var output = owner.pipelines[0].closePanes()
        output.driftPanes += next.pipelines[0].closePanes().driftPanes
        #expect(owner.coordinator.accept(output).windows == expected)
    }
}
