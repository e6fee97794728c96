import Detection
import Statistics
import Windowing

/// Calibrated drift detection: pane by pane, within the model's false-alarm budget.
extension WatchedVersion {
    /// The evidence intervals that the panes closed since the last time complete.
    /// - Parameter share: of the model's false-alarm budget.
    mutating func judgeIntervals(
        closedBefore boundary: Int64, geometry: PaneGeometry, chunks: ReferenceChunks?, share: Double
    ) -> [JudgedWindow] {
        guard let encoder, boundary != .min, monitor.rules.calibrated != nil else { return [] }
        let first = monitor.paneJudgedUntilMicroseconds.map { geometry.pane(at: $0) } ?? .min
        return drift.panes(from: first, before: boundary).flatMap { pane, summary -> [JudgedWindow] in
            let window = DriftWindow(
                startMicroseconds: geometry.start(of: pane), endMicroseconds: geometry.end(of: pane), summary: summary)
            let verdicts = monitor.judge(
                pane: window, reference: encoder.profile, chunks: chunks, share: share, segments: parts(ofPane: pane))
            let whole = verdicts.filter { $0.segment == nil }
            let segments = verdicts.filter { $0.segment != nil }
            return [
                judged(.interval, whole, count: whole.first?.count),
                judged(.segments, segments, count: count(ofSegments: segments)),
            ].compactMap(\.self)
        }
    }

    /// Nothing where the pane completed no interval.
    private func judged(_ kind: JudgedWindow.Kind, _ verdicts: [Verdict], count: Int64?) -> JudgedWindow? {
        guard let end = verdicts.first?.windowEnd, let start = verdicts.map(\.windowStart).min() else { return nil }
        return JudgedWindow(
            key: key, kind: kind, startMicroseconds: start, endMicroseconds: end, count: count ?? 0,
            verdicts: verdicts)
    }

    private func count(ofSegments verdicts: [Verdict]) -> Int64 {
        Dictionary(verdicts.map { ($0.segment, $0.count) }) { first, _ in first }.values.reduce(0, +)
    }

    /// Lets calibrated detection learn from the reference's own panes while they are at hand: how far events depend on
    /// each other, and what seasons there are. `panes` are not asked for where nothing is calibrated.
    mutating func prepareIntervals(
        geometry: PaneGeometry, panes: () -> [(pane: Int64, summary: PaneSummary)]
    ) {
        guard let encoder, monitor.rules.calibrated != nil else { return }
        monitor.prepare(reference: encoder.profile, chunks: ReferenceChunks(panes(), geometry: geometry))
    }
}
