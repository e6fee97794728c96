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
    private let ensemble: TreeEnsemble

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
    public func scores(_ table: Table) throws(LearningError) -> [Double] {
        try ensemble.predict(table, outputs: 1).values
    }
}
