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
        return drift.panes(from: first, before: boundary).compactMap { pane, summary in
            let window = DriftWindow(
                startMicroseconds: geometry.start(of: pane), endMicroseconds: geometry.end(of: pane), summary: summary)
            let verdicts = monitor.judge(pane: window, reference: encoder.profile, chunks: chunks, share: share)
            guard let verdict = verdicts.first else { return nil }
            return JudgedWindow(
                key: key, kind: .interval, startMicroseconds: verdict.windowStart, endMicroseconds: verdict.windowEnd,
                count: verdict.count, verdicts: verdicts)
        }
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
