public import Statistics

/// A prediction kept whole while its version has no reference yet, or until its outcome arrives.
public struct RetainedPrediction: Sendable, Equatable {
    /// Event time, microseconds since 1970 UTC.
    public var timeMicroseconds: Int64
    /// The record timestamp the message was validated against.
    public var recordMicroseconds: Int64
    /// The message as received (JSON).
    public var message: [UInt8]
}

/// What a closed drift pane holds.
public enum DriftPaneContent: Sendable, Equatable {
    /// Counts on the version's reference.
    case summary(PaneSummary)
    /// The version had no reference when the pane opened: how many events there were, and the rows kept of them,
    /// in the order of their identifiers.
    case learning(events: Int64, rows: [RetainedPrediction])
}

/// The predictions of one model version whose event time lies in one pane, from one partition. Final.
public struct ClosedDriftPane: Sendable, Equatable {
    public var key: ModelVersionKey
    public var pane: Int64
    public var partition: Int32
    public var content: DriftPaneContent
    /// While learning: second deliveries that were left out. A summary counts its own.
    public var duplicates: Int64 = 0
    /// Of a summary, where drift is counted by segment: its parts by segment, in the order of their names.
    public var segments: [SegmentPart<PaneSummary>] = []
    /// Of a summary, where rows are wanted: a sample of them (`ModelSettings.sampledRows`).
    public var rows: PaneRows?
    /// What the model said, where performance is estimated.
    public var predictions: PanePredictions?
}

/// The pairs of prediction and outcome that became complete in one pane, from one partition. Final.
public struct ClosedPerformancePane: Sendable, Equatable {
    public var key: ModelVersionKey
    public var pane: Int64
    public var partition: Int32
    public var summary: PerformanceSummary
    /// Its parts by segment, in the order of their names: those of one segment column add up to `summary`.
    public var segments: [SegmentPart<PerformanceSummary>] = []
    /// How many of the pairs belong to which pane of prediction.
    public var predictionPanes = PaneCounts()
    /// Of a regression: what turned out to be true.
    public var outcomes = OutcomeSample()
    /// The sampled pairs, in the order of their identifiers.
    public var rows: [LabelledRow]
}

/// The pairs whose prediction lies in one pane, from one partition, when no outcome can reach it any more. Final; only where
/// performance is estimated.
public struct ClosedLabelPane: Sendable, Equatable {
    public var key: ModelVersionKey
    public var pane: Int64
    public var partition: Int32
    public var labelled: LabelledPredictions
}

/// How far a partition's two streams have come, microseconds since 1970 UTC.
public struct PartitionProgress: Sendable, Equatable {
    /// `Int64.min` before the first prediction, `Int64.max` while the stream is idle and holds nothing back.
    public var predictionWatermark: Int64
    /// The same for outcomes, by the time of their records.
    public var outcomeWatermark: Int64
    /// The newest time either stream has seen; `Int64.min` before the first event.
    public var newestMicroseconds: Int64

    public init(predictionWatermark: Int64, outcomeWatermark: Int64, newestMicroseconds: Int64) {
        self.predictionWatermark = predictionWatermark
        self.outcomeWatermark = outcomeWatermark
        self.newestMicroseconds = newestMicroseconds
    }

    /// Drift panes that end by now are final. Where the predictions are idle, the newest time seen stands in.
    public var driftWatermark: Int64 { predictionWatermark == .max ? newestMicroseconds : predictionWatermark }

    /// Performance panes that end by now are final: the slower of the two streams.
    public var pairWatermark: Int64 {
        let slower = min(predictionWatermark, outcomeWatermark)
        return slower == .max ? newestMicroseconds : slower
    }

    /// The progress of several partitions together: the slowest of those that are not idle.
    public static func slowest(_ parts: some Sequence<PartitionProgress>) -> PartitionProgress? {
        parts.reduce(nil) { (sum: PartitionProgress?, part) in
            guard let sum else { return part }
            return PartitionProgress(
                predictionWatermark: min(sum.predictionWatermark, part.predictionWatermark),
                outcomeWatermark: min(sum.outcomeWatermark, part.outcomeWatermark),
                newestMicroseconds: max(sum.newestMicroseconds, part.newestMicroseconds))
        }
    }
}

/// What a partition hands to the coordinator after a batch.
public struct PartitionOutput: Sendable, Equatable {
    public var partition: Int32
    public var driftPanes: [ClosedDriftPane] = []
    public var performancePanes: [ClosedPerformancePane] = []
    public var labelPanes: [ClosedLabelPane] = []
    /// What was lost of its streams.
    public var gaps: [StreamGap] = []
    /// How far its streams have been read; `nil` where it comes from the log of panes.
    public var mark: OffsetMark?
    public var progress: PartitionProgress
}
