import Alerting
import Detection
import Registry
import Retraining
import Statistics
import Windowing

extension Coordinator {
    /// Makes a version the one that is judged, after the registry has made it the champion.
    ///
    /// The old version's alerts are over, because nobody acts on its predictions any more. If it goes on in shadow, the
    /// new champion is on probation: every labelled row that it scores is scored by its predecessor too.
    ///
    /// - Parameters:
    ///   - reference: the reference of the version's own training data; `nil` lets it learn one.
    ///   - trainedOn: first and last event time of that data.
    ///   - importance: how much each feature matters to it; `nil` where it does not tell.
    ///   - predecessor: the version in shadow; `nil` where there is none, and after a rollback.
    func crown(
        _ version: String, of name: String, reference: ReferenceProfile?, trainedOn: ClosedRange<Int64>,
        importance: [String: Double]?, predecessor: String?
    ) -> [CoordinatorAction] {
        guard let model = models[name], model.champion != version else { return [] }
        let key = ModelVersionKey(model: name, version: version)
        if let reference { catalog.set(ReferenceEncoder(reference), for: key) }
        var actions: [CoordinatorAction] = []
        for old in model.versions.keys.sorted() where old != version {
            // Not the newest event: how far that is depends on how the streams were read.
            let seen = alertBook.openAlerts(of: name).filter { $0.version == old }.map(\.verdict.windowEnd)
            let end = seen.reduce(model.position.moment ?? .min, max)
            actions += alertBook.supersede(model: name, version: old, atMicroseconds: end)
                .map(CoordinatorAction.alert)
        }
        let rollback = model.configuration.rollback
        models[name]?.crown(version)
        models[name]?.importance = importance
        // New windows, new evidence: also for a version that serves again after a rollback.
        models[name]?.versions[version]?.restart(
            rules: model.rules, quality: model.qualityMonitor(of: key), at: model.decided,
            geometry: model.settings.geometry)
        if reference != nil, let encoder = catalog.encoder(for: key) {
            // The rows that it was trained on are still here, if that was lately. Newer ones are of another time, and
            // say nothing about how the reference's own rows depend on each other.
            let trained = model.buffer.rows.filter { trainedOn.contains($0.predictionMicroseconds) }
            models[name]?.withVersion(key, encoder: encoder) { version in
                version.outcomes?.learn(
                    OutcomeHistory(trained, task: model.settings.task, geometry: model.settings.geometry),
                    paneMicroseconds: model.settings.geometry.slideMicroseconds,
                    beside: encoder.profile.columns.map(\.name))
                version.prepareIntervals(geometry: model.settings.geometry) {
                    LearnedPanes.summaries(of: trained, on: encoder, geometry: model.settings.geometry)
                }
                version.prepareRows(trained)
                version.watchSegments(on: encoder, settings: model.settings, task: nil) {
                    trained.map(RetainedPrediction.init)
                }
            }
            if lacksSegments(key) {
                actions.append(
                    .problem(
                        "\(key): its training rows are no longer here, so drift is not judged by segment until another "
                            + "version is champion"))
            }
        }
        models[name]?.shadow =
            predecessor == nil || !rollback.isEnabled
            ? nil
            : ShadowComparison(
                model: name, promoted: version, predecessor: predecessor ?? "",
                settings: model.configuration.shadowSettings,
                startMicroseconds: model.position.moment ?? .min)
        return actions
    }

    /// Compares the champion with its predecessor on the rows that have just got their labels.
    func compare(_ rows: [LabelledRow], of name: String) -> [CoordinatorAction] {
        guard var shadow = models[name]?.shadow else { return [] }
        let own = rows.filter { $0.version == shadow.promoted }
        if !own.isEmpty {
            do {
                try shadow.add(own, task: models[name]?.settings.task ?? .regression, scorer: scorer)
            } catch {
                models[name]?.shadow = nil
                return [
                    .problem("\(name): the predecessor cannot score in shadow, so no rollback can follow: \(error)")
                ]
            }
        }
        models[name]?.shadow = shadow
        switch shadow.decide(nowMicroseconds: decidedMicroseconds) {
        case .proceed: return []
        case .keep(let text):
            models[name]?.shadow = nil
            return [.probationPassed(model: name, version: shadow.promoted, text: text)]
        case .rollBack(let text):
            models[name]?.shadow = nil
            return [.rollBack(model: name, version: shadow.promoted, reason: text)]
        }
    }
}
