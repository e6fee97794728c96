public import Statistics
public import Windowing

/// The rows of a reference that belong to one segment, as they are counted on the reference's cells.
public struct SegmentReference: Sendable {
    public var segment: SegmentKey
    public var rows: Int64
    /// `nil` where the rows are too few to be looked at.
    public var summary: PaneSummary?
    /// The same rows in order of time, where that is known.
    public var chunks: ReferenceChunks?

    public init(segment: SegmentKey, rows: Int64, summary: PaneSummary? = nil, chunks: ReferenceChunks? = nil) {
        self.segment = segment
        self.rows = rows
        self.summary = summary
        self.chunks = chunks
    }
}
