import Learning
import Statistics

/// Ranked lists: rows of one query belong together, the score orders them, the label is their relevance.
struct RankingRows: MetricsRows {
    let usable: [Int]
    private let queries: [String?]
    private let relevance: [Double]
    private let scores: [Double]
    private let places: Int?

    init(_ table: MetricsTable) throws {
        let options = table.options
        guard let query = options.query else {
            throw MetricsError("a ranking needs --query: which column says what belongs to one list?")
        }
        guard let score = options.scores.first ?? options.prediction else {
            throw MetricsError("a ranking needs --score: which column orders the lists?")
        }
        queries = table.labels(try table.column(query, option: "--query"))
        let relevance = try table.numbers(options.label, option: "--label")
        let scores = try table.numbers(score, option: "--score")
        if let bad = relevance.first(where: { $0 < 0 }) {
            throw MetricsError("--label: a relevance of \(bad) is below 0")
        }
        let queries = queries
        usable = scores.indices.filter { queries[$0] != nil && relevance[$0].isFinite && !scores[$0].isNaN }
        (self.relevance, self.scores, places) = (relevance, scores, options.places)
    }

    func metrics(_ rows: [Int]) -> [MetricsReport.Named] {
        var summary = RankingSummary(places: places)
        let lists = Dictionary(grouping: rows) { queries[$0] ?? "" }
        for list in lists.values {
            summary.add(scores: list.map { scores[$0] }, relevance: list.map { relevance[$0] })
        }
        return [
            (places.map { "ndcg_at_\($0)" } ?? "ndcg", summary.ndcg), ("mrr", summary.meanReciprocalRank),
            ("map", summary.meanAveragePrecision),
        ]
    }

    func fill(_ report: inout MetricsReport) {}
}
