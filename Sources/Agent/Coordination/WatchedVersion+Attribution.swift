import Detection
import Statistics
import Windowing

/// A version's first full window of labelled pairs.
struct FirstWindow: Codable {
    /// Where it may start: after the pane of the first pairs, which is partial, and in which segments first had names.
    var firstPane: Int64?
    /// `nil` until a full window with enough pairs has been judged.
    var baseline: PerformanceBaseline?
}

extension WatchedVersion {
    /// Judges a window of pairs; a raised verdict on all pairs says which segments carry it. The first full window with
    /// enough pairs is kept to be compared with. It outlives a rollback: how good the version was at first stays true.
    mutating func judgeAndAttribute(
        _ window: PerformanceWindow, endingWith pane: Int64, geometry: PaneGeometry
    ) -> [Verdict] {
        let parts = performanceSegments.windows(endingWith: pane, panes: geometry.panesPerWindow)
        let verdicts = monitor.judge(performance: window, segments: parts)
        let segments = zip(performanceSegments.segments, parts).map { key, part in
            PerformanceBaseline.Segment(column: key.column, name: part.name, summary: part.summary)
        }
        keepIfFirst(window, segments: segments, endingWith: pane, geometry: geometry)
        return verdicts.map { verdict in
            guard verdict.status == .drift, verdict.segment == nil, let baseline = firstWindow.baseline,
                case .performance(let name) = verdict.subject, let metric = PerformanceMetric(rawValue: name)
            else { return verdict }
            var verdict = verdict
            verdict.attribution = VerdictAttribution(fall: baseline.fall(of: metric, in: window, segments: segments))
            return verdict
        }
    }

    private mutating func keepIfFirst(
        _ window: PerformanceWindow, segments: [PerformanceBaseline.Segment], endingWith pane: Int64,
        geometry: PaneGeometry
    ) {
        guard firstWindow.baseline == nil, let summary = window.summary else { return }
        guard let first = firstWindow.firstPane else {
            if hasNamedSegments(in: pane) { firstWindow.firstPane = pane + 1 }
            return
        }
        guard pane - first + 1 >= geometry.panesPerWindow, summary.count >= monitor.rules.minimumPerformanceSample
        else { return }
        firstWindow.baseline = PerformanceBaseline(
            window: window, segments: segments, metrics: monitor.rules.performance.map(\.metric))
    }
}

extension WatchedVersion {
    /// Whether the pane's pairs are divided as later ones will be. While a reference is being learned all of them are
    /// `other`; without segments there is nothing to wait for.
    private func hasNamedSegments(in pane: Int64) -> Bool {
        let segments = performanceSegments.segments
        return segments.isEmpty
            || zip(segments, performanceSegments.windows(endingWith: pane, panes: 1)).contains { key, part in
                key.value != SegmentKey.other && part.summary != nil
            }
    }
}

extension WatchedModel {
    /// What columns are weighed by: what the champion says itself, else what is configured, else all alike.
    var columnWeights: ColumnWeights {
        if let importance { return ColumnWeights(importance, source: .model) }
        return configuration.importance.map { ColumnWeights($0, source: .configuration) } ?? .equal
    }

    /// Keeps what the retraining policy looks at, and says of raised verdicts what carries them.
    mutating func take(_ window: inout JudgedWindow) {
        remember(window)
        let version = window.key.version
        // The model's own output and the outcomes are watched like columns, and are none that it looks at.
        let features = (versions[version]?.encoder?.profile.columns.map(\.name)).map { Set($0) }
        guard window.kind == .performance else {
            if !rules.performance.isEmpty, window.kind == .drift || window.kind == .interval {
                moved[version, default: MovedColumns()].add(
                    window.verdicts.movedColumns(weights: columnWeights, among: features),
                    isCalibrated: window.kind == .interval, endMicroseconds: window.endMicroseconds)
            }
            window.verdicts = window.verdicts.attributed(by: columnWeights, among: features)
            return
        }
        let columns = moved[version]?.take(by: window.endMicroseconds)
        for index in window.verdicts.indices where window.verdicts[index].status == .drift {
            window.verdicts[index].attribution = VerdictAttribution(
                columns: columns, fall: window.verdicts[index].attribution?.fall)
        }
    }
}
