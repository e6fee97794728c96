import Alerting
import Windowing

extension Coordinator {
    /// Without a registry nobody says that a version has been replaced: it is when its own stream has been silent for a
    /// whole window while another version's goes on. Its alerts are over then. They would else stay open for good, and,
    /// as one alert speaks for a detector whatever the version, hide those of the version that is served now.
    func retireSilentVersions(of name: String) -> [AlertTransition] {
        guard let model = models[name], model.champion == nil, model.versions.count > 1 else { return [] }
        let geometry = model.settings.geometry
        let newest = model.versions.mapValues { version in
            [version.drift.newestPane, version.performance.newestPane, version.learner?.newestPane]
                .compactMap(\.self).max() ?? .min
        }
        guard let latest = newest.values.max(), latest > .min else { return [] }
        return newest.keys.sorted().flatMap { version -> [AlertTransition] in
            guard newest[version] ?? .min <= latest - geometry.panesPerWindow else { return [] }
            return alertBook.supersede(model: name, version: version, atMicroseconds: nowMicroseconds)
        }
    }
}
