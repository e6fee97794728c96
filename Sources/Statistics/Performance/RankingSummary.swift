import Foundation

/// How well lists were ranked: NDCG@k, the mean reciprocal rank and the mean average precision over queries, as sums in units
/// of 2⁻³⁰ that merge in any order.
public struct RankingSummary: Sendable, Equatable, Codable {
    /// How many places of each list count for NDCG; `nil` for all.
    public let places: Int?
    /// Queries with something relevant in their list; NDCG and the reciprocal rank say nothing of the others.
    public private(set) var queries: Int64 = 0
    /// Queries without anything relevant.
    public private(set) var queriesWithoutRelevance: Int64 = 0
    private var gain: Int64 = 0
    private var gainSquares: Int64 = 0
    private var reciprocal: Int64 = 0
    private var reciprocalSquares: Int64 = 0
    private var precision: Int64 = 0
    private var precisionSquares: Int64 = 0

    private static let unit: Double = 0x1p30

    /// - Precondition: `places` is at least 1.
    public init(places: Int? = nil) {
        precondition(places ?? 1 >= 1, "at least one place counts")
        self.places = places
    }

    /// One query's list.
    /// - Parameters:
    ///   - scores: in any order; equal scores share their places' mean discount, as in scikit-learn.
    ///   - relevance: of the same items, 0 or more.
    public mutating func add(scores: [Double], relevance: [Double]) {
        guard let found = Self.normalizedGain(scores: scores, relevance: relevance, places: places),
            let rank = Self.reciprocalRank(scores: scores, relevance: relevance),
            let average = Self.averagePrecision(scores: scores, relevance: relevance)
        else {
            queriesWithoutRelevance += 1
            return
        }
        queries += 1
        gain += FixedPoint.rounded(found * Self.unit)
        gainSquares += FixedPoint.rounded(found * found * Self.unit)
        reciprocal += FixedPoint.rounded(rank * Self.unit)
        reciprocalSquares += FixedPoint.rounded(rank * rank * Self.unit)
        precision += FixedPoint.rounded(average * Self.unit)
        precisionSquares += FixedPoint.rounded(average * average * Self.unit)
    }

    /// - Precondition: the same number of places.
    public mutating func merge(_ other: RankingSummary) {
        precondition(places == other.places, "rankings of different lengths cannot be added")
        queries = FixedPoint.saturatingSum(queries, other.queries)
        queriesWithoutRelevance = FixedPoint.saturatingSum(queriesWithoutRelevance, other.queriesWithoutRelevance)
        gain = FixedPoint.saturatingSum(gain, other.gain)
        gainSquares = FixedPoint.saturatingSum(gainSquares, other.gainSquares)
        reciprocal = FixedPoint.saturatingSum(reciprocal, other.reciprocal)
        reciprocalSquares = FixedPoint.saturatingSum(reciprocalSquares, other.reciprocalSquares)
        precision = FixedPoint.saturatingSum(precision, other.precision)
        precisionSquares = FixedPoint.saturatingSum(precisionSquares, other.precisionSquares)
    }

    /// Mean NDCG@k over the queries; interval: Wilson's at the effective sample size of a mean in 0…1.
    public var ndcg: MetricValue { mean(gain, gainSquares) }

    /// Mean reciprocal rank of the first relevant item; interval as of `ndcg`.
    public var meanReciprocalRank: MetricValue { mean(reciprocal, reciprocalSquares) }

    /// Mean over the queries of the average precision; interval as of `ndcg`.
    public var meanAveragePrecision: MetricValue { mean(precision, precisionSquares) }

    private func mean(_ sum: Int64, _ squares: Int64) -> MetricValue {
        guard queries > 0 else { return MetricValue(value: nil, count: 0) }
        let n = Double(queries)
        let value = Double(sum) / Self.unit / n
        let variance = max(0, Double(squares) / Self.unit / n - value * value) / max(1, n - 1)
        // Differences below the rounding are no spread.
        return MetricValue(
            value, count: queries,
            bounds: ConfidenceInterval.bounded(
                min(1, value), variance: variance < 1e-15 ? 0 : variance, count: n),
            errorBound: 0.5 / Self.unit)
    }

    /// Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002): Σ relevance/log₂(1 + place) over the first k
    /// places, over that of the best order. `nil` where nothing is relevant.
    ///
    /// Relevance 3, 2, 0, 1 in the order of the scores: 4.693 of 4.762 = 0.985.
    public static func normalizedGain(scores: [Double], relevance: [Double], places: Int? = nil) -> Double? {
        precondition(scores.count == relevance.count, "one relevance per score")
        let best = discountedGain(scores: relevance, relevance: relevance, places: places)
        guard best > 0 else { return nil }
        return min(1, discountedGain(scores: scores, relevance: relevance, places: places) / best)
    }

    /// 1 / place of the first relevant item, equal scores counting as placed behind; `nil` where nothing is relevant.
    public static func reciprocalRank(scores: [Double], relevance: [Double]) -> Double? {
        precondition(scores.count == relevance.count, "one relevance per score")
        let hits = scores.indices.filter { relevance[$0] > 0 }
        guard let best = hits.map({ scores[$0] }).max() else { return nil }
        let above = scores.count { $0 > best }
        let tied = scores.indices.count { scores[$0] == best && relevance[$0] <= 0 }
        return 1 / Double(above + tied + 1)
    }

    /// The mean over a list's relevant items of the share of relevant items among those scored no lower; `nil` where nothing
    /// is relevant.
    ///
    /// Relevant items in the first and third place: (1 + 2/3) / 2 = 0.833.
    public static func averagePrecision(scores: [Double], relevance: [Double]) -> Double? {
        precondition(scores.count == relevance.count, "one relevance per score")
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

    private static func discountedGain(scores: [Double], relevance: [Double], places: Int?) -> Double {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var total = 0.0
        var start = 0
        while start < order.count {
            var end = start
            var (gains, discounts) = (0.0, 0.0)
            while end < order.count, scores[order[end]] == scores[order[start]] {
                gains += relevance[order[end]]
                if end < places ?? order.count { discounts += 1 / log2(Double(end) + 2) }
                end += 1
            }
            total += gains * discounts / Double(end - start)
            start = end
        }
        return total
    }
}
