import Statistics
public import Windowing

/// Estimates the performance of one model version before its labels are in, and holds each estimate against the labels
/// once they are (CBPE: `EstimatedPerformance`, `MulticlassEstimate`; of a regression DLE: `LossEstimate`).
///
/// Scores are calibrated, or losses learned, once, on the pairs of the version's first panes of prediction that together hold enough of them;
/// a pane's pairs are taken when no outcome can reach it any more. Windows are estimated from the pane on in which that
/// was known, so that what is estimated depends on event time alone and not on which stream was read first. A window is
/// reconciled when the label delay of its last pane has passed.
///
/// It holds while scores keep meaning the same. Where P(outcome | features) changes the estimate does not move, and the
/// reconciliation shows it.
public struct PerformanceEstimator: Sendable {
    public let settings: EstimatorSettings
    var predictions = PaneStore<PanePredictions>()
    var labelled = PaneStore<LabelledPredictions>()
    /// Pairs that scores will be calibrated on.
    var collected: LabelledPredictions?
    var state = State()
    /// Follows from the calibration of a regression; `nil` until it is needed.
    var lossModels: [PerformanceMetric: LossModel]?

    /// What a checkpoint keeps beside the panes.
    struct State: Codable, Sendable, Equatable {
        var calibration: PerformanceCalibration?
        /// Rows that losses will be learned from.
        var training: LossTraining?
        /// The last pane that scores are calibrated on.
        var calibratedPane: Int64?
        /// The first pane whose window is estimated.
        var estimatedFrom: Int64?
        var estimatedThrough: Int64?
        var pending: [Pending] = []
        var errors: [String: EstimationError] = [:]
    }

    /// A window that was estimated and waits for its labels.
    struct Pending: Codable, Sendable, Equatable {
        var firstPane: Int64
        var lastPane: Int64
        /// Predictions that the estimate rests on.
        var count: Int64
        var metrics: [EstimatedMetric]
    }

    /// A window with its numbers.
    public struct Window: Sendable, Equatable {
        public var firstPane: Int64
        public var lastPane: Int64
        /// Predictions, or labelled pairs once it is reconciled.
        public var count: Int64
        public var metrics: [EstimatedMetric]
    }

    /// Windows that wait for labels; beyond it the oldest are given up.
    private static let maximumPending = 20_000

    public init(settings: EstimatorSettings) {
        self.settings = settings
    }

    /// Adds one partition's part of a pane of predictions; one that is there already is left as it is.
    public mutating func add(_ part: PanePredictions, pane: Int64, partition: Int32) {
        predictions.add(part, pane: pane, partition: partition)
    }

    /// Adds one partition's part of the pairs of a pane of predictions.
    public mutating func add(_ part: LabelledPredictions, pane: Int64, partition: Int32) {
        labelled.add(part, pane: pane, partition: partition)
    }

    /// Begins anew at the boundaries of predictions and of pairs; what is known of later panes stays.
    public mutating func restart(drift: Int64, pairs: Int64, geometry: PaneGeometry) {
        predictions.drop(before: drift)
        labelled.drop(before: matureBefore(pairs, geometry: geometry))
        (collected, state, lossModels) = (nil, State(), nil)
    }

    /// What has become known since the last time.
    ///
    /// - Parameters:
    ///   - drift: the boundary of panes of predictions that all partitions have passed.
    ///   - pairs: that of pairs.
    ///   - learner: of a regression's losses; without one nothing is estimated of it.
    public mutating func advance(
        drift: Int64, pairs: Int64, geometry: PaneGeometry, learner: LossLearner? = nil
    ) -> (estimated: [Window], reconciled: [Window]) {
        let mature = matureBefore(pairs, geometry: geometry)
        calibrate(before: mature, geometry: geometry)
        let estimated = estimate(before: drift, geometry: geometry, learner: learner)
        let reconciled = reconcile(before: mature)
        forget(drift: drift, pairs: pairs, mature: mature, geometry: geometry)
        return (estimated, reconciled)
    }

    /// The boundary of pairs at which scores can next be calibrated or a window be reconciled; `nil` while nothing waits.
    public func nextBoundary(geometry: PaneGeometry) -> Int64? {
        let waiting = state.calibration == nil ? labelled.oldestPane : state.pending.first?.lastPane
        let slide = geometry.slideMicroseconds
        return waiting.map { $0 + 2 + (settings.labelDelayMicroseconds + slide - 1) / slide }
    }

    /// Panes below it get no more labels. One pane of slack, as the join has.
    private func matureBefore(_ pairs: Int64, geometry: PaneGeometry) -> Int64 {
        guard pairs != .min else { return .min }
        return geometry.pane(
            at: geometry.start(of: pairs) - settings.labelDelayMicroseconds - geometry.slideMicroseconds)
    }

