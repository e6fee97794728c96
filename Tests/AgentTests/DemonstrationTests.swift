import Agent
import Alerting
import Foundation
import Testing

/// The built-in story of `tidewatch demo`, start to end.
@Suite(.serialized) struct DemonstrationTests {
    @Test func theLoopClosesAndABadVersionIsRolledBack() throws {
        let events = EventLog()
        let directory = NSTemporaryDirectory() + "tidewatch-demo-test-\(UUID().uuidString)"
        defer { RealData.remove(directory) }
        let scores = try LoanStory.play(seed: 1, directory: directory, observer: events.append)
        #expect(events.fired.contains { $0.detector.hasPrefix("drift/") })
        #expect(events.fired.contains { $0.detector == "performance/accuracy" })
        let rollbacks = events.all.compactMap { event -> (from: String, to: String)? in
            if case .rolledBack(_, let from, let to, _) = event { (from, to) } else { nil }
        }
        #expect(rollbacks.count == 1)
        let rollback = try #require(rollbacks.first)
        #expect(scores[rollback.from]?.accuracy ?? 1 < 0.3, "the bad version was bad")
        #expect(scores[rollback.to]?.accuracy ?? 0 > 0.85, "and its predecessor serves again")
        #expect(scores["1"]?.rows ?? 0 > 0)
        let afterwards = events.all.drop { if case .rolledBack = $0 { false } else { true } }
        #expect(
            !afterwards.contains { if case .alert(.fire, _) = $0 { true } else { false } },
            "nothing changes after the rollback, so nothing may alarm")
        #expect(
            !afterwards.contains { if case .retrainingStarted = $0 { true } else { false } },
            "a version that has just been rolled back is no reason to train")
        #expect(events.problems.isEmpty, "\(events.problems)")
    }
}
