/// The counts of one pane or window on a reference profile. Merging is associative and commutative: the merge of the
/// parts equals the summary of the whole, bit for bit.
public struct PaneSummary: Sendable, Equatable {
    /// The id of the `ReferenceProfile`.
    public let reference: String
    public var events: Int64 = 0
    /// Second deliveries of an event, left out of `events`.
    public var duplicates: Int64 = 0
    /// What events had and the reference lacks.
    public var unknownFeatures = UnknownFeatures()
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
        duplicates = FixedPoint.saturatingSum(duplicates, other.duplicates)
        unknownFeatures.merge(other.unknownFeatures)
        for index in columns.indices { columns[index].merge(other.columns[index]) }
    }
}

extension PaneSummary {
    /// Version 2 added duplicates, unknown features, absent keys and values out of range.
    private static let formatVersion: UInt8 = 2

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
            writer.write(count: column.absent)
            writer.write(counts: column.outside)
        }
        writer.write(count: duplicates)
        writer.write(unknownFeatures)
        return writer.sealed()
    }

    /// - Throws: `StatisticsError` if the bytes are damaged or of a later version.
    public init(serialized bytes: [UInt8]) throws(StatisticsError) {
        var reader = try ByteReader(bytes, versions: 1...Self.formatVersion, what: "pane summary")
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
            if reader.version >= 2 {
                column.absent = try reader.readCount()
                column.outside = try reader.readCounts()
                guard [0, 2 * RangeMargin.allCases.count].contains(column.outside.count) else {
                    throw reader.damage("\(column.outside.count) counts of values out of range")
                }
            }
            columns.append(column)
        }
        if reader.version >= 2 {
            duplicates = try reader.readCount()
            unknownFeatures = try reader.readUnknownFeatures()
        }
        try reader.finish()
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ features: UnknownFeatures) {
        write(UInt8(features.hasMore ? 1 : 0))
        write(unsigned: UInt64(features.entries.count))
        for entry in features.entries {
            write(unsigned: UInt64(entry.name.count))
            for byte in entry.name { write(byte) }
            write(count: entry.count)
        }
    }
}

extension ByteReader {
    fileprivate mutating func readUnknownFeatures() throws(StatisticsError) -> UnknownFeatures {
        let hasMore = try readByte() != 0
        let count = try readLength(of: 2)
        guard count <= UnknownFeatures.maximumNames else { throw damage("\(count) unknown features") }
        var entries: [UnknownFeatures.Entry] = []
        for _ in 0..<count {
            var name: [UInt8] = []
            for _ in 0..<(try readLength()) { name.append(try readByte()) }
            entries.append(UnknownFeatures.Entry(hash: ByteHash.hash(name), name: name, count: try readCount()))
        }
        return UnknownFeatures(entries: entries, hasMore: hasMore)
    }
}