    private mutating func calibrate(before mature: Int64, geometry: PaneGeometry) {
        guard state.calibration == nil, mature != .min else { return }
        guard settings.task != .regression else { return collectLosses(before: mature, geometry: geometry) }
        for (pane, part) in labelled.panes(from: .min, before: mature) {
            if collected == nil { collected = part } else { collected?.merge(part) }
            labelled.drop(before: pane + 1)
            guard let pairs = collected,
                let found = PerformanceCalibration.fit(pairs, wanted: settings.calibrationPairs)
            else { continue }
            collected = nil
            calibrated(found, on: pane, geometry: geometry)
            return
        }
    }

    /// Takes what was fitted on the pairs up to and with a pane.
    mutating func calibrated(_ calibration: PerformanceCalibration, on pane: Int64, geometry: PaneGeometry) {
        state.calibration = calibration
        state.calibratedPane = pane
        // The first pane that begins after these pairs were mature.
        let known = geometry.end(of: pane) + settings.labelDelayMicroseconds + geometry.slideMicroseconds
        state.estimatedFrom = geometry.pane(at: known) + 1
    }

    private mutating func estimate(
        before drift: Int64, geometry: PaneGeometry, learner: LossLearner?
    ) -> [Window] {
        guard let calibration = state.calibration, let from = state.estimatedFrom,
            let calibrated = state.calibratedPane, drift != .min
        else { return [] }
        var windows: [Window] = []
        var pane = max(from, (state.estimatedThrough ?? from - 1) + 1)
        while pane < drift {
            // What scores were calibrated on is no part of any window.
            let first = max(calibrated + 1, pane - geometry.panesPerWindow + 1)
            guard let window = predictions.window(endingWith: pane, panes: pane - first + 1) else {
                guard let next = predictions.firstPane(after: pane), next < drift else { break }
                pane = next
                continue
            }
            let found =
                if case (.losses(let training), .regression(let said)) = (calibration, window) {
                    estimate(said, from: training, learner: learner)
                } else {
                    calibration.estimate(window, metrics: settings.metrics)
                }
            var metrics = found.values
            let count = found.count
            if count < settings.minimumSample {
                for index in metrics.indices { metrics[index].estimated = nil }
            }
            if state.pending.count >= Self.maximumPending { state.pending.removeFirst() }
            state.pending.append(Pending(firstPane: first, lastPane: pane, count: count, metrics: metrics))
            windows.append(Window(firstPane: first, lastPane: pane, count: count, metrics: metrics))
            state.estimatedThrough = pane
            pane += 1
        }
        return windows
    }

    private mutating func reconcile(before mature: Int64) -> [Window] {
        var windows: [Window] = []
        while let next = state.pending.first, next.lastPane < mature {
            state.pending.removeFirst()
            let pairs = labelled.window(endingWith: next.lastPane, panes: next.lastPane - next.firstPane + 1)
            let count = pairs?.summary.count ?? 0
            guard let pairs, count >= settings.minimumSample else { continue }
            let metrics = next.metrics.map { reconciled($0, with: pairs.summary, predictions: next.count) }
            windows.append(Window(firstPane: next.firstPane, lastPane: next.lastPane, count: count, metrics: metrics))
        }
        return windows
    }

    private mutating func reconciled(
        _ metric: EstimatedMetric, with pairs: PerformanceSummary, predictions: Int64
    ) -> EstimatedMetric {
        let result = Reconciliation(
            estimated: metric.value(count: predictions), realized: pairs.metric(metric.metric),
            predictions: predictions, labelled: pairs.count)
        var metric = metric
        metric.realized = result.realized.value
        (metric.realizedLow, metric.realizedHigh) = (result.realized.low, result.realized.high)
        metric.agrees = result.agrees
        if let difference = result.difference.value {
            state.errors[metric.metric.rawValue, default: EstimationError()].add(difference)
        }
        let error = state.errors[metric.metric.rawValue]
        (metric.meanError, metric.windows) = (error?.mean, error?.windows)
        return metric
    }

    /// Forgets panes of predictions, of a version whose performance nobody asks for.
    public mutating func dropPredictions(before pane: Int64) { predictions.drop(before: pane) }

    /// Forgets panes of pairs, likewise.
    public mutating func dropLabels(before pane: Int64) { labelled.drop(before: pane) }

    /// Forgets panes that no later window, calibration or reconciliation looks at.
    private mutating func forget(drift: Int64, pairs: Int64, mature: Int64, geometry: PaneGeometry) {
        let length = geometry.panesPerWindow
        if drift != .min {
            // Losses are learned from rows of panes whose labels are still to come.
            let waiting = settings.task == .regression ? mature : pairs
            let next = state.estimatedFrom.map { (state.estimatedThrough ?? $0 - 1) + 1 } ?? waiting
            // While an outcome stream stands still its predictions must not pile up.
            let oldest = drift - 4 * (settings.labelDelayMicroseconds / geometry.slideMicroseconds + 2) - 2 * length
            predictions.drop(before: max(oldest, min(drift, max(oldest, next)) - length))
        }
        guard state.calibration != nil, mature != .min else { return }
        labelled.drop(before: min(state.pending.first?.firstPane ?? mature, mature - length))
    }
}
