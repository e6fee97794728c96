import Detection
import Statistics
import Windowing

/// What a restart under other settings means for what was learned from references.
extension Coordinator {
    /// Learns anew from tables, which are read at each start, and says of which versions what was learned is lost.
    func relearnReferences() -> [String] {
        var told: [String] = []
        for name in models.keys.sorted() {
            guard let model = models[name], model.rules.calibrated != nil else { continue }
            for version in model.versions.keys.sorted() where model.isJudged(version) {
                guard let watched = model.versions[version], let encoder = watched.encoder else { continue }
                let file = files[name].flatMap { $0.encoder.profile.id == encoder.profile.id ? $0 : nil }
                if let chunks = file?.chunks {
                    if models[name]?.versions[version]?.monitor.relearn(reference: encoder.profile, chunks: chunks)
                        == true
                    {
                        told.append(
                            "\(watched.key): reference.time says other times than at the last start, so what the "
                                + "reference's rows show of dependence and seasons was learned anew, and drift evidence "
                                + "starts afresh")
                    }
                } else if watched.monitor.hasForgottenReference {
                    told.append(
                        "\(watched.key): window or drift settings have changed, and the rows of its reference are no longer "
                            + "here to learn from: what they showed of dependence and seasons is lost until it has another "
                            + "reference. Take the settings back to keep it, or give the rows by reference.file with "
                            + "reference.time")
                }
                if let table = file?.outcomes {
                    models[name]?.versions[version]?.outcomes?.relearn(
                        table, paneMicroseconds: model.settings.geometry.slideMicroseconds,
                        beside: encoder.profile.columns.map(\.name))
                }
            }
        }
        return told
    }
}
