import Events
import Statistics
import Testing

@testable import Agent
@testable import Windowing

struct LabelTrackerTests {
    /// The numbers of a regression survive a checkpoint.
    @Test func numbersComeBack() throws {
        var tracker = LabelTracker(settings: nil)
        let key = ModelVersionKey(model: "m", version: "1")
        for pane in Int64(5)..<8 {
            var outcomes = OutcomeSample()
            for number in 0..<30 {
                let name = "\(pane)-\(number)"
                outcomes.add(Array(name.utf8).withUnsafeBytes { .init(hashing: $0) }, Double(number))
            }
            tracker.add(
                ClosedPerformancePane(
                    key: key, pane: pane, partition: 2, summary: PerformanceSummary(task: .regression),
                    predictionPanes: PaneCounts([pane: 30]), outcomes: outcomes, rows: []))
        }
        let saved = try tracker.serialized()
        var restored = LabelTracker(settings: nil)
        try restored.restore(from: saved)
        #expect(restored.outcomes[6] == tracker.outcomes[6] && restored.outcomes[6]?.numbers.count == 30)
        #expect(try restored.serialized() == saved)
    }

    /// What was written before there were any, with and without estimates.
    @Test func olderCheckpointsAreRead() throws {
        var writer = BinaryWriter()
        PaneStore<PaneCounts>().write(to: &writer)
        PaneStore<PaneCounts>().write(to: &writer)
        writer.write(UInt8(0))
        var restored = LabelTracker(settings: nil)
        try restored.restore(from: .init(writer.bytes))
        #expect(restored.outcomes.oldestPane == nil)
    }
}
