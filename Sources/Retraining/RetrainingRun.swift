import Events
import Foundation
public import Learning
public import Registry
public import Statistics
public import Windowing

/// How a run trains and what its challenger has to achieve.
public struct RetrainingSettings: Sendable {
    public var task: ModelTask
    /// The newest share of the rows, which nothing is trained on.
    public var holdout: Double
    /// What champion and challenger are compared by.
    public var metric: PerformanceMetric
    /// By how much the challenger must be better, in the metric's own unit.
    public var minimumGain: Double
    public var parameters: BoostingParameters

    public init(
        task: ModelTask, holdout: Double, metric: PerformanceMetric, minimumGain: Double,
        parameters: BoostingParameters
    ) {
        self.task = task
        self.holdout = holdout
        self.metric = metric
        self.minimumGain = minimumGain
        self.parameters = parameters
    }
}

/// How a run ended.
public enum RetrainingOutcome: Sendable, Equatable {
    /// The challenger is better and registered; `champion` is `nil` where there was none to beat.
    case accepted(VersionRecord, champion: Double?, challenger: Double)
    /// The challenger is no better; it is registered as rejected, so that the lineage is complete.
    case rejected(VersionRecord, champion: Double?, challenger: Double?)
    /// Nothing was trained; the text says why.
    case failed(String)
}

/// One retraining: train on the older rows, test champion and challenger on the same newest rows, register.
///
/// What is registered is what was tested; nothing is refitted on the hold-out afterwards. The reference profile of the
/// new version is that of all rows of the run: the world in which it was made and tested. What the version says is known
/// of the hold-out alone; of rows that it was trained on it is surer than it will ever be again.
public struct RetrainingRun: Sendable {
    private let settings: RetrainingSettings
    private let registry: ModelRegistry

    public init(settings: RetrainingSettings, registry: ModelRegistry) {
        self.settings = settings
        self.registry = registry
    }

    /// Runs; what goes wrong with data or training is an outcome, not an error.
    ///
    /// - Parameters:
    ///   - rows: labelled rows in the order of prediction time.
    ///   - champion: the version to beat; `nil` where the registry has none, and then the logged predictions are.
    ///   - stretches: where in the log the rows lie.
    public func execute(
        model: String, rows: [LabelledRow], champion: String?, trigger: String, now: Int64, stretches: [LogStretch] = []
    ) -> RetrainingOutcome {
        do {
            return try train(
                model: model, rows: Self.unique(rows), champion: champion, trigger: trigger, now: now,
                stretches: stretches)
        } catch {
            return .failed("\(error)")
        }
    }

    private func train(
        model: String, rows: [LabelledRow], champion: String?, trigger: String, now: Int64, stretches: [LogStretch]
    ) throws -> RetrainingOutcome {
        let table = try TableBuilder.table(rows: rows)
        let split = TimeSplit.newest(settings.holdout, of: table.rowCount)
        let holdout = table.rows(split.holdout)
        let challenger = try BoostedTreeLearner(parameters: settings.parameters).fit(
            table.rows(split.train), target: TableBuilder.target, task: settings.task)
        let tested = try Evaluation.evaluate(challenger, on: holdout, target: TableBuilder.target)
        let said = try challenger.predict(holdout.dropping([TableBuilder.target]))
        let incumbent = try evaluate(champion, of: model, on: holdout, rows: Array(rows[split.holdout]))
        let challengerValue = tested[settings.metric]
        let championValue = incumbent?[settings.metric]
        let isBetter = beats(challengerValue, championValue)
        let profile = Self.reference(of: rows, holdout: Array(rows[split.holdout]), said: said)
        let encoder = JSONEncoder()
        // The digest is part of the version's identity: the same profile must be the same bytes.
        encoder.outputFormatting = .sortedKeys
        let reference = Array(try encoder.encode(profile))
        let record = try registry.register(
            model: model, artifact: try challenger.serialized(), reference: reference,
            lineage: lineage(
                trigger: trigger, parent: champion, rows: rows, trained: split.train.count, challenger: tested,
                champion: incumbent, anchor: try anchorDistance(of: rows, model: model, reference: reference),
                importance: try challenger.normalizedImportance()),
            state: isBetter ? .registered : .rejected,
            reason: isBetter
                ? trigger
                : "no better than \(champion.map { "v\($0)" } ?? "the version in production") on the same rows",
            numberAbove: rows.compactMap { Int64($0.version) }.filter { $0 <= ModelRegistry.largestForeignNumber }.max()
                ?? 0, stretches: stretches, now: now)
        guard isBetter, let challengerValue else {
            return .rejected(record, champion: championValue, challenger: challengerValue)
        }
        return .accepted(record, champion: championValue, challenger: challengerValue)
    }

