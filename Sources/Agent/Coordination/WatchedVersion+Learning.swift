import Detection
import Windowing

/// What is said of drift while there is nothing to compare with.
extension WatchedVersion {
    /// So many events of a pane show which columns there are.
    private static let eventsLookedAt = 200

    /// The window that ends with the pane before `boundary`, while the version learns its reference: every watched column is
    /// `learning`, and the count is that of the events collected so far. `nil` where that pane is empty.
    func learningWindow(endingBefore boundary: Int64, geometry: PaneGeometry) -> JudgedWindow? {
        let pane = boundary - 1
        guard let learner, encoder == nil, learner.lastPane(before: boundary) == pane else { return nil }
        let (start, end) = (geometry.windowStart(endingWith: pane), geometry.end(of: pane))
        let count = learner.events(before: boundary)
        return JudgedWindow(
            key: key, kind: .drift, startMicroseconds: start, endMicroseconds: end, count: count,
            verdicts: monitor.learningVerdicts(
                columns: learner.columns(of: pane, limit: Self.eventsLookedAt), startMicroseconds: start,
                endMicroseconds: end, count: count))
    }
}

extension Coordinator {
    /// Windows of the judged versions that have no reference yet. Nobody acts on them: neither alerts nor the retraining
    /// policy are told.
    func learningWindows(of name: String) -> [JudgedWindow] {
        guard let model = models[name] else { return [] }
        return model.versions.keys.sorted().filter(model.isJudged).compactMap {
            model.versions[$0]?.learningWindow(endingBefore: model.decided.drift, geometry: model.settings.geometry)
        }
    }
}
