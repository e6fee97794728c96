public import Detection
import Statistics
public import Windowing

/// A window that was judged, and what was said of it.
public struct JudgedWindow: Sendable, Equatable {
    /// What the window counts: predictions by their time (`drift` and `quality` in sliding windows, `interval` the panes
    /// that calibrated detection tests together, `segments` those that it tests together of single segments, `multivariate`
    /// of whole rows), or pairs by their completion (`performance`; `outcome` and `outcome_interval` are the same of what turned out to be true).
    public enum Kind: String, Sendable {
        case drift, interval, segments, multivariate, quality, performance, outcome
        /// Performance before labels are in, and such a window again when they are.
        case estimate, reconciliation
        case outcomeInterval = "outcome_interval"
    }

    public var key: ModelVersionKey
    public var kind: Kind
    public var startMicroseconds: Int64
    public var endMicroseconds: Int64
    /// Events (drift, quality) or labelled pairs (performance) in it. Verdicts of `segments` have spans and counts of their
    /// own; here it is the sum over the segments.
    public var count: Int64
    /// Of quality only what is more than that a check found nothing.
    public var verdicts: [Verdict]
    /// Of the kinds `estimate` and `reconciliation`: each watched metric.
    public var estimates: [EstimatedMetric] = []
    /// The share of the window's predictions whose label has come: by its end (`performance`), or at all
    /// (`reconciliation`); `nil` where it is not known.
    public var labelMaturity: Double?
    /// Whether events of it may have been lost before they were read, or left out because they came too fast or because
    /// the reference was not known yet.
    public var isIncomplete = false
    /// Where they were left out, the smallest share of the keys that was counted.
    public var sampledShare: Double?
}

/// One version of a watched model as the coordinator sees it: its panes, its reference, its judge.
struct WatchedVersion {
    let key: ModelVersionKey
    /// The panes in which it has made predictions.
    var heard = HeardPanes()
    var drift = PaneStore<PaneSummary>()
    /// Which of them are samples.
    var sampled = SampledPanes()
    var performance = PaneStore<PerformanceSummary>()
    /// The same panes in parts, by segment.
    var driftSegments = SegmentStore<PaneSummary>()
    var performanceSegments = SegmentStore<PerformanceSummary>()
    /// Present while the version has no reference.
    var learner: ReferenceLearner?
    var encoder: ReferenceEncoder?
    /// The last pane that the version's own reference was learned from. A partition that is read again hands such panes
    /// over again: they are the reference, and are not judged against it.
    var learnedThrough: Int64?
    var monitor: ModelMonitor
    var quality: QualityMonitor
    /// Present where outcomes are joined.
    var outcomes: OutcomeMonitor?
    var labels: LabelTracker
    var rows = WatchedRows()
    /// What a fall in performance is held against.
    var firstWindow = FirstWindow()

    /// Begins anew at a boundary: no panes from before, no evidence. What partitions that are ahead have brought of later
    /// panes stays: how far ahead they are changes nothing.
    mutating func restart(
        rules: MonitorRules, quality: QualityMonitor, at boundary: DecidedPanes, geometry: PaneGeometry
    ) {
        heard.drop(before: boundary.drift)
        learnedThrough = nil
        drift.drop(before: boundary.drift)
        sampled.drop(before: boundary.drift)
        performance.drop(before: boundary.pairs)
        driftSegments.drop(before: boundary.drift)
        performanceSegments.drop(before: boundary.pairs)
        self.quality = quality
        outcomes?.restart(rules: rules)
        labels.restart(at: boundary, geometry: geometry)
        rows.restart(at: boundary.drift)
        if firstWindow.baseline == nil { firstWindow = FirstWindow() }
        monitor.restart(rules: rules)
    }

    /// Panes that a reference was learned from are no windows on it. A partition that somebody else has read again meanwhile,
    /// knowing the reference, may have brought them counted as well.
    mutating func forgetCountedPanes(through lastPane: Int64) {
        drift.drop(before: lastPane + 1)
        driftSegments.drop(before: lastPane + 1)
        rows.samples.drop(before: lastPane + 1)
    }

