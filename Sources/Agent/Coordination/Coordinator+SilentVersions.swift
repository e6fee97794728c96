import Alerting
import Detection
import Retraining
import Statistics
import Windowing

extension Coordinator {
    /// Without a registry nobody says that a version has been replaced: it is when its own predictions have been silent
    /// for a whole window while another version's go on. Its alerts are over then. They would else stay open for good,
    /// and, as one alert speaks for a detector whatever the version, hide those of the version that is served now.
    ///
    /// What rests on predictions is over at the boundary of predictions, what rests on outcomes at that of pairs: how far
    /// either stream has come says nothing of the other.
    ///
    /// Beyond `limits.versions_per_model` the longest silent are forgotten: a producer that makes up a version for each
    /// start, or each event, must not fill the memory.
    func retireSilentVersions(at step: DecisionStep) -> [AlertTransition] {
        guard let model = models[step.model] else { return [] }
        var transitions: [AlertTransition] = []
        if model.champion == nil, step.advancesDrift {
            for version in versionsPastHearing(of: model, before: step.drift) {
                transitions += supersede(version, of: step.model) { !$0.restsOnOutcomes }
            }
        }
        if model.champion == nil, step.advancesPairs {
            for version in versionsPastHearing(of: model, before: step.pairs) {
                transitions += supersede(version, of: step.model, where: \.restsOnOutcomes)
            }
        }
        for version in model.versionsToForget {
            transitions += supersede(version, of: step.model) { _ in true }
            models[step.model]?.versions[version] = nil
            learned[ModelVersionKey(model: step.model, version: version)] = nil
        }
        return transitions
    }

    /// Versions that have fallen silent, and those with alerts from an earlier life of which nothing has been heard in this
    /// one, when others have been heard of a window after them.
    private func versionsPastHearing(of model: WatchedModel, before boundary: Int64) -> [String] {
        let geometry = model.settings.geometry
        let newest = model.versions.values.compactMap { $0.heard.last(before: boundary) }.max() ?? .min
        let unheard = alertBook.openAlerts(of: model.configuration.name).filter { alert in
            model.versions[alert.version] == nil
                && geometry.pane(at: alert.verdict.windowEnd) + geometry.panesPerWindow <= newest
        }
        return Set(model.silentVersions(before: boundary) + unheard.map(\.version)).sorted()
    }

    private func supersede(
        _ version: String, of model: String, where isOver: (Verdict) -> Bool
    ) -> [AlertTransition] {
        alertBook.supersede(model: model, version: version, atMicroseconds: decidedMicroseconds, where: isOver)
    }
}

extension Verdict {
    /// Whether it speaks of pairs, which come later than predictions.
    fileprivate var restsOnOutcomes: Bool {
        switch subject {
        case .performance: true
        case .drift(let column, _): ModelColumn.outcomeNames.contains(column)
        case .estimate, .multivariate, .quality: false
        }
    }
}

extension WatchedModel {
    /// What each of the versions that share the false-alarm budget gets of it at a boundary. A version that has fallen
    /// silent raises no alarm and gets nothing: its share would else be lost to the others for good.
    func budgetShare(at boundary: Int64) -> Double {
        let silent = Set(silentVersions(before: boundary))
        let sharing = versions.values.count { version in
            version.heard.last(before: boundary) != nil && isJudged(version.key.version)
                && !silent.contains(version.key.version)
        }
        return 1 / Double(max(1, sharing))
    }

    /// Versions that nothing has been heard of for a window, and longer than of others; the longest silent first.
    func silentVersions(before boundary: Int64) -> [String] {
        let heard = versions.compactMap { name, version in
            version.heard.last(before: boundary).map { (version: name, newest: $0) }
        }
        guard let latest = heard.map(\.newest).max() else { return [] }
        return heard.filter { $0.version != champion && $0.newest <= latest - settings.geometry.panesPerWindow }
            .sorted { ($0.newest, $0.version) < ($1.newest, $1.version) }.map(\.version)
    }

    /// The longest silent versions beyond the limit. Those that are compared with each other stay, and those of which a
    /// batch has brought panes that are not decided on yet.
    fileprivate var versionsToForget: ArraySlice<String> {
        let compared = [shadow?.promoted, shadow?.predecessor]
        return silentVersions(before: decided.drift)
            .filter { name in
                guard let version = versions[name], !compared.contains(name) else { return false }
                return !version.heard.reaches(decided.drift)
                    && version.performance.firstPane(after: decided.pairs &- 1) == nil
            }
            .prefix(max(0, versions.count - settings.maximumVersions))
    }
}
