import Alerting
import Detection
import Retraining
import Windowing

extension Coordinator {
    /// Without a registry nobody says that a version has been replaced: it is when its own stream has been silent for a
    /// whole window while another version's goes on. Its alerts are over then. They would else stay open for good, and,
    /// as one alert speaks for a detector whatever the version, hide those of the version that is served now.
    ///
    /// Beyond `limits.versions_per_model` the longest silent are forgotten: a producer that makes up a version for each
    /// start, or each event, must not fill the memory.
    func retireSilentVersions(of name: String) -> [AlertTransition] {
        guard let model = models[name], model.versions.count > 1 else { return [] }
        let silent = model.silentVersions
        var transitions: [AlertTransition] = []
        func supersede(_ version: String) {
            transitions += alertBook.supersede(model: name, version: version, atMicroseconds: decidedMicroseconds)
        }
        if model.champion == nil { silent.sorted().forEach(supersede) }
        let compared = [model.shadow?.promoted, model.shadow?.predecessor]
        for version in silent.filter({ !compared.contains($0) && !model.isToCome($0) }).prefix(
            max(0, model.heardVersions.count - model.settings.maximumVersions))
        {
            supersede(version)
            models[name]?.versions[version] = nil
            learned[ModelVersionKey(model: name, version: version)] = nil
        }
        return transitions
    }
}

extension WatchedModel {
    /// What each of the versions that share the false-alarm budget gets of it. A version that has fallen silent raises no
    /// alarm and gets nothing: its share would else be lost to the others for good.
    var budgetShare: Double {
        let silent = Set(silentVersions)
        return 1 / Double(max(1, heardVersions.count { isJudged($0) && !silent.contains($0) }))
    }

    /// Versions that nothing has been heard of for a window, and longer than of others; the longest silent first.
    fileprivate var silentVersions: [String] {
        let heard = heardVersions.map { (version: $0, newest: newestPane(of: $0) ?? .min) }
        guard let latest = heard.map(\.newest).max(), latest > .min else { return [] }
        return heard.filter { $0.version != champion && $0.newest <= latest - settings.geometry.panesPerWindow }
            .sorted { ($0.newest, $0.version) < ($1.newest, $1.version) }.map(\.version)
    }

    /// Versions that something has been heard of by the boundary that is decided on.
    fileprivate var heardVersions: [String] {
        versions.keys.filter { version in
            newestPane(of: version) != nil || !isToCome(version)
                || versions[version]?.monitor.driftJudgedUntilMicroseconds != nil
        }
    }

    /// Whether a batch has brought panes of a version that are not decided on yet.
    fileprivate func isToCome(_ name: String) -> Bool {
        guard let version = versions[name] else { return false }
        return [
            version.drift.firstPane(after: decided.drift &- 1),
            version.performance.firstPane(after: decided.pairs &- 1),
            version.learner?.firstPane(after: decided.drift &- 1),
        ].contains { $0 != nil }
    }

    /// The newest pane of a version that is decided on.
    private func newestPane(of name: String) -> Int64? {
        guard let version = versions[name] else { return nil }
        return [
            version.drift.lastPane(before: decided.drift), version.performance.lastPane(before: decided.pairs),
            version.learner?.lastPane(before: decided.drift),
        ].compactMap(\.self).max()
    }
}
