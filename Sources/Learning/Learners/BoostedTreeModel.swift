public import Statistics
import Synchronization

/// A trained model. It may be used from any thread; predictions of different threads take turns.
public final class BoostedTreeModel: Sendable {
    private let header: ModelHeader
    let ensemble: TreeEnsemble
    /// Boosting rounds kept (fewer than asked for after early stopping; one of a forest).
    public var rounds: Int { ensemble.rounds }

    public var schema: FeatureSchema { header.schema }
    public var task: ModelTask { header.task }
    /// The name of the target column it was trained on.
    public var target: String { header.target }
    public var parameters: BoostingParameters { header.parameters }
    /// Binary: the label given to rows that are not positive.
    public var negativeLabel: String { header.negativeLabel }
    /// Rows it was trained on, and rows that were left out because they had no target.
    public var rows: Int { header.rows }
    public var rowsWithoutTarget: Int { header.rowsWithoutTarget }

    /// Loads a model from the bytes of `serialized()`.
    /// - Throws: `LearningError(.corruptModel)` if they are damaged, `.unsupportedModel` for another format version.
    public convenience init(serialized bytes: [UInt8]) throws(LearningError) {
        let parts = try ModelContainer.boostedTrees.unpack(bytes, header: ModelHeader.self)
        try self.init(header: parts.header, ubj: parts.payload)
    }

    init(header: ModelHeader, ubj: [UInt8]) throws(LearningError) {
        self.header = header
        ensemble = try TreeEnsemble(schema: header.schema, ubj: ubj, threads: header.parameters.threads)
    }

    /// One container: description, XGBoost's bytes, checksum (see `ModelContainer`). Equal models, equal bytes.
    public func serialized() throws(LearningError) -> [UInt8] {
        try ModelContainer.boostedTrees.pack(header: header, payload: ensemble.ubj)
    }

    /// XGBoost's own bytes (Universal Binary JSON), which Python's `xgboost.Booster` loads; categories are codes in
    /// the order of `schema`.
    public func boosterUBJ() -> [UInt8] { ensemble.ubj }

    /// Predicts every row; deterministic.
    ///
    /// Columns are found by name, others are ignored. An absent column, an unseen category, or a cell that cannot be
    /// read as the model's kind of column counts as missing (`Predictions.alignment` says how many).
    /// - Throws: `LearningError`: `.libraryFailure` if XGBoost refuses, `.corruptModel` if its answer does not fit the
    ///   model's description.
    public func predict(_ table: Table) throws(LearningError) -> Predictions {
        let (output, alignment) = try ensemble.predict(table, outputs: outputCount)
        let isRegression = task == .regression
        return Predictions(
            task: task, rowCount: table.rowCount, probabilities: isRegression ? [] : output,
            values: isRegression ? output : [], negativeLabel: negativeLabel, alignment: alignment)
    }

    /// Numbers per row.
    var outputCount: Int {
        if case .multiclass(let classes) = task { classes.count } else { 1 }
    }

    /// How much each feature helped, best first.
    public func featureImportance() throws(LearningError) -> [FeatureImportance] {
        let scores = try ensemble.booster.withLock { booster throws(LearningError) in
            (try booster.featureScores(type: "total_gain"), try booster.featureScores(type: "weight"))
        }
        let all = schema.names.map { name in
            FeatureImportance(name: name, totalGain: scores.0[name] ?? 0, splits: Int(scores.1[name] ?? 0))
        }
        return all.sorted { ($1.totalGain, $0.name) < ($0.totalGain, $1.name) }
    }

    /// Each feature's part of the total gain of all features; the sum is 1. A feature in no split has 0; `nil` for a
    /// model without any split.
    public func normalizedImportance() throws(LearningError) -> [String: Double]? {
        let gains = try featureImportance()
        let sum = gains.reduce(0) { $0 + $1.totalGain }
        guard sum > 0, sum.isFinite else { return nil }
        return Dictionary(uniqueKeysWithValues: gains.map { ($0.name, $0.totalGain / sum) })
    }
}

/// What a feature contributed to a model.
public struct FeatureImportance: Sendable, Equatable, Codable {
    public let name: String
    /// Loss removed by all splits on the feature, in units of the training loss.
    public let totalGain: Double
    /// Splits on the feature.
    public let splits: Int
    /// Loss removed by a split on the feature, on average: XGBoost's `gain`.
    public var gain: Double { splits == 0 ? 0 : totalGain / Double(splits) }
}
