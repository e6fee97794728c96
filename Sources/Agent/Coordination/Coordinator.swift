import Alerting
import Detection
import Learning
import Retraining
import Statistics
import Windowing

/// Merges the partitions' panes, judges windows, and decides what to do. Knows no threads, clocks, files or networks:
/// what it decides comes back as actions. Owned by one thread.
final class Coordinator {
    var models: [String: WatchedModel] = [:]
    var alertBook = AlertBook()
    let catalog: ReferenceCatalog
    /// Predicts rows with a registered version, for comparisons in shadow.
    let scorer: ShadowScoring
    /// Learned references, to be put in force again after a restart.
    var learned: [ModelVersionKey: ReferenceProfile] = [:]
    /// References that were learned before, as the ledger knows them: a version whose first events are no longer there, or
    /// are not replayed, learns none other.
    var references: [ModelVersionKey: KnownReference] = [:]
    let files: [String: ReferenceFile]
    private(set) var progress: [Int32: PartitionProgress] = [:]
    /// By partition, for good: also of those that belong to somebody else now.
    var reaches: [Int32: PartitionReach] = [:]
    /// By partition: how far it had been read when.
    var marks: [Int32: OffsetMarks] = [:]
    /// The topics of the sources; empty where they are files.
    let topics: [String]
    /// What was lost of the streams, the newest last.
    var gaps: [StreamGap] = []
    /// The boundary between panes that was decided on last, event time, microseconds; `Int64.min` before the first.
    var decidedMicroseconds: Int64 = .min

    typealias ShadowScoring = (_ model: String, _ version: String, _ rows: [LabelledRow]) throws -> Predictions

    /// - Parameter files: references that were read from tables, by model; in force already.
    init(
        configuration: AgentConfiguration, catalog: ReferenceCatalog, files: [String: ReferenceFile] = [:],
        scorer: @escaping ShadowScoring
    ) {
        self.catalog = catalog
        self.files = files
        self.scorer = scorer
        topics = configuration.sources.files.isEmpty ? configuration.sources.streams : []
        for model in configuration.models {
            models[model.name] = WatchedModel(
                configuration: model, settings: model.windowing(limits: configuration.limits))
        }
    }

    /// Partitions whose progress holds the windows back until they have been heard of.
    func expect(_ partitions: [Int32]) {
        for partition in partitions where progress[partition] == nil {
            progress[partition] = PartitionProgress(
                predictionWatermark: .min, outcomeWatermark: .min, newestMicroseconds: .min)
        }
    }

    /// Partitions that belong to somebody else now hold nothing back.
    func forget(_ partitions: [Int32]) {
        for partition in partitions { progress[partition] = nil }
    }

    // MARK: - The stages, in the order of `accept`

    /// Puts the closed panes where they belong.
    func collect(_ output: PartitionOutput) {
        progress[output.partition] = output.progress
        for pane in output.driftPanes { collect(pane) }
        for pane in output.labelPanes {
            models[pane.key.model]?.withVersion(pane.key, encoder: catalog.encoder(for: pane.key)) { version in
                version.labels.estimator?.add(pane.labelled, pane: pane.pane, partition: pane.partition)
            }
        }
        for pane in output.performancePanes {
            let isNew =
                models[pane.key.model]?.withVersion(pane.key, encoder: catalog.encoder(for: pane.key)) { version in
                    version.labels.add(pane)
                    version.performanceSegments.add(pane.segments, pane: pane.pane, partition: pane.partition)
                    return version.performance.add(pane.summary, pane: pane.pane, partition: pane.partition)
                } ?? false
            if isNew { models[pane.key.model]?.keep(arriving: pane.rows) }
        }
    }

    private func collect(_ pane: ClosedDriftPane) {
        guard let settings = models[pane.key.model]?.settings else { return }
        models[pane.key.model]?.withVersion(pane.key, encoder: catalog.encoder(for: pane.key)) { version in
            guard pane.pane > version.learnedThrough ?? .min else { return }
            version.heard.insert(pane.pane)
            version.labels.add(pane)
            version.collectRows(of: pane)
            switch (pane.content, version.encoder) {
            case (.summary(let summary), _):
                version.drift.add(summary, pane: pane.pane, partition: pane.partition)
                version.driftSegments.add(pane.segments, pane: pane.pane, partition: pane.partition)
            case (.learning(let events, let rows), let encoder?):
                let counted = LearnedPanes.count(
                    rows, duplicates: pane.duplicates, on: encoder, task: settings.task, segments: settings.segments)
                version.driftSegments.add(counted.segments, pane: pane.pane, partition: pane.partition)
                guard version.drift.add(counted.summary, pane: pane.pane, partition: pane.partition) else { return }
                version.sampled.note(pane.pane, partition: pane.partition, counted: rows.count, of: events)
            case (.learning(let events, let rows), nil):
                let isNew = version.learner?.add(
                    pane.pane, partition: pane.partition, events: events, duplicates: pane.duplicates, rows: rows)
                guard isNew == true else { return }
                version.sampled.note(pane.pane, partition: pane.partition, counted: rows.count, of: events)
            }
        }
    }

