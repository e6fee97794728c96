public import Events

/// What a partition has seen and left out, since it was assigned; part of its checkpoint.
public struct PipelineCounters: Sendable, Equatable {
    public var predictions: Int64 = 0
    public var outcomes: Int64 = 0
    /// Pairs counted.
    public var joined: Int64 = 0
    /// Messages that are no valid event, by reason.
    public var rejected: [RejectionReason: Int64] = [:]
    /// Events whose pane had closed before they came.
    public var latePredictions: Int64 = 0
    public var lateOutcomes: Int64 = 0
    /// Second deliveries of an id that is still known.
    public var duplicatePredictions: Int64 = 0
    public var duplicateOutcomes: Int64 = 0
    /// Predictions that left the table without an outcome.
    public var expiredPredictions: Int64 = 0
    /// Outcomes that left the table without a prediction.
    public var unmatchedOutcomes: Int64 = 0
    /// Outcomes too old or too early for their prediction: further apart than the label delay.
    public var outcomesBeyondDelay: Int64 = 0
    /// Pairs that could not be scored: a class that is not configured, or a half without a number.
    public var unscorablePairs: Int64 = 0
    /// Events of versions beyond the limit.
    public var versionsBeyondLimit: Int64 = 0
    /// Events of times that would open more panes than the limit.
    public var panesBeyondLimit: Int64 = 0
    /// Entries that thinning has removed from the join tables.
    public var thinned: Int64 = 0
    /// Events with a weight other than 1, which are counted once all the same.
    public var weightedEvents: Int64 = 0
    /// Records delivered a second time and skipped by their offset.
    public var replayedRecords: Int64 = 0
    /// Offsets that the log does not hold (compaction, transaction markers).
    public var skippedOffsets: Int64 = 0
    /// Records left out because the stream came too fast (``PartitionPipeline/keptShare``).
    public var sampledOut: Int64 = 0

    /// Events of panes that had been judged without this partition when it brought them, because it had been idle. Counted
    /// where panes are judged, so not part of a partition's checkpoint.
    public var lateParts: Int64 = 0

    public init() {}

    /// Messages that are no valid event, of whatever reason.
    public var rejectedTotal: Int64 { rejected.values.reduce(0, +) }

    /// The plain counters by name, in the order of the checkpoint format.
    static let fields: [(name: String, path: any WritableKeyPath<PipelineCounters, Int64> & Sendable)] = [
        ("predictions", \.predictions), ("outcomes", \.outcomes), ("joined", \.joined),
        ("late_predictions", \.latePredictions), ("late_outcomes", \.lateOutcomes),
        ("duplicate_predictions", \.duplicatePredictions), ("duplicate_outcomes", \.duplicateOutcomes),
        ("expired_predictions", \.expiredPredictions), ("unmatched_outcomes", \.unmatchedOutcomes),
        ("outcomes_beyond_delay", \.outcomesBeyondDelay), ("unscorable_pairs", \.unscorablePairs),
        ("versions_beyond_limit", \.versionsBeyondLimit), ("panes_beyond_limit", \.panesBeyondLimit),
        ("thinned", \.thinned), ("weighted_events", \.weightedEvents), ("replayed_records", \.replayedRecords),
        ("skipped_offsets", \.skippedOffsets), ("sampled_out", \.sampledOut),
    ]

    /// Every counter by the name it is reported under; zero counters of rejections are left out.
    public var named: [(name: String, count: Int64)] {
        Self.fields.map { (name: $0.name, count: self[keyPath: $0.path]) } + [(name: "late_parts", count: lateParts)]
            + rejected.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { (name: "rejected_\($0.key.rawValue)", count: $0.value) }
    }

    /// Adds another partition's counters.
    public mutating func add(_ other: PipelineCounters) {
        for field in Self.fields { self[keyPath: field.path] += other[keyPath: field.path] }
        lateParts += other.lateParts
        rejected.merge(other.rejected, uniquingKeysWith: +)
    }
}
