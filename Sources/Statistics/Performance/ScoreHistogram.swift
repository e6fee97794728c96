/// How often each score was given to negatives and to positives: 2,048 uniform bins on [0, 1], from which ROC AUC is
/// computed. Scores in one bin are held for ties; what that can cost is reported.
struct ScoreHistogram: Sendable, Equatable {
    static let bins = 2_048

    /// Negatives in the first half, positives in the second; empty before the first score.
    private(set) var counts: [Int64] = []

    init() {}

    init?(counts: [Int64]) {
        guard counts.isEmpty || counts.count == 2 * Self.bins else { return nil }
        self.counts = counts
    }

    /// - Parameter score: in 0…1.
    mutating func add(_ score: Double, positive: Bool) {
        if counts.isEmpty { counts = Array(repeating: 0, count: 2 * Self.bins) }
        let bin = min(Int(score * Double(Self.bins)), Self.bins - 1)
        counts[positive ? Self.bins + bin : bin] += 1
    }

    mutating func merge(_ other: ScoreHistogram) {
        guard !other.counts.isEmpty else { return }
        guard !counts.isEmpty else {
            counts = other.counts
            return
        }
        for index in counts.indices { counts[index] = FixedPoint.saturatingSum(counts[index], other.counts[index]) }
    }

    /// ROC AUC = P(score of a positive > score of a negative) + ½ P(equal), with its tie-error bound: half the share of
    /// pairs whose scores fell into one bin. Confidence interval by DeLong, DeLong and Clarke-Pearson 1988, on the bins.
    func rocAUC() -> MetricValue {
        let negatives = counts.prefix(Self.bins).reduce(0, +)
        let positives = counts.dropFirst(Self.bins).reduce(0, +)
        let total = negatives + positives
        guard negatives > 0, positives > 0 else { return MetricValue(value: nil, count: total) }
        let (m, n) = (Double(positives), Double(negatives))
        var below = 0.0
        var above = m
        var tied = 0.0
        var wins = 0.0
        // Sums of the squared placement values of the positives and of the negatives.
        var squares = (positives: 0.0, negatives: 0.0)
        for bin in 0..<Self.bins {
            let negative = Double(counts[bin])
            let positive = Double(counts[Self.bins + bin])
            above -= positive
            let placement = (below + negative / 2) / n
            let inverse = (above + positive / 2) / m
            wins += positive * placement
            squares.positives += positive * placement * placement
            squares.negatives += negative * inverse * inverse
            tied += positive * negative / 2
            below += negative
        }
        let area = wins / m
        let variance =
            max(0, squares.positives / m - area * area) / max(1, m - 1)
            + max(0, squares.negatives / n - area * area) / max(1, n - 1)
        let margin = ConfidenceInterval.z95 * variance.squareRoot()
        return MetricValue(
            value: area, count: total, low: max(0, area - margin), high: min(1, area + margin),
            errorBound: tied / m / n)
    }
}
