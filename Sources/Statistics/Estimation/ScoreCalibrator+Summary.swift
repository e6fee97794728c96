extension ScoreCalibrator {
    /// Fitted on the score histogram of labelled pairs of a binary model: each score taken for the centre of its bin.
    /// - Returns: `nil` for another task, with outcomes of one kind only, and where neither form can be fitted.
    public static func fit(_ pairs: PerformanceSummary) -> ScoreCalibrator? {
        guard case .binary(let tally) = pairs.tally, !tally.histogram.counts.isEmpty else { return nil }
        let bins = ScoreHistogram.bins
        let negatives = tally.histogram.counts.prefix(bins).map { Double($0) }
        let positives = tally.histogram.counts.dropFirst(bins).map { Double($0) }
        guard negatives.contains(where: { $0 > 0 }), positives.contains(where: { $0 > 0 }) else { return nil }
        var groups: [(score: Double, rows: Double, hits: Double)] = []
        for bin in 0..<bins where positives[bin] + negatives[bin] > 0 {
            let centre = (Double(bin) + 0.5) / Double(bins)
            groups.append((score: centre, rows: positives[bin] + negatives[bin], hits: positives[bin]))
        }
        let rows = groups.reduce(0) { $0 + $1.rows }
        if rows >= Double(isotonicRows) { return .isotonic(IsotonicCalibration(groups: groups)) }
        var scores: [Double] = []
        var labels: [Bool] = []
        for group in groups {
            for row in 0..<Int(group.rows) {
                scores.append(group.score)
                labels.append(row < Int(group.hits))
            }
        }
        return PlattCalibration(scores: scores, labels: labels).map(Self.platt)
    }
}
