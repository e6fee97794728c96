import Detection
import Statistics
import Testing
import TidewatchTestKit
import Windowing

/// Estimates and their reconciliation, pane by pane.
struct PerformanceEstimatorTests {
    private static let minute: Int64 = 60_000_000
    private static let geometry = PaneGeometry(windowMicroseconds: 40 * minute, slideMicroseconds: 10 * minute)
    private static let settings = EstimatorSettings(
        task: .binary(positive: "yes"), metrics: [.accuracy, .rocAUC], minimumSample: 50, calibrationPairs: 400,
        labelDelayMicroseconds: 35 * minute)

    private struct Part {
        var pane: Int64
        var partition: Int32
        var predictions: PanePredictions
        var pairs: LabelledPredictions
    }

    /// Pane 0…count − 1 of two partitions: calibrated scores, or from `concept` on such that say nothing.
    private static func panes(count: Int64, seed: UInt64, concept: Int64 = .max) -> [Part] {
        var generator = SeededGenerator(seed: seed)
        var parts: [Part] = []
        for number in 0..<2 * count {
            let pane = number / 2
            var summary = PredictionSummary()
            var pairs = LabelledPredictions(task: settings.task)
            for _ in 0..<60 {
                let score = Double.random(in: 0..<1, using: &generator)
                summary.add(score: score, predictedPositive: score >= 0.5)
                let chance = pane >= concept ? 0.5 : score
                guard Double.random(in: 0..<1, using: &generator) < 0.8 else { continue }
                pairs.summary.add(
                    score: score, predictedPositive: score >= 0.5,
                    positive: Double.random(in: 0..<1, using: &generator) < chance)
            }
            parts.append(
                Part(
                    pane: pane, partition: Int32(number % 2), predictions: PanePredictions.binary(summary),
                    pairs: pairs))
        }
        return parts
    }

    private struct Found: Equatable {
        var estimated: [PerformanceEstimator.Window] = []
        var reconciled: [PerformanceEstimator.Window] = []
    }

    /// Panes in order, with the boundary of pairs `lag` panes behind.
    private static func run(
        _ panes: [Part], lag: Int64 = 0, restarting: Bool = false
    ) throws -> Found {
        var estimator = PerformanceEstimator(settings: settings)
        var found = Found()
        let count = (panes.map(\.pane).max() ?? 0) + 1
        for boundary in 1...(count + lag + 20) {
            for part in panes where part.pane == boundary - 1 {
                estimator.add(part.predictions, pane: part.pane, partition: part.partition)
                // A partition that is read again says the same again.
                estimator.add(part.predictions, pane: part.pane, partition: part.partition)
            }
            let pairs = boundary - lag
            // What no outcome reaches any more: the label delay and a pane of slack.
            for part in panes where part.pane == pairs - 6 {
                estimator.add(part.pairs, pane: part.pane, partition: part.partition)
            }
            let news = estimator.advance(drift: min(boundary, count), pairs: pairs, geometry: geometry)
            found.estimated += news.estimated
            found.reconciled += news.reconciled
            if restarting {
                var writer = BinaryWriter()
                try estimator.write(to: &writer)
                var reader = BinaryReader(writer.bytes)
                let restored = try #require(try PerformanceEstimator(from: &reader, settings: settings))
                var again = BinaryWriter()
                try restored.write(to: &again)
                #expect(again.bytes == writer.bytes)
                estimator = restored
            }
        }
        return found
    }

    @Test func whatIsEstimatedTurnsOutSo() throws {
        let found = try Self.run(Self.panes(count: 60, seed: 1))
        // 400 pairs take 5 panes; their labels are in 45 minutes later, in pane 9.
        #expect(found.estimated.first?.lastPane == 10)
        #expect(found.estimated.map(\.lastPane) == Array(10..<60))
        #expect(found.reconciled.map(\.lastPane) == Array(10..<60))
        for window in found.reconciled {
            let accuracy = try #require(window.metrics.first { $0.metric == .accuracy })
            let estimated = try #require(accuracy.estimated)
            let realized = try #require(accuracy.realized)
            #expect(abs(estimated - 0.75) < 0.07 && abs(estimated - realized) < 0.12)
        }
        let last = try #require(found.reconciled.last?.metrics.first)
        #expect(try #require(last.meanError) < 0.05 && last.windows == 50)
        let agreeing = found.reconciled.count { $0.metrics.allSatisfy { $0.agrees == true } }
        #expect(agreeing >= 40, "\(agreeing) of 50")
    }

    /// Which stream is ahead, and by how much, is no matter; nor is a restart after every pane.
    @Test(arguments: [1, 3, 11] as [Int64])
    func theOrderOfStreamsChangesNothing(lag: Int64) throws {
        let panes = Self.panes(count: 40, seed: 2)
        let straight = try Self.run(panes)
        #expect(try Self.run(panes, lag: lag) == straight)
        var generator = SeededGenerator(seed: 3)
        let shuffled = panes.shuffled(using: &generator)
        #expect(try Self.run(shuffled, lag: lag, restarting: true) == straight)
    }

    /// Where the meaning of scores changes the estimate cannot know; the reconciliation says so.
    @Test func aChangeOfConceptShowsInTheReconciliation() throws {
        let found = try Self.run(Self.panes(count: 60, seed: 4, concept: 40))
        let late = found.reconciled.filter { $0.firstPane >= 40 }
        #expect(late.count >= 15)
        for window in late {
            let accuracy = try #require(window.metrics.first { $0.metric == .accuracy })
            #expect(abs((accuracy.estimated ?? 0) - 0.75) < 0.07 && abs((accuracy.realized ?? 0) - 0.5) < 0.1)
            #expect(accuracy.agrees == false)
        }
        let errors = found.reconciled.compactMap { $0.metrics.first?.meanError }
        #expect(try #require(errors.last) > 2 * errors[20])
    }
}
