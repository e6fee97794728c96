import Events
import Windowing

/// What retention took away before it was read: the windows that it belongs to are marked, and never passed off as whole.
extension Coordinator {
    /// Beyond it the oldest are forgotten: windows so far back have long been said.
    private static let maximumGaps = 1_000

    /// Remembers what a partition has lost.
    func note(_ found: [StreamGap]) -> [CoordinatorAction] {
        found.filter { !gaps.contains($0) }.map { gap in
            gaps.append(gap)
            if gaps.count > Self.maximumGaps { gaps.removeFirst() }
            let from = gap.fromMicroseconds == .min ? "the beginning" : EventTime.format(gap.fromMicroseconds)
            let stream = gap.role == .predictions ? "predictions" : "outcomes"
            return .problem(
                "\(stream) of partition \(gap.partition) between \(from) and \(EventTime.format(gap.toMicroseconds)) are "
                    + "lost: windows of that time are marked incomplete. Keep the topic for longer than the agent may be "
                    + "away, or behind.")
        }
    }

    /// Whether events of a window may have been lost.
    func isIncomplete(_ window: JudgedWindow) -> Bool {
        gaps.contains { $0.touches(from: window.startMicroseconds, to: window.endMicroseconds) }
    }
}
