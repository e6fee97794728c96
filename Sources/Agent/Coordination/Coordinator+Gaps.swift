import Events
import Windowing

/// What retention took away before it was read, and what was left out because it came too fast: the windows that it belongs
/// to are marked, and never passed off as whole.
extension Coordinator {
    /// Beyond it the oldest are forgotten: windows so far back have long been said.
    private static let maximumGaps = 1_000

    /// Remembers what a partition has lost, or left out.
    func note(_ found: [StreamGap]) -> [CoordinatorAction] {
        found.compactMap { gap in
            let known = gaps.lastIndex {
                $0.partition == gap.partition && $0.role == gap.role && $0.keptShare == gap.keptShare
                    && $0.touches(from: gap.fromMicroseconds, to: gap.toMicroseconds)
            }
            if let known {
                gaps[known].fromMicroseconds = min(gaps[known].fromMicroseconds, gap.fromMicroseconds)
                gaps[known].toMicroseconds = max(gaps[known].toMicroseconds, gap.toMicroseconds)
                return nil
            }
            gaps.append(gap)
            if gaps.count > Self.maximumGaps { gaps.removeFirst() }
            // Whoever leaves keys out says so.
            guard gap.keptShare == 0 else { return nil }
            let stream = gap.role == .predictions ? "predictions" : "outcomes"
            guard gap.fromMicroseconds != .min else {
                return .problem(
                    "\(stream) of partition \(gap.partition) before \(EventTime.format(gap.toMicroseconds)) were not read "
                        + "again, because there is no checkpoint: windows of that time are marked incomplete.")
            }
            let from = EventTime.format(gap.fromMicroseconds)
            return .problem(
                "\(stream) of partition \(gap.partition) between \(from) and \(EventTime.format(gap.toMicroseconds)) are "
                    + "lost: windows of that time are marked incomplete. Keep the topic for longer than the agent may be "
                    + "away, or behind.")
        }
    }

    /// Says of a window whether events of it may be missing.
    func mark(_ window: inout JudgedWindow) {
        let (start, end) = (window.startMicroseconds, window.endMicroseconds)
        let delay = models[window.key.model]?.settings.maximumLabelDelayMicroseconds ?? 0
        let touching = gaps.filter { gap in
            // A prediction that was not rebuilt is missing in the pairs until its outcome would have come.
            let reach = window.kind.isOfPairs && gap.role == .predictions && gap.fromMicroseconds == .min ? delay : 0
            return gap.touches(from: start - reach, to: end)
        }
        let sampled = sampledShare(of: window)
        window.isIncomplete = !touching.isEmpty || sampled != nil
        window.sampledShare = (touching.map(\.keptShare).filter { $0 > 0 } + [sampled].compactMap(\.self)).min()
    }

    /// What is counted of the predictions that came before their version's reference was known; `nil` where that is all.
    private func sampledShare(of window: JudgedWindow) -> Double? {
        guard !window.kind.isOfPairs, window.kind != .estimate, let model = models[window.key.model] else { return nil }
        let geometry = model.settings.geometry
        let panes = geometry.pane(at: window.startMicroseconds)..<geometry.pane(at: window.endMicroseconds)
        return model.versions[window.key.version]?.sampled.share(of: panes)
    }
}

extension JudgedWindow.Kind {
    /// Whether such windows count pairs by when they became complete.
    var isOfPairs: Bool {
        switch self {
        case .performance, .outcome, .outcomeInterval, .reconciliation: true
        case .drift, .interval, .segments, .multivariate, .quality, .estimate: false
        }
    }
}
