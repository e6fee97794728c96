import Synchronization

/// What a serialised ranking model says about itself.
struct RankingHeader: Codable, Sendable {
    var schema: FeatureSchema
    var problem: RankingProblem
    var learner: RankingLearner
    var rows: Int
    var lists: Int
}

/// A trained ranking. It may be used from any thread.
public final class RankingModel: Sendable {
    private let header: RankingHeader
    let ensemble: TreeEnsemble

    public var problem: RankingProblem { header.problem }
    public var learner: RankingLearner { header.learner }
    public var schema: FeatureSchema { header.schema }
    public var featureNames: [String] { header.schema.names }
    /// Rows and lists it was trained on.
    public var rows: Int { header.rows }
    public var lists: Int { header.lists }
    /// Boosting rounds kept.
    public var rounds: Int { ensemble.rounds }

    /// Loads a model from the bytes of `serialized()`.
    /// - Throws: `LearningError(.corruptModel)` if they are damaged, `.unsupportedModel` for another format version.
    public convenience init(serialized bytes: [UInt8]) throws(LearningError) {
        let parts = try ModelContainer.ranking.unpack(bytes, header: RankingHeader.self)
        try self.init(header: parts.header, ubj: parts.payload)
    }

    init(header: RankingHeader, ubj: [UInt8]) throws(LearningError) {
        self.header = header
        ensemble = try TreeEnsemble(schema: header.schema, ubj: ubj, threads: header.learner.parameters.threads)
    }

    /// The container of `ModelContainer` under the letters TIDERANK. Equal models, equal bytes.
    public func serialized() throws(LearningError) -> [UInt8] {
        try ModelContainer.ranking.pack(header: header, payload: ensemble.ubj)
    }

    /// XGBoost's own bytes, which Python's `xgboost.Booster` loads.
    public func boosterUBJ() -> [UInt8] { ensemble.ubj }

    /// One score per row: within a list, higher comes first. Scores of different lists cannot be compared.
    ///
    /// Columns are found by name and read as by `BoostedTreeModel.predict`.
    public func scores(_ table: Table) throws(LearningError) -> [Double] { try score(table).scores }

    /// As `scores`, and which cells did not fit the model and were taken as missing.
    public func score(_ table: Table) throws(LearningError) -> (scores: [Double], alignment: AlignmentCounts) {
        let (values, alignment) = try ensemble.predict(table, outputs: 1)
        return (values, alignment)
    }

    /// Each feature's part of the total gain of all features; the sum is 1. `nil` for a model without any split.
    public func normalizedImportance() throws(LearningError) -> [String: Double]? {
        let gains = try ensemble.booster.withLock { booster throws(LearningError) in
            try booster.featureScores(type: "total_gain")
        }
        let sum = gains.values.sorted().reduce(0, +)
        guard sum > 0, sum.isFinite else { return nil }
        return Dictionary(uniqueKeysWithValues: featureNames.map { ($0, (gains[$0] ?? 0) / sum) })
    }
}
