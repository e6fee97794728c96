import Detection
import Statistics
import Windowing

/// Drift of what turns out to be true, by the pane in which a pair became complete.
extension WatchedVersion {
    /// The evidence intervals and sliding windows of outcomes that the panes closed since the last time complete. Called
    /// before performance is judged, which forgets the panes that it no longer needs.
    ///
    /// - Parameters:
    ///   - table: the outcomes of a reference table.
    ///   - share: of the model's false-alarm budget.
    mutating func judgeOutcomes(
        closedBefore boundary: Int64, geometry: PaneGeometry, table: OutcomeHistory?, share: Double
    ) -> [JudgedWindow] {
        guard boundary != .min, var monitor = outcomes else { return [] }
        // There are at most as many pairs as predictions, so that a reference of outcomes is never learned before that
        // of the features, whichever stream is ahead.
        let features = encoder?.profile.columns.map(\.name) ?? []
        if let table { monitor.learn(table, paneMicroseconds: geometry.slideMicroseconds, beside: features) }
        let first = monitor.takenUntilMicroseconds.map { geometry.pane(at: $0) } ?? .min
        var windows: [JudgedWindow] = []
        for (pane, summary) in performance.panes(from: first, before: boundary) {
            let window = PerformanceWindow(
                startMicroseconds: geometry.start(of: pane), endMicroseconds: geometry.end(of: pane), summary: summary,
                outcomes: labels.outcomes[pane])
            let verdicts = monitor.take(pane: window, beside: features, share: share)
            guard let verdict = verdicts.first else { continue }
            windows.append(
                JudgedWindow(
                    key: key, kind: .outcomeInterval, startMicroseconds: verdict.windowStart,
                    endMicroseconds: verdict.windowEnd, count: verdict.count, verdicts: verdicts))
        }
        windows += slidingOutcomes(&monitor, before: boundary, geometry: geometry)
        outcomes = monitor
        return windows
    }

    private func slidingOutcomes(
        _ monitor: inout OutcomeMonitor, before boundary: Int64, geometry: PaneGeometry
    ) -> [JudgedWindow] {
        guard let start = monitor.judgedFromMicroseconds else { return [] }
        let oldest = geometry.pane(at: start)
        let panes = unjudged(
            performance, until: monitor.windowsJudgedUntilMicroseconds ?? start, before: boundary, geometry: geometry)
        return panes.filter { $0 >= oldest }.compactMap { pane in
            // The reference's own panes are none of the windows'.
            let count = min(geometry.panesPerWindow, pane - oldest + 1)
            let window = PerformanceWindow(
                startMicroseconds: geometry.windowStart(endingWith: pane), endMicroseconds: geometry.end(of: pane),
                summary: performance.window(endingWith: pane, panes: count),
                outcomes: labels.outcomes.window(endingWith: pane, panes: count))
            let verdicts = monitor.judge(window: window)
            guard let verdict = verdicts.first else { return nil }
            return JudgedWindow(
                key: key, kind: .outcome, startMicroseconds: window.startMicroseconds,
                endMicroseconds: window.endMicroseconds, count: verdict.count, verdicts: verdicts)
        }
    }

    /// Puts back what a checkpoint knows, if it speaks of the same classes, or of numbers, and of the same label delay.
    /// With other panes than these it begins anew on its reference.
    mutating func restoreOutcomes(_ saved: OutcomeMonitor?, rules: MonitorRules, panesAreTheSame: Bool) {
        guard var saved, let fresh = outcomes, saved.names == fresh.names,
            saved.settlingMicroseconds == fresh.settlingMicroseconds
        else { return }
        if panesAreTheSame { saved.adopt(rules) } else { saved.restart(rules: rules) }
        outcomes = saved
    }

    /// How a share of the false-alarm budget, at the boundaries of predictions and of pairs, divides between the columns of
    /// the reference and the outcome.
    func budgetShares(predictions: Double, pairs: Double) -> (columns: Double, outcome: Double) {
        guard outcomes != nil, let encoder, let settings = monitor.rules.calibrated else { return (predictions, pairs) }
        let name = ModelColumn.outcome.name(beside: encoder.profile.columns.map(\.name))
        let columns = Double(encoder.profile.allColumns.count { settings.watches(named: $0.name) })
        guard settings.watches(named: name), columns > 0 else { return (predictions, pairs) }
        return (predictions * columns / (columns + 1), pairs / (columns + 1))
    }
}

extension OutcomeHistory {
    /// The outcomes of labelled rows, by the pane of their prediction.
    init(_ rows: [LabelledRow], task: ModelTask, geometry: PaneGeometry) {
        self.init()
        guard let names = task.outcomeNames else {
            let known = Dictionary(grouping: rows.filter { $0.value != nil }) {
                geometry.pane(at: $0.predictionMicroseconds)
            }
            panes = known.sorted { $0.key < $1.key }.map { pane, rows in
                Pane(startMicroseconds: geometry.start(of: pane), numbers: rows.compactMap(\.value))
            }
            return
        }
        var counts: [Int64: [Int64]] = [:]
        for row in rows {
            guard let index = task.outcomeIndex(of: row.label) else { continue }
            let pane = geometry.pane(at: row.predictionMicroseconds)
            counts[pane, default: Array(repeating: 0, count: names.count)][index] += 1
        }
        panes = counts.sorted { $0.key < $1.key }.map {
            Pane(startMicroseconds: geometry.start(of: $0.key), counts: $0.value)
        }
    }
}
