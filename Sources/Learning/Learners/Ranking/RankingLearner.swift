/// LambdaMART (Burges 2010) on XGBoost: trees that put the rows of a list in order, for search and recommendation.
///
/// The same table, problem and parameters give the same model, byte by byte.
public struct RankingLearner: Codable, Sendable, Equatable {
    /// What the pairs of a list are weighed by.
    public enum Objective: String, Codable, Sendable, CaseIterable {
        /// `rank:ndcg`: the change of NDCG when the two swap places; relevance in whole grades 0…31, which gain 2ⁿ − 1.
        case ndcg
        /// `rank:pairwise`: all pairs alike.
        case pairwise
        /// `rank:map`: the change of the average precision; relevance is 0 or not.
        case map
    }

    public var parameters: BoostingParameters
    public var objective: Objective
    /// How many places of a validation list count in early stopping, 1 or more.
    public var places: Int

    public init(
        parameters: BoostingParameters = BoostingParameters(), objective: Objective = .ndcg, places: Int = 10
    ) {
        self.parameters = parameters
        self.objective = objective
        self.places = places
    }

    /// Trains a model; blocks the calling thread until it is done, and can be cancelled between rounds.
    ///
    /// Rows without a group or a relevance are left out; features are read as by `BoostedTreeLearner`.
    /// - Parameter validation: lists watched for early stopping (NDCG, or the average precision of `.map`); needed if
    ///   `earlyStoppingRounds` is set.
    /// - Throws: `LearningError`: no rows, no features, an unknown column, a relevance below 0 or (NDCG) not a grade, no
    ///   list with rows of different relevance (`.oneClassTarget`), a parameter out of its range, or `.cancelled`.
    public func fit(
        _ table: Table, problem: RankingProblem, validation: Table? = nil, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> RankingModel {
        try validate()
        let names = try problem.featureNames(in: table)
        let lists = try RankedLists(table, problem: problem)
        guard lists.hasOrder else {
            throw LearningError(
                .oneClassTarget, "in none of \(lists.sizes.count) lists do rows differ in relevance",
                advice: "Check the group column: a list needs relevant and irrelevant rows.")
        }
        let learnable = table.rows(lists.rows)
        let schema = try FeatureSchema.fit(
            learnable, names: names, maximumCategories: parameters.maximumCategories)
        try LibraryCall.silence()
        let training = try rows(learnable, lists, schema)
        var watched: TrainingRows?
        if parameters.earlyStoppingRounds != nil, parameters.kind != .randomForest {
            guard let validation else {
                throw LearningError(
                    .invalidParameter, "early stopping is on, but there is no validation table",
                    advice: "Give a validation table, or leave earlyStoppingRounds unset.")
            }
            let lists = try RankedLists(validation, problem: problem)
            watched = try rows(validation.rows(lists.rows), lists, schema)
        }
        let growth = TreeGrowth(parameters: parameters, settings: try settings(schema), control: control)
        let ubj = try growth.model(on: training, watching: watched, schema: schema)
        let header = RankingHeader(
            schema: schema, problem: problem, learner: self, rows: lists.rows.count, lists: lists.sizes.count)
        return try RankingModel(header: header, ubj: ubj)
    }

    private func validate() throws(LearningError) {
        try parameters.validate()
        guard parameters.quantile == nil, parameters.earlyStoppingMetric == nil else {
            throw LearningError(
                .invalidParameter, "a ranking has neither a quantile nor another metric to stop at",
                advice: "Leave quantile and earlyStoppingMetric unset.")
        }
        guard places >= 1 else {
            throw LearningError(
                .invalidParameter, "\(places) places of a list count", advice: "Let at least one count.")
        }
    }

    private func settings(_ schema: FeatureSchema) throws(LearningError) -> TreeSettings {
        var values = parameters.libraryValues
        if let constraints = try parameters.monotoneConstraints(schema) {
            values.append(("monotone_constraints", constraints))
        }
        values += [
            ("objective", "rank:\(objective.rawValue)"), ("base_score", "0.5"),
            ("eval_metric", objective == .map ? "map@\(places)" : "ndcg@\(places)"),
        ]
        return TreeSettings(values: values, baseScore: 0.5, higherIsBetter: true)
    }

    private func rows(
        _ table: Table, _ lists: RankedLists, _ schema: FeatureSchema
    ) throws(LearningError) -> TrainingRows {
        if objective == .ndcg, let bad = lists.relevance.first(where: { $0 > 31 || $0 != $0.rounded() }) {
            throw LearningError(
                .invalidTarget, "a relevance is \(bad), but NDCG is learned from whole grades of 0 to 31",
                advice: "Turn relevance into a few grades, or learn pairwise.")
        }
        let labels = lists.relevance.map { objective == .map ? ($0 > 0 ? 1 : 0) : Float($0) }
        var counts = AlignmentCounts()
        let cells = FeatureEncoder(schema: schema).encode(table, rows: 0..<table.rowCount, counts: &counts)
        return try TrainingRows(
            cells: cells, labels: labels, groups: lists.sizes.map { UInt32($0) }, schema: schema,
            threads: parameters.threads)
    }
}
