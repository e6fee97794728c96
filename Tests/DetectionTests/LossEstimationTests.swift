import Detection
import Statistics
import Testing
import TidewatchTestKit

@testable import Windowing

/// Direct loss estimation of a regression and its reconciliation, pane by pane.
struct LossEstimationTests {
    private static let minute: Int64 = 60_000_000
    private static let geometry = PaneGeometry(windowMicroseconds: 40 * minute, slideMicroseconds: 10 * minute)
    private static let settings = EstimatorSettings(
        task: .regression, metrics: [.mae, .rmse], minimumSample: 50, calibrationPairs: 400,
        labelDelayMicroseconds: 35 * minute)

    /// Says of each row the mean loss of the rows on its side of x = 0.5: exact for what the panes hold.
    private static let learner: LossLearner = { metric, rows in
        guard case .numeric(let x)? = rows.features.columns.first?.cells else { return nil }
        var sums = [(count: 0.0, loss: 0.0), (count: 0.0, loss: 0.0)]
        for row in x.indices {
            let error = abs(rows.actual[row] - rows.predicted[row])
            let side = x[row] < 0.5 ? 0 : 1
            sums[side].count += 1
            sums[side].loss += metric == .mae ? error : error * error
        }
        let means = sums.map { $0.loss / max(1, $0.count) }
        let mean = (sums[0].loss + sums[1].loss) / Double(max(1, x.count))
        return LossModel { features, _ in
            guard case .numeric(let x)? = features.columns.first?.cells else { return nil }
            var estimate = LossEstimate(
                metric: metric, quality: .init(meanLoss: mean, relativeDeviation: 0.8, rows: 400))
            for value in x { estimate.add(value < 0.5 ? means[0] : means[1]) }
            return estimate
        }
    }

    private struct Part {
        var pane: Int64
        var partition: Int32
        var predictions: PanePredictions
        var pairs: LabelledPredictions
    }

    /// Pane 0…count − 1 of two partitions: errors are five times as large where x ≥ 0.5, where from `shift` on most rows
    /// are. Four in five get labels.
    private static func panes(count: Int64, seed: UInt64, shift: Int64 = .max) throws -> [Part] {
        var stream = DriftStream(seed: seed)
        var parts: [Part] = []
        for number in 0..<2 * count {
            let share = number / 2 >= shift ? 0.9 : 0.3
            parts.append(try part(number, share: share, &stream))
        }
        return parts
    }

    private static func part(_ number: Int64, share: Double, _ stream: inout DriftStream) throws -> Part {
        let start: Int64 = 1_767_225_600_000_000
        var messages: [RetainedPrediction] = []
        var said: [Double] = []
        var actual: [Double] = []
        for row in 0..<60 {
            let isHigh = stream.uniform() < share
            let x: Double = (stream.uniform() + (isHigh ? 1 : 0)) / 2
            let text =
                "{\"kind\":\"prediction\",\"id\":\"\(number)-\(row)\",\"model\":\"m\","
                + "\"time\":\"2026-01-01T00:00:00Z\",\"value\":\(100 * x),\"features\":{\"x\":\(x)}}"
            messages.append(
                RetainedPrediction(
                    timeMicroseconds: start, recordMicroseconds: start + Int64(row), message: Array(text.utf8)))
            said.append(100 * x)
            actual.append(100 * x + stream.normal(mean: 0, deviation: isHigh ? 10 : 2))
        }
        let sample = try #require(PaneRows(learned: messages, capacity: 250))
        var pairs = LabelledPredictions(task: .regression)
        for entry in sample.rows where stream.uniform() < 0.8 {
            let row = Int(entry.prediction.recordMicroseconds - start)
            pairs.summary.add(predicted: said[row], actual: actual[row])
            pairs.outcomes.add(entry.identifier, actual[row])
        }
        return Part(
            pane: number / 2, partition: Int32(number % 2),
            predictions: .regression(PredictedRows(count: 60, sample: sample)), pairs: pairs)
    }

