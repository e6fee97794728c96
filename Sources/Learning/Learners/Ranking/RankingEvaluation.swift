public import Statistics

/// How well lists with known relevance were put in order.
public struct RankingEvaluation: Codable, Sendable, Equatable {
    /// NDCG@k and the mean reciprocal rank, with their intervals, and how many lists they are of.
    public let summary: RankingSummary
    /// Mean over the lists with something relevant of the average precision; `nil` without one.
    public let meanAveragePrecision: Double?

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
        var precision = 0.0
        var start = 0
        for size in lists.sizes {
            let range = start..<(start + size)
            let listed = range.map { scores[lists.rows[$0]] }
            let relevance = Array(lists.relevance[range])
            summary.add(scores: listed, relevance: relevance)
            precision += averagePrecision(scores: listed, relevance: relevance) ?? 0
            start += size
        }
        return RankingEvaluation(
            summary: summary, meanAveragePrecision: summary.queries == 0 ? nil : precision / Double(summary.queries))
    }

    /// The mean over a list's relevant rows of the share of relevant rows among those scored no lower; `nil` where nothing
    /// is relevant.
    ///
    /// Relevant rows in the first and third place: (1 + 2/3) / 2 = 0.833.
    static func averagePrecision(scores: [Double], relevance: [Double]) -> Double? {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var (hits, sum) = (0, 0.0)
        var start = 0
        while start < order.count {
            var end = start
            var tied = 0
            while end < order.count, scores[order[end]] == scores[order[start]] {
                if relevance[order[end]] > 0 { tied += 1 }
                end += 1
            }
            hits += tied
            sum += Double(tied) * Double(hits) / Double(end)
            start = end
        }
        return hits == 0 ? nil : sum / Double(hits)
    }
}
