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
    /// By kind, in order.
    private let windows: [String: [SpokenWindow]]
    /// By kind, the newest end.
    private let newest: [String: Int64]
    /// Kinds of which what lies before the first window that is judged again has been asked for.
    private var begun: Set<String> = []

    init(_ spoken: [SpokenWindow] = []) {
        windows = Dictionary(grouping: spoken, by: \.kind)
        newest = windows.compactMapValues { $0.map(\.endMicroseconds).max() }
    }

    func contains(_ window: JudgedWindow) -> Bool {
        newest[window.kind.rawValue].map { window.endMicroseconds <= $0 } ?? false
    }

    /// What was said before the window, the first time that a window of its kind is judged again; all that comes after it
    /// will be judged again too.
    mutating func take(before window: JudgedWindow) -> [SpokenWindow] {
        guard begun.insert(window.kind.rawValue).inserted else { return [] }
        return windows[window.kind.rawValue]?.filter { $0.endMicroseconds < window.endMicroseconds } ?? []
    }

    /// What was said of this very window, where windows before it are judged again already.
    func verdicts(of window: JudgedWindow) -> [Verdict] {
        guard begun.contains(window.kind.rawValue) else { return [] }
        let said = windows[window.kind.rawValue]?.first {
            $0.version == window.key.version && $0.endMicroseconds == window.endMicroseconds
        }
        return said?.verdicts ?? []
    }
}

/// A coordinator whose state is lost goes through a part of the stream again. What it judges again it says again, under the
/// same ids, which the outbox knows; of what lies before that the history tells which alerts are open.
extension Coordinator {
    /// Takes what was said of a model, in order.
    func recall(_ windows: [SpokenWindow], of name: String) { models[name]?.spoken = SpokenWindows(windows) }

    /// The windows that are to be said: one that was said before replaces itself, unless it misses events that it had then.
    /// What it said then holds.
    func withoutWorse(_ windows: [JudgedWindow], of name: String) -> [JudgedWindow] {
        windows.filter { window in
            guard window.isIncomplete, let spoken = models[name]?.spoken, spoken.contains(window) else { return true }
            _ = alertBook.observe(spoken.verdicts(of: window))
            return false
        }
    }

    /// Opens and closes the alerts as the windows before this one did, which has been said already.
    ///
    /// A version of which nothing more was said while another went on had been replaced: its alerts had been said to be
    /// over. Those of a version that is not the champion are over now; that was said when it was replaced, unless a crash came
    /// between, and is said again under the same ids.
    /// - Returns: the ends of the latter.
    func recallAlerts(before window: JudgedWindow) -> [AlertTransition] {
        let name = window.key.model
        guard let said = models[name]?.spoken.take(before: window), !said.isEmpty else { return [] }
        let lastEnds = Dictionary(said.map { ($0.version, $0.endMicroseconds) }) { max($0, $1) }
        var book = AlertBook()
        for spoken in said {
            for alert in book.openAlerts where lastEnds[alert.version] ?? .max < spoken.endMicroseconds {
                _ = book.supersede(model: name, version: alert.version, atMicroseconds: spoken.endMicroseconds)
            }
            _ = book.observe(spoken.verdicts)
        }
        var ended: [AlertTransition] = []
        if let champion = models[name]?.champion {
            for version in Set(book.openAlerts.map(\.version)).sorted() where version != champion {
                ended += book.supersede(model: name, version: version, atMicroseconds: window.endMicroseconds)
            }
        }
        alertBook.reopen(book.openAlerts)
        return ended
    }
}
