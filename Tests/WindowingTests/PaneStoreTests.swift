import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Windowing

struct PaneStoreTests {
    /// Time that this thread has had of a processor.
    private func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func summary(_ events: Int64) -> PaneSummary {
        var summary = PaneSummary(empty: ReferenceEncoder(ReferenceBuilder.build(columns: [])))
        summary.events = events
        return summary
    }

    /// Whatever the order of the panes, the answers are those of a plain list.
    @Test func answersAreThoseOfAList() throws {
        var generator = SeededGenerator(seed: 4)
        var store = PaneStore<PaneSummary>()
        var list: [Int64: Int64] = [:]
        for step in 0..<400 {
            let pane = Int64.random(in: -40...60, using: &generator)
            if step % 37 == 36 {
                store.drop(before: pane - 40)
                list = list.filter { $0.key >= pane - 40 }
            } else if list[pane] == nil {
                list[pane] = Int64(step)
                let isNew = store.add(summary(Int64(step)), pane: pane, partition: 0)
                #expect(isNew)
            }
            let sorted = list.keys.sorted()
            #expect(store.oldestPane == sorted.first && store.newestPane == sorted.last)
            let (first, last) = (pane - 3, pane + 5)
            #expect(store.isEmpty(from: first, through: last) == !sorted.contains { $0 >= first && $0 <= last })
            #expect(store.firstPane(after: pane) == sorted.first { $0 > pane })
            #expect(store.panes(from: first, before: last).map(\.pane) == sorted.filter { $0 >= first && $0 < last })
            #expect(store[pane]?.events == list[pane])
        }
        var writer = BinaryWriter()
        store.write(to: &writer)
        var reader = BinaryReader(writer.bytes)
        let restored = try PaneStore<PaneSummary>(from: &reader)
        #expect(restored.panes(from: .min, before: .max).map(\.pane) == list.keys.sorted())
    }

    /// A batch without new panes looks nothing up among those that are kept: 100,000 batches over 20,000 panes would be
    /// 2·10⁹ steps otherwise, and half a minute of this thread at the least, however busy the machine is.
    @Test func aBatchCostsWhatIsNew() {
        var store = PaneStore<PaneSummary>()
        let empty = summary(1)
        for pane in 0..<20_000 { store.add(empty, pane: Int64(pane), partition: 0) }
        var found = 0
        let before = threadSeconds()
        for batch in 0..<100_000 {
            let boundary = Int64(20_000 + batch % 2)
            found += store.panes(from: boundary, before: boundary + 1).count
            store.drop(before: -1)
        }
        let seconds = threadSeconds() - before
        #expect(found == 0)
        #expect(seconds < 15, "\(seconds)")
    }
}