    /// Gives versions their reference once they have seen enough.
    func learnReferences(of name: String) -> [CoordinatorAction] {
        guard let model = models[name] else { return [] }
        let boundary = model.decided.drift
        var actions: [CoordinatorAction] = []
        for var version in model.versions.values.sorted(by: { $0.key < $1.key }) {
            guard let learner = version.learner else { continue }
            if let encoder = catalog.encoder(for: version.key) {
                version.adopt(encoder, panesAfter: .min, settings: model.settings)
            } else if let (profile, lastPane, learner) = learned(learner, of: version.key, before: boundary) {
                let encoder = ReferenceEncoder(profile)
                catalog.set(encoder, for: version.key)
                learned[version.key] = profile
                version.learnedThrough = lastPane
                version.forgetCountedPanes(through: lastPane)
                version.adopt(encoder, panesAfter: lastPane, settings: model.settings)
                if let learner {
                    version.prepareIntervals(geometry: model.settings.geometry) {
                        learner.ownSummaries(through: lastPane, on: encoder, task: model.settings.task)
                    }
                    version.watchSegments(on: encoder, settings: model.settings, task: model.settings.task) {
                        learner.ownRows(through: lastPane)
                    }
                }
                actions.append(
                    .referenceLearned(
                        version.key, events: profile.rows, endMicroseconds: model.settings.geometry.end(of: lastPane)))
            }
            models[name]?.versions[version.key.version] = version
        }
        return actions
    }

    /// What a version learns by a boundary: what the ledger says that it learned, from there on where it says so, else what its
    /// first events give. The learner is `nil` where it has not got the rows that the reference was learned from.
    private func learned(
        _ learner: ReferenceLearner, of key: ModelVersionKey, before boundary: Int64
    ) -> (profile: ReferenceProfile, lastPane: Int64, learner: ReferenceLearner?)? {
        guard let model = models[key.model] else { return nil }
        let known = references[key]
        if let known, model.panes(of: known.position).drift > boundary { return nil }
        let own = learner.learned(closedBefore: boundary, task: model.settings.task)
        guard let known, known.profile.id != own?.profile.id else {
            return own.map { (profile: $0.profile, lastPane: $0.lastPane, learner: learner) }
        }
        let lastPane = model.settings.geometry.closedBefore(watermark: known.throughMicroseconds)
        return (profile: known.profile, lastPane: lastPane - 1, learner: nil)
    }

    /// Judges the windows that end with the boundary that is decided on, of the version that is judged.
    func judge(_ name: String) -> [JudgedWindow] {
        guard let model = models[name] else { return [] }
        let geometry = model.settings.geometry
        let (drift, pairs) = (model.decided.drift, model.decided.pairs)
        var windows: [JudgedWindow] = []
        let judged = model.versions.keys.sorted().filter(model.isJudged)
        let share = model.budgetShare(at: drift)
        let pairShare = model.budgetShare(at: pairs)
        for key in judged {
            let shares =
                models[name]?.versions[key]?.budgetShares(
                    predictions: model.columnShare * share, pairs: model.columnShare * pairShare)
                ?? (columns: 1, outcome: 1)
            watchSegments(ofTable: name, version: key)
            // Before the sliding windows, which forget the panes that they no longer need.
            windows +=
                models[name]?.versions[key]?.judgeOutcomes(
                    closedBefore: pairs, geometry: geometry, table: files[name]?.outcomes, share: shares.outcome) ?? []
            windows +=
                models[name]?.versions[key]?.judgeIntervals(
                    closedBefore: drift, geometry: geometry, chunks: files[name]?.chunks,
                    share: shares.columns) ?? []
            windows +=
                models[name]?.versions[key]?.judgeRows(
                    closedBefore: drift, geometry: geometry, file: files[name]?.rows,
                    share: share) ?? []
            windows +=
                models[name]?.versions[key]?.judgeEstimates(drift: drift, pairs: pairs, geometry: geometry) ?? []
            windows += models[name]?.versions[key]?.judgeDrift(closedBefore: drift, geometry: geometry) ?? []
            windows += models[name]?.versions[key]?.judgePerformance(closedBefore: pairs, geometry: geometry) ?? []
        }
        for key in model.versions.keys where !model.isJudged(key) {
            models[name]?.versions[key]?.forgetPanes(
                driftClosedBefore: drift, pairsClosedBefore: pairs, geometry: geometry)
        }
        windows.sort { $0.endMicroseconds < $1.endMicroseconds }
        for index in windows.indices {
            mark(&windows[index])
            models[name]?.take(&windows[index])
        }
        models[name]?.rememberDriftedShare(of: windows, atMicroseconds: decidedMicroseconds)
        return windows
    }

    /// Opens and closes alerts.
    func alert(_ windows: [JudgedWindow], at step: DecisionStep) -> [CoordinatorAction] {
        var transitions = retireSilentVersions(at: step)
        for window in windows {
            transitions += recallAlerts(before: window)
            transitions += alertBook.observe(window.verdicts)
        }
        return transitions.map(CoordinatorAction.alert)
    }

    /// Event time as the coordinator sees it: the newest time of any partition.
    var nowMicroseconds: Int64 { progress.values.map(\.newestMicroseconds).max() ?? .min }
}
