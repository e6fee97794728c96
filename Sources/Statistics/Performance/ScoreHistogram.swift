/// How often each score was given to negatives and to positives: 2,048 uniform bins on [0, 1], from which ROC AUC and
/// average precision are computed. Scores in one bin are held for ties; what that can cost is reported.
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

    /// The bins as tied scores.
    var curve: ScoreCurve {
        ScoreCurve(
            positives: counts.dropFirst(Self.bins).map { Double($0) },
            negatives: counts.prefix(Self.bins).map { Double($0) })
    }

    /// ROC AUC of the binned scores, with its tie-error bound: half the share of pairs whose scores fell into one bin.
    func rocAUC() -> MetricValue {
        let curve = curve
        var found = curve.rocAUC()
        if found.value != nil { found.errorBound = curve.tiedShare }
        return found
    }

    /// Average precision of the binned scores, with the bound of what their ties can hide.
    func averagePrecision() -> MetricValue {
        let curve = curve
        var found = curve.averagePrecision()
        if found.value != nil { found.errorBound = curve.precisionTieBound }
        return found
    }
}
