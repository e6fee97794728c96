import Events
import Testing
import TidewatchTestKit
import Windowing

@Suite struct RowSampleTests {
    @Test(arguments: 1...10)
    func keepsTheSmallestHashesInAnyOrder(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let identifiers = (0..<500).map { EventIdentifier(hashing: "row-\($0)") }
        var sample = RowSample<Int>(capacity: 30)
        for identifier in identifiers.shuffled(using: &generator) {
            sample.offer(identifier, 1)
            sample.offer(identifier, 2)
        }
        let expected = Array(identifiers.sorted().prefix(30))
        #expect(sample.sorted().map(\.identifier) == expected)
        #expect(sample.sorted().allSatisfy { $0.item == 1 })
        #expect(sample.finalBound() == expected.last)
    }

    @Test func aSampleOfNothingTakesNothing() {
        var sample = RowSample<Int>(capacity: 0)
        sample.offer(EventIdentifier(hashing: "a"), 1)
        #expect(sample.sorted().isEmpty)
        #expect(!sample.admits(EventIdentifier(hashing: "a")))
    }
}
