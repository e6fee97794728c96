import Statistics

/// What rankings are compared by.
public enum RankingMetric: String, Codable, Sendable, CaseIterable, TuningMetric {
    case ndcg, mrr, map

    public var higherIsBetter: Bool { true }

    /// The metric of an evaluation; `nil` where no list has something relevant.
    public func value(in evaluation: RankingEvaluation) -> Double? {
        let summary = evaluation.summary
        return switch self {
        case .ndcg: summary.ndcg.value
        case .mrr: summary.meanReciprocalRank.value
        case .map: summary.meanAveragePrecision.value
        }
    }
}