    /// One id scored by two versions is one row.
    private static func unique(_ rows: [LabelledRow]) -> [LabelledRow] {
        var seen: Set<EventIdentifier> = []
        return rows.filter { seen.insert($0.identifier).inserted }
    }

    /// The champion on the hold-out: its artifact on the rows' features, or what was logged where there is no artifact.
    private func evaluate(
        _ champion: String?, of model: String, on holdout: Table, rows: [LabelledRow]
    ) throws -> Evaluation? {
        if let champion {
            let record = try registry.version(champion, of: model)
            if record.artifactDigest != nil {
                let loaded = try ModelArtifact.load(try registry.artifact(of: record))
                let labels = holdout[TableBuilder.target]
                return try labels.map {
                    try Evaluation.evaluate(try loaded.predict(holdout.dropping([TableBuilder.target])), labels: $0)
                }
            }
        }
        guard let labels = holdout[TableBuilder.target] else { return nil }
        return try Evaluation.evaluate(
            LoggedPrediction.predictions(of: rows, task: settings.task, metric: settings.metric), labels: labels)
    }

    private func beats(_ challenger: Double?, _ champion: Double?) -> Bool {
        guard let challenger else { return false }
        guard let champion else { return true }
        let gain = settings.metric.higherIsBetter ? challenger - champion : champion - challenger
        return gain > 0 && gain >= settings.minimumGain
    }

    private func lineage(
        trigger: String, parent: String?, rows: [LabelledRow], trained: Int, challenger: Evaluation,
        champion: Evaluation?, anchor: AnchorDistance?, importance: [String: Double]?
    ) -> Lineage {
        var metrics = challenger.metrics
        for metric in champion?.metrics ?? [:] { metrics["champion." + metric.key] = metric.value }
        let parameters = settings.parameters
        return Lineage(
            trigger: trigger, parent: parent, dataFromMicroseconds: rows.first?.predictionMicroseconds ?? 0,
            dataToMicroseconds: rows.last?.predictionMicroseconds ?? 0, rows: trained,
            parameters: [
                "rounds": "\(parameters.rounds)", "learning_rate": "\(parameters.learningRate)",
                "maximum_depth": "\(parameters.maximumDepth)", "subsample": "\(parameters.subsample)",
                "column_sample": "\(parameters.columnSample)", "lambda": "\(parameters.lambda)",
                "minimum_child_weight": "\(parameters.minimumChildWeight)", "seed": "\(parameters.seed)",
                "holdout": "\(settings.holdout)",
            ], metrics: metrics, anchor: anchor, importance: importance)
    }

    /// How far the run's rows are from the model's first reference; `nil` where it has none, or where the run's own is it.
    private func anchorDistance(
        of rows: [LabelledRow], model: String, reference: [UInt8]
    ) throws -> AnchorDistance? {
        guard let anchor = try registry.anchor(of: model), anchor.profile != reference else { return nil }
        let profile = try JSONDecoder().decode(ReferenceProfile.self, from: Data(anchor.profile))
        let summary = LearnedPanes.summary(of: rows, on: ReferenceEncoder(profile))
        var columns: [String: Double] = [:]
        for (reference, window) in zip(profile.columns, summary.columns) {
            columns[reference.name] = ColumnComparison(reference: reference, window: window).psiExcess().value
        }
        return AnchorDistance(version: anchor.version, columns: columns)
    }
}
