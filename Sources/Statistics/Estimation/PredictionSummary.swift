/// All predictions of a binary model in a pane or window, labelled or not: how often each score led to each decision.
/// 2,048 counts per decision are all that CBPE needs; they merge in any order.
public struct PredictionSummary: Sendable, Equatable {
    /// Scores of negative decisions in the first half, of positive ones in the second.
    var histogram = ScoreHistogram()
    /// Predictions without a score in 0…1.
    public private(set) var invalidScores: Int64 = 0

    public init() {}

    /// - Parameter score: P(positive) as the model said it.
    public mutating func add(score: Double?, predictedPositive: Bool) {
        if let score, score >= 0, score <= 1 {
            histogram.add(score, positive: predictedPositive)
        } else {
            invalidScores += 1
        }
    }

    public mutating func merge(_ other: PredictionSummary) {
        histogram.merge(other.histogram)
        invalidScores = FixedPoint.saturatingSum(invalidScores, other.invalidScores)
    }

    /// Predictions with a score.
    public var count: Int64 { histogram.counts.reduce(0, FixedPoint.saturatingSum) }

    private static let formatVersion: UInt8 = 1

    /// Version byte, variable-length counts, checksum.
    public func serialized() -> [UInt8] {
        var writer = ByteWriter(version: Self.formatVersion)
        writer.write(count: invalidScores)
        writer.write(counts: histogram.counts)
        return writer.sealed()
    }

    /// - Throws: `StatisticsError` if the bytes are damaged or of another version.
    public init(serialized bytes: [UInt8]) throws(StatisticsError) {
        var reader = try ByteReader(bytes, version: Self.formatVersion, what: "prediction summary")
        invalidScores = try reader.readCount()
        guard let histogram = ScoreHistogram(counts: try reader.readCounts()) else {
            throw reader.damage("its score histogram has another number of bins")
        }
        self.histogram = histogram
        try reader.finish()
    }

    /// The bins as groups of equal scores, at their centres; empty bins left out.
    var groups: [PredictionGroup] {
        guard !histogram.counts.isEmpty else { return [] }
        return (0..<ScoreHistogram.bins).compactMap { bin in
            let negative = histogram.counts[bin]
            let positive = histogram.counts[ScoreHistogram.bins + bin]
            guard negative + positive > 0 else { return nil }
            return PredictionGroup(
                score: (Double(bin) + 0.5) / Double(ScoreHistogram.bins), positive: Double(positive),
                negative: Double(negative))
        }
    }
}

/// Predictions with one score, by decision.
struct PredictionGroup: Sendable, Equatable {
    var score: Double
    var positive: Double
    var negative: Double
}
