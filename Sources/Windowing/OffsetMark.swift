import Events

/// How far a partition had been read at some moment: every record that moved event time beyond it lies behind the offsets.
public struct OffsetMark: Codable, Sendable, Equatable {
    /// The newest event time of the predictions, and the newest record time of the outcomes, microseconds since 1970 UTC;
    /// `Int64.min` before the first.
    public var newestPrediction: Int64
    public var newestOutcome: Int64
    /// By the raw value of `StreamRole`; `nil` for a stream that nothing was read of.
    public var nextOffsets: [Int64?]

    public init(newestPrediction: Int64, newestOutcome: Int64, nextOffsets: [Int64?]) {
        self.newestPrediction = newestPrediction
        self.newestOutcome = newestOutcome
        self.nextOffsets = nextOffsets
    }
}

extension PartitionPipeline {
    var offsetMark: OffsetMark {
        OffsetMark(
            newestPrediction: predictionWatermark.newestMicroseconds,
            newestOutcome: outcomeWatermark.newestMicroseconds, nextOffsets: nextOffsets)
    }
}