    /// Takes a reference; the panes that were kept whole while learning and lie after `lastPane` are counted on it.
    mutating func adopt(_ encoder: ReferenceEncoder, panesAfter lastPane: Int64, settings: ModelSettings) {
        let parts = learner?.summaries(
            after: lastPane, on: encoder, task: settings.task, segments: settings.segments)
        for part in parts ?? [] {
            drift.add(part.counted.summary, pane: part.pane, partition: part.partition)
            driftSegments.add(part.counted.segments, pane: part.pane, partition: part.partition)
        }
        if let learner { rows.adopt(encoder.profile.id, from: learner, lastPane: lastPane) }
        self.encoder = encoder
        learner = nil
    }

    /// The windows of predictions that have closed and were not judged before.
    mutating func judgeDrift(closedBefore boundary: Int64, geometry: PaneGeometry) -> [JudgedWindow] {
        guard let encoder, boundary != .min else { return [] }
        let panes = unjudged(
            drift, until: monitor.driftJudgedUntilMicroseconds, before: boundary, geometry: geometry)
        let windows = panes.flatMap { pane -> [JudgedWindow] in
            let summary = drift.window(endingWith: pane, panes: geometry.panesPerWindow)
            let window = DriftWindow(
                startMicroseconds: geometry.windowStart(endingWith: pane), endMicroseconds: geometry.end(of: pane),
                summary: summary)
            let judged = JudgedWindow(
                key: key, kind: .drift, startMicroseconds: window.startMicroseconds,
                endMicroseconds: window.endMicroseconds, count: summary?.events ?? 0,
                verdicts: monitor.judge(
                    drift: window, reference: encoder.profile,
                    segments: parts(ofWindowEndingWith: pane, geometry: geometry)))
            var checked = judged
            checked.kind = .quality
            checked.verdicts =
                quality.judge(window, reference: encoder.profile, slide: geometry.slideMicroseconds).filter(\.isTelling)
            return checked.verdicts.isEmpty ? [judged] : [judged, checked]
        }
        drift.drop(before: boundary - geometry.panesPerWindow)
        driftSegments.drop(before: boundary - geometry.panesPerWindow)
        return windows
    }

    /// The windows of pairs that have closed and were not judged before.
    mutating func judgePerformance(closedBefore boundary: Int64, geometry: PaneGeometry) -> [JudgedWindow] {
        guard boundary != .min else { return [] }
        let panes = unjudged(
            performance, until: monitor.performanceJudgedUntilMicroseconds, before: boundary, geometry: geometry)
        let windows = panes.map { pane in
            let summary = performance.window(endingWith: pane, panes: geometry.panesPerWindow)
            let window = PerformanceWindow(
                startMicroseconds: geometry.windowStart(endingWith: pane), endMicroseconds: geometry.end(of: pane),
                summary: summary)
            var judged = JudgedWindow(
                key: key, kind: .performance, startMicroseconds: window.startMicroseconds,
                endMicroseconds: window.endMicroseconds, count: summary?.count ?? 0,
                verdicts: judgeAndAttribute(window, endingWith: pane, geometry: geometry))
            judged.labelMaturity = labels.maturity(from: pane - geometry.panesPerWindow + 1, through: pane)
            for index in judged.verdicts.indices where judged.verdicts[index].segment == nil {
                judged.verdicts[index].labelMaturity = judged.labelMaturity
            }
            return judged
        }
        labels.drop(before: boundary, geometry: geometry)
        performance.drop(before: boundary - geometry.panesPerWindow)
        performanceSegments.drop(before: boundary - geometry.panesPerWindow)
        return windows
    }

    /// The numbers of the closed panes that end a window not yet judged. A stretch without any event is judged until
    /// its windows are empty, and skipped from there to the next event.
    func unjudged<Summary>(
        _ store: PaneStore<Summary>, until judged: Int64?, before boundary: Int64, geometry: PaneGeometry
    ) -> [Int64] {
        guard let oldest = store.oldestPane else { return [] }
        var panes: [Int64] = []
        var pane = judged.map { geometry.pane(at: $0) } ?? oldest
        while pane < boundary {
            if store.isEmpty(from: pane - geometry.panesPerWindow, through: pane) {
                guard let next = store.firstPane(after: pane), next < boundary else { break }
                pane = next
            }
            panes.append(pane)
            pane += 1
        }
        return panes
    }
}
