import Testing
import TidewatchTestKit

@testable import Agent

@Suite struct HeardPanesTests {
    @Test func itAnswersAsASetOfPanesWouldInAnyOrder() {
        var chance = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            var heard = HeardPanes()
            var panes: Set<Int64> = []
            for _ in 0..<Int.random(in: 1...30, using: &chance) {
                let pane = Int64.random(in: -5...40, using: &chance)
                heard.insert(pane)
                panes.insert(pane)
            }
            #expect(heard == HeardPanes(panes.shuffled(using: &chance)))
            let forgotten = Int64.random(in: -10...45, using: &chance)
            for boundary in Int64(-10)...45 {
                #expect(heard.last(before: boundary) == panes.filter { $0 < boundary }.max())
                #expect(heard.reaches(boundary) == panes.contains { $0 >= boundary })
            }
            heard.forget(before: forgotten)
            for boundary in forgotten...46 {
                #expect(heard.last(before: boundary) == panes.filter { $0 < boundary }.max())
            }
        }
    }

    @Test func beforeTheFirstBoundaryNothingIsHeard() {
        #expect(HeardPanes().last(before: .min) == nil)
        #expect(HeardPanes([3]).last(before: .min) == nil)
    }
}
