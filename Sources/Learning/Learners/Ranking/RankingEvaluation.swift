public import Statistics

/// How well lists with known relevance were put in order.
public struct RankingEvaluation: Codable, Sendable, Equatable {
    /// NDCG@k, the mean reciprocal rank and the mean average precision with their intervals, and of how many lists.
    public let summary: RankingSummary
    /// Mean over the lists with something relevant of the average precision; `nil` without one.
    public var meanAveragePrecision: Double? { summary.meanAveragePrecision.value }

    /// Scores the lists of a table and compares with their relevance.
    /// - Parameter places: how many places of a list count for NDCG; `nil` for all.
    public static func evaluate(
        _ model: RankingModel, on table: Table, places: Int? = 10
    ) throws(LearningError) -> RankingEvaluation {
        try evaluate(scores: model.scores(table), of: table, problem: model.problem, places: places)
    }

    /// - Parameter scores: one per row of the table, whatever they come from.
    public static func evaluate(
        scores: [Double], of table: Table, problem: RankingProblem, places: Int? = 10
    ) throws(LearningError) -> RankingEvaluation {
        guard places ?? 1 >= 1, scores.count == table.rowCount else {
            throw LearningError(
                .invalidInput, "\(scores.count) scores of \(table.rowCount) rows, \(places ?? 1) places",
                advice: "Give one score per row, and let at least one place count.")
        }
        let lists = try RankedLists(table, problem: problem)
        var summary = RankingSummary(places: places)
        var start = 0
        for size in lists.sizes {
            let range = start..<(start + size)
            let listed = range.map { scores[lists.rows[$0]] }
            let relevance = Array(lists.relevance[range])
            summary.add(scores: listed, relevance: relevance)
            start += size
        }
        return RankingEvaluation(summary: summary)
    }
}
