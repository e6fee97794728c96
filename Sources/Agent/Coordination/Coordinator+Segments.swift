import Detection
import Statistics
import Windowing

extension Coordinator {
    /// Gives a version that is compared with a table the table's segments; nothing happens where it has them.
    func watchSegments(ofTable name: String, version: String) {
        guard let segments = files[name]?.segments,
            models[name]?.versions[version]?.encoder?.profile.id == segments.reference,
            models[name]?.versions[version]?.monitor.segmentReference != segments.reference
        else { return }
        models[name]?.versions[version]?.monitor.watch(segments)
    }

    /// After a restart: segments are those of the configuration. A table is read anew at each start, so what changed is
    /// there at once; the rows of other references are gone.
    func restoreSegments() {
        for (name, model) in models {
            for (version, watched) in model.versions {
                models[name]?.versions[version]?.monitor.keepSegments(of: model.settings.segments)
                guard let segments = files[name]?.segments, watched.encoder?.profile.id == segments.reference else {
                    continue
                }
                models[name]?.versions[version]?.monitor.watch(segments)
            }
        }
    }

    /// Whether drift of a version's segments ought to be judged and cannot be.
    func lacksSegments(_ key: ModelVersionKey) -> Bool {
        guard let model = models[key.model], model.settings.segments.countsDrift,
            let version = model.versions[key.version], let encoder = version.encoder
        else { return false }
        return version.monitor.segmentReference != encoder.profile.id
    }
}