    private struct Found: Equatable {
        var estimated: [PerformanceEstimator.Window] = []
        var reconciled: [PerformanceEstimator.Window] = []
    }

    /// Panes in order, with the boundary of pairs `lag` panes behind.
    private static func run(_ panes: [Part], lag: Int64 = 0, restarting: Bool = false) throws -> Found {
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
            for part in panes where part.pane == pairs - 6 {
                estimator.add(part.pairs, pane: part.pane, partition: part.partition)
            }
            let news = estimator.advance(
                drift: min(boundary, count), pairs: pairs, geometry: geometry, learner: learner)
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

    @Test func lossesAreEstimatedBeforeLabelsAreIn() throws {
        let found = try Self.run(Self.panes(count: 60, seed: 1, shift: 35))
        // 96 of 120 rows have labels, so 400 take 5 panes; their labels are in 45 minutes later, in pane 9.
        #expect(found.estimated.map(\.lastPane) == Array(10..<60))
        #expect(found.reconciled.map(\.lastPane) == Array(10..<60))
        #expect(found.estimated.allSatisfy { $0.count == 480 })
        // E|N(0, σ)| = σ·√(2/π): 3.5 before, 7.3 after; RMSE 5.7 and 9.5.
        for window in found.reconciled where window.lastPane < 35 || window.firstPane >= 35 {
            let share = window.firstPane >= 35 ? 0.9 : 0.3
            let mae = try #require(window.metrics.first { $0.metric == .mae })
            let rmse = try #require(window.metrics.first { $0.metric == .rmse })
            let wanted: Double = (share * 10 + (1 - share) * 2) * (2 / Double.pi).squareRoot()
            let deviation = (share * 100 + (1 - share) * 4).squareRoot()
            #expect(abs((mae.estimated ?? 0) - wanted) < 0.15 * wanted, "\(mae)")
            #expect(abs((mae.realized ?? 0) - wanted) < 0.2 * wanted, "\(mae)")
            #expect(abs((rmse.estimated ?? 0) - deviation) < 0.15 * deviation, "\(rmse)")
        }
        let agreeing = found.reconciled.count { $0.metrics.allSatisfy { $0.agrees == true } }
        #expect(agreeing >= 45, "\(agreeing) of 50")
        let last = try #require(found.reconciled.last?.metrics.first)
        let error = try #require(last.meanError)
        #expect(last.windows == 50 && error > 0.01 && error < 0.6)
    }

    /// Which stream is ahead, and by how much, is no matter; nor is a restart after every pane.
    @Test(arguments: [1, 3, 11] as [Int64])
    func theOrderOfStreamsChangesNothing(lag: Int64) throws {
        let panes = try Self.panes(count: 40, seed: 2)
        let straight = try Self.run(panes)
        #expect(straight.reconciled.count == 30)
        #expect(try Self.run(panes, lag: lag) == straight)
        var generator = SeededGenerator(seed: 3)
        let shuffled = panes.shuffled(using: &generator)
        #expect(try Self.run(shuffled, lag: lag, restarting: true) == straight)
    }

    /// Without anybody who learns, and where learning fails, there is no estimate and nothing to reconcile it with.
    @Test func withoutALearner() throws {
        var estimator = PerformanceEstimator(settings: Self.settings)
        var windows: [PerformanceEstimator.Window] = []
        for part in try Self.panes(count: 20, seed: 4) {
            estimator.add(part.predictions, pane: part.pane, partition: part.partition)
            estimator.add(part.pairs, pane: part.pane, partition: part.partition)
        }
        windows += estimator.advance(drift: 20, pairs: 30, geometry: Self.geometry) { _, _ in nil }.estimated
        #expect(windows.count == 10 && windows.allSatisfy { $0.metrics.allSatisfy { $0.estimated == nil } })
    }
}
