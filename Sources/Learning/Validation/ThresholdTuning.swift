public import Statistics

/// The score from which on to decide for the positive class, by what decisions are worth.
public struct ThresholdTuning: Sendable, Equatable {
    /// Positive from this score on; infinite where it is best never to decide so.
    public let threshold: Double
    /// Mean value of a decision at that threshold, in the matrix's unit, with its interval. Found on the same rows as the
    /// threshold, so a little too good.
    public let value: MetricValue
    public let confusion: BinaryConfusion

    /// Tries every score that occurs; of equally good thresholds the highest.
    ///
    /// With calibrated scores it comes close to the one that follows from the matrix alone (Elkan 2001),
    /// (v_TN − v_FP) / (v_TN − v_FP + v_TP − v_FN).
    /// - Parameter costs: of two classes. - Precondition: it is, and there are equally many scores and labels.
    /// - Returns: `nil` without rows or with a score that is not a number.
    public init?(scores: [Double], labels: [Bool], costs: CostMatrix) {
        precondition(costs.classes == 2, "a threshold divides two classes")
        guard !scores.isEmpty, let curve = ScoreCurve(scores: scores, labels: labels) else { return nil }
        let positives = Int64(labels.count(where: \.self))
        var confusion = BinaryConfusion()
        confusion.falseNegatives = positives
        confusion.trueNegatives = Int64(labels.count) - positives
        var best = (threshold: Double.infinity, total: Self.total(confusion, costs), confusion: confusion)
        for index in curve.scores.indices.reversed() {
            let (hits, misses) = (Int64(curve.positives[index]), Int64(curve.negatives[index]))
            confusion.truePositives += hits
            confusion.falseNegatives -= hits
            confusion.falsePositives += misses
            confusion.trueNegatives -= misses
            let total = Self.total(confusion, costs)
            if total > best.total { best = (curve.scores[index], total, confusion) }
        }
        threshold = best.threshold
        self.confusion = best.confusion
        value = costs.value(of: best.confusion)
    }

    private static func total(_ confusion: BinaryConfusion, _ costs: CostMatrix) -> Double {
        zip(confusion.classes.counts, costs.values).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
}
