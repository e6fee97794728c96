import Detection
import Statistics
import Windowing

/// Drift by segment: the rows of a reference are divided once, while they are at hand.
extension WatchedVersion {
    /// Gives each segment of the version's reference its own, unless they have them.
    ///
    /// - Parameters:
    ///   - task: where the version itself made the rows' predictions; else `nil`.
    ///   - rows: those that the reference was made of. Not asked for where they are not needed.
    mutating func watchSegments(
        on encoder: ReferenceEncoder, settings: ModelSettings, task: ModelTask?, rows: () -> [RetainedPrediction]
    ) {
        guard settings.segments.countsDrift, monitor.segmentReference != encoder.profile.id else { return }
        let rows = rows()
        guard !rows.isEmpty else { return }
        let parts = LearnedPanes.bySegment(rows, on: encoder, segments: settings.segments)
        let fewest = monitor.rules.minimumSegmentSample
        monitor.watch(
            SegmentDriftWatch(
                of: encoder.profile, settings: settings.segments, rules: monitor.rules,
                parts: parts.lazy.map { segment, rows in
                    guard rows.count >= fewest else {
                        return SegmentReference(segment: segment, rows: Int64(rows.count))
                    }
                    return SegmentReference(
                        segment: segment,
                        panes: LearnedPanes.summaries(
                            of: rows, on: encoder, geometry: settings.geometry, task: task),
                        geometry: settings.geometry)
                }))
    }

    /// The parts of a pane by segment; none where nobody looks at them.
    func parts(ofPane pane: Int64) -> [String: PaneSummary] {
        monitor.segmentReference == nil ? [:] : driftSegments.parts(of: pane)
    }

    /// The same of a sliding window.
    func parts(ofWindowEndingWith pane: Int64, geometry: PaneGeometry) -> [String: PaneSummary] {
        guard monitor.segmentReference != nil, !monitor.rules.drift.isEmpty else { return [:] }
        var parts: [String: PaneSummary] = [:]
        for (name, summary) in driftSegments.windows(endingWith: pane, panes: geometry.panesPerWindow) {
            parts[name] = summary
        }
        return parts
    }
}

extension SegmentReference {
    /// - Parameter panes: a segment's rows of a reference, in order of time.
    init(segment: SegmentKey, panes: [(pane: Int64, summary: PaneSummary)], geometry: PaneGeometry) {
        var whole = panes.first?.summary
        for pane in panes.dropFirst() { whole?.merge(pane.summary) }
        self.init(
            segment: segment, rows: whole?.events ?? 0, summary: whole,
            chunks: ReferenceChunks(panes, geometry: geometry))
    }
}
