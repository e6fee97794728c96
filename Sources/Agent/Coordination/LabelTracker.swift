import Detection
import Foundation
import Statistics
import Windowing

/// How far the labels of one version have come, pane by pane of prediction, and what is estimated where they have not.
struct LabelTracker: Sendable {
    /// Predictions.
    private var predicted = PaneStore<PaneCounts>()
    /// Pairs by the pane in which they became complete: how many belong to which pane of prediction.
    private var completed = PaneStore<PaneCounts>()
    /// Of a regression: the actual numbers of the same pairs.
    private(set) var outcomes = PaneStore<OutcomeSample>()
    /// Where performance is estimated.
    var estimator: PerformanceEstimator?

    init(settings: EstimatorSettings?) {
        estimator = settings.map(PerformanceEstimator.init)
    }

    mutating func add(_ pane: ClosedDriftPane) {
        predicted.add(PaneCounts([pane.pane: pane.events]), pane: pane.pane, partition: pane.partition)
        if let part = pane.predictions { estimator?.add(part, pane: pane.pane, partition: pane.partition) }
    }

    mutating func add(_ pane: ClosedPerformancePane) {
        completed.add(pane.predictionPanes, pane: pane.pane, partition: pane.partition)
        if !pane.outcomes.isEmpty { outcomes.add(pane.outcomes, pane: pane.pane, partition: pane.partition) }
    }

    /// The share of the predictions in a window whose label had come by its end, 0…1; `nil` without predictions.
    func maturity(from first: Int64, through last: Int64) -> Double? {
        let predictions = predictions(from: first, through: last)
        guard predictions > 0 else { return nil }
        let labels = completed.window(endingWith: last, panes: last - first + 1)?.total(from: first, through: last)
        return min(1, Double(labels ?? 0) / Double(predictions))
    }

    func predictions(from first: Int64, through last: Int64) -> Int64 {
        predicted.window(endingWith: last, panes: last - first + 1)?.total(from: first, through: last) ?? 0
    }

    /// Forgets panes that no later window contains.
    mutating func drop(before boundary: Int64, geometry: PaneGeometry) {
        completed.drop(before: boundary - geometry.panesPerWindow)
        outcomes.drop(before: boundary - geometry.panesPerWindow)
        let delay = estimator.map { $0.settings.labelDelayMicroseconds / geometry.slideMicroseconds + 2 } ?? 0
        predicted.drop(before: boundary - 2 * geometry.panesPerWindow - delay)
    }

    /// Begins anew at a boundary; what is known of later panes stays.
    mutating func restart(at boundary: DecidedPanes, geometry: PaneGeometry) {
        predicted.drop(before: boundary.drift)
        completed.drop(before: boundary.pairs)
        outcomes.drop(before: boundary.pairs)
        estimator?.restart(drift: boundary.drift, pairs: boundary.pairs, geometry: geometry)
    }

    func serialized() throws -> Data {
        var writer = BinaryWriter()
        predicted.write(to: &writer)
        completed.write(to: &writer)
        // 2: the actual numbers follow. Those written before there were any say 0 or 1.
        writer.write(UInt8(estimator == nil ? 2 : 3))
        outcomes.write(to: &writer)
        try estimator?.write(to: &writer)
        return Data(writer.bytes)
    }

    /// Puts back what ``serialized()`` wrote; an estimator that is not configured any more is left out.
    mutating func restore(from bytes: Data) throws {
        var reader = BinaryReader(Array(bytes))
        predicted = try PaneStore(from: &reader)
        completed = try PaneStore(from: &reader)
        let parts: UInt8 = try reader.read()
        if parts & 2 != 0 { outcomes = try PaneStore(from: &reader) }
        guard parts & 1 != 0, let settings = estimator?.settings else { return }
        if let saved = try PerformanceEstimator(from: &reader, settings: settings) { estimator = saved }
    }
}
