import Alerting
import Detection
import Windowing

/// A window that was said in an earlier life, as the history keeps it.
struct SpokenWindow: Sendable {
    var version: String
    var kind: String
    var endMicroseconds: Int64
    var verdicts: [Verdict]
}

/// What was said of a model before the coordinator's state was lost.
struct SpokenWindows: Sendable {
    /// By kind, in order; those that have been asked for are gone.
    private var windows: [String: [SpokenWindow]]
    /// By kind, the newest end.
    private let newest: [String: Int64]

    init(_ spoken: [SpokenWindow] = []) {
        windows = Dictionary(grouping: spoken, by: \.kind)
        newest = windows.compactMapValues { $0.map(\.endMicroseconds).max() }
    }

    func contains(_ window: JudgedWindow) -> Bool {
        newest[window.kind.rawValue].map { window.endMicroseconds <= $0 } ?? false
    }

    /// What was said before the window, by version, the first time that a window of its kind is judged again; all that comes
    /// after it will be judged again too.
    mutating func take(before window: JudgedWindow) -> [String: [SpokenWindow]] {
        let said = windows.removeValue(forKey: window.kind.rawValue) ?? []
        return Dictionary(grouping: said.filter { $0.endMicroseconds < window.endMicroseconds }, by: \.version)
    }
}

/// A coordinator whose state is lost goes through a part of the stream again. What it judges again it says again, under the
/// same ids, which the outbox knows; of what lies before that the history tells which alerts are open.
extension Coordinator {
    /// Takes what was said of a model, in order.
    func recall(_ windows: [SpokenWindow], of name: String) { models[name]?.spoken = SpokenWindows(windows) }

    /// The windows that are to be said: one that was said before replaces itself, unless it misses events that it had then.
    func withoutWorse(_ windows: [JudgedWindow], of name: String) -> [JudgedWindow] {
        windows.filter { !$0.isIncomplete || models[name]?.spoken.contains($0) != true }
    }

    /// Opens and closes the alerts as the windows before this one did, which has been said already.
    ///
    /// A version that was replaced will not be judged again. That its alerts are over was said then, unless a crash came
    /// between; it is said again under the same ids.
    /// - Returns: the ends of those alerts.
    func recallAlerts(before window: JudgedWindow) -> [AlertTransition] {
        let name = window.key.model
        guard let said = models[name]?.spoken.take(before: window), !said.isEmpty else { return [] }
        var ended: [AlertTransition] = []
        var open: [Alert] = []
        for (version, windows) in said.sorted(by: { $0.key < $1.key }) {
            var book = AlertBook()
            for spoken in windows { _ = book.observe(spoken.verdicts) }
            if let champion = models[name]?.champion, champion != version {
                ended += book.supersede(model: name, version: version, atMicroseconds: window.endMicroseconds)
            } else {
                open += book.openAlerts
            }
        }
        // One alert speaks for a detector: that of a version that is heard of, before one that is silent.
        let heard = models[name]?.versions ?? [:]
        alertBook.reopen(open.filter { heard[$0.version] != nil })
        alertBook.reopen(open.filter { heard[$0.version] == nil })
        return ended
    }
}
