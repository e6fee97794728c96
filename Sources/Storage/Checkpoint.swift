/// One row that is stored once and read again with every later checkpoint until it is deleted: a closed pane, a
/// labelled row. Unlike a part it is never rewritten.
public struct AppendedRecord: Sendable, Equatable {
    /// What the row belongs to, for example `panes/electricity/0`.
    public var series: String
    /// Its place in the series. A later row of the same series and position takes its place.
    public var position: Int64
    public var bytes: [UInt8]

    public init(series: String, position: Int64, bytes: [UInt8]) {
        self.series = series
        self.position = position
        self.bytes = bytes
    }
}

/// What `CheckpointStore.loadLatest` found.
public struct LoadedCheckpoint: Sendable, Equatable {
    /// The number that `save` returned.
    public var generation: Int64
    /// When it was saved, microseconds since 1970 UTC, if the caller said so then.
    public var createdMicroseconds: Int64?
    public var parts: [String: [UInt8]]
    /// In order of series and position.
    public var appended: [AppendedRecord]
    /// One sentence per newer checkpoint that was damaged and passed over; empty when all is well.
    public var damaged: [String]
}
