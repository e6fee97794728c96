import Alerting
import Detection
import Registry
import Windowing

/// A window that was said in an earlier life, as the history keeps it.
struct SpokenWindow: Sendable {
    var kind: String
    var endMicroseconds: Int64
    var verdicts: [Verdict]
}

/// A coordinator whose state is lost goes through a part of the stream again, and must not repeat what was alerted: the
/// history tells what was said, and so which alerts are open.
extension Coordinator {
    /// Takes what was said of a model, in order.
    /// - Parameter champions: the versions that it was said of, as they came into force.
    /// - Returns: what the newest windows had changed, for the outbox: a crash may have come between it and the history.
    func recall(
        _ windows: [SpokenWindow], of name: String, champions: [ChampionCommand]
    ) -> [AlertTransition] {
        var spoken: [String: Int64] = [:]
        for window in windows { spoken[window.kind] = max(spoken[window.kind] ?? .min, window.endMicroseconds) }
        models[name]?.spoken = spoken
        var champions = champions[...]
        var newest: [AlertTransition] = []
        for window in windows {
            while let next = champions.first, next.position.moment ?? .min < window.endMicroseconds {
                _ = alertBook.supersedeOthers(
                    model: name, champion: next.version, atMicroseconds: next.position.moment ?? .min)
                champions.removeFirst()
            }
            let changes = alertBook.observe(window.verdicts)
            if spoken[window.kind] == window.endMicroseconds { newest += changes }
        }
        return newest
    }

    /// The windows that are to be said: one that was said before replaces itself, unless it misses events that it had then.
    func withoutWorse(_ windows: [JudgedWindow], of name: String) -> [JudgedWindow] {
        windows.filter { !$0.isIncomplete || isNew($0, of: name) }
    }

    /// The windows that may open and close alerts: not those that did.
    func new(_ windows: [JudgedWindow], of name: String) -> [JudgedWindow] { windows.filter { isNew($0, of: name) } }

    private func isNew(_ window: JudgedWindow, of name: String) -> Bool {
        guard let spoken = models[name]?.spoken[window.kind.rawValue] else { return true }
        return window.endMicroseconds > spoken
    }
}
