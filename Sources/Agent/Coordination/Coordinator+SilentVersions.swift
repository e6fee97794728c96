import Alerting
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
            transitions += alertBook.supersede(model: name, version: version, atMicroseconds: nowMicroseconds)
        }
        if model.champion == nil { silent.sorted().forEach(supersede) }
        let compared = [model.shadow?.promoted, model.shadow?.predecessor]
        for version in silent.filter({ !compared.contains($0) }).prefix(
            max(0, model.versions.count - model.settings.maximumVersions))
        {
            supersede(version)
            models[name]?.versions[version] = nil
            learned[ModelVersionKey(model: name, version: version)] = nil
        }
        return transitions
    }
}

extension WatchedModel {
    /// Versions that nothing has been heard of for a window, and longer than of others; the longest silent first.
    fileprivate var silentVersions: [String] {
        let newest = versions.mapValues { version in
            [version.drift.newestPane, version.performance.newestPane, version.learner?.newestPane]
                .compactMap(\.self).max() ?? .min
        }
        guard let latest = newest.values.max(), latest > .min else { return [] }
        return newest.filter { $0.key != champion && $0.value <= latest - settings.geometry.panesPerWindow }
            .sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
    }
}
