/// The counts of one pane or window on a reference profile. Merging is associative and commutative: the merge of the
/// parts equals the summary of the whole, bit for bit.
public struct PaneSummary: Sendable, Equatable {
    /// The id of the `ReferenceProfile`.
    public let reference: String
    public var events: Int64 = 0
    /// In the order of `ReferenceProfile.allColumns`.
    public var columns: [ColumnSummary]

    /// The summary of no event.
    public init(empty encoder: ReferenceEncoder) {
        reference = encoder.profile.id
        columns = encoder.profile.allColumns.map { ColumnSummary(cellCount: $0.cellCount) }
    }

    /// - Precondition: both are on the same reference.
    public mutating func merge(_ other: PaneSummary) {
        precondition(
            reference == other.reference && columns.count == other.columns.count,
            "summaries on different references cannot be added")
        events = FixedPoint.saturatingSum(events, other.events)
        for index in columns.indices { columns[index].merge(other.columns[index]) }
    }
}

extension PaneSummary {
    private static let formatVersion: UInt8 = 1

    /// Version byte, variable-length counts, checksum; a column of 500 cells takes about as many bytes.
    public func serialized() -> [UInt8] {
        var writer = ByteWriter(version: Self.formatVersion)
        writer.write(reference)
        writer.write(count: events)
        writer.write(unsigned: UInt64(columns.count))
        for column in columns {
            writer.write(counts: column.counts)
            for count in [column.missing, column.invalid, column.violations, column.saturated] {
                writer.write(count: count)
            }
            writer.write(signed: column.sum)
            writer.write(signed: column.sumOfSquares)
            writer.write(column.minimum)
            writer.write(column.maximum)
        }
        return writer.sealed()
    }

    /// - Throws: `StatisticsError` if the bytes are damaged or of a later version.
    public init(serialized bytes: [UInt8]) throws(StatisticsError) {
        var reader = try ByteReader(bytes, version: Self.formatVersion, what: "pane summary")
        reference = try reader.readString()
        events = try reader.readCount()
        columns = []
        for _ in 0..<(try reader.readLength(of: 9)) {
            var column = ColumnSummary(cellCount: 0)
            column.counts = try reader.readCounts()
            column.missing = try reader.readCount()
            column.invalid = try reader.readCount()
            column.violations = try reader.readCount()
            column.saturated = try reader.readCount()
            column.sum = try reader.readSigned()
            column.sumOfSquares = try reader.readSigned()
            column.minimum = try reader.readFiniteIfPresent()
            column.maximum = try reader.readFiniteIfPresent()
            columns.append(column)
        }
        try reader.finish()
    }
}
