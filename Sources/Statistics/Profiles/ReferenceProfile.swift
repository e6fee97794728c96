/// What the data looked like when all was well: one `ColumnReference` per column. It fixes the cells of every window
/// that is compared with it.
public struct ReferenceProfile: Codable, Sendable, Equatable {
    /// 32 hexadecimal digits, a hash of everything else: equal profiles have equal ids, and summaries of different
    /// profiles are never added to each other.
    public let id: String
    public let rows: Int64
    public let columns: [ColumnReference]
    /// The model's own scores or values on the same rows.
    public let predictions: ColumnReference?
    /// The id of the profile whose cells these are, where this one has the counts of a part of its rows
    /// (`part(_:)`); `nil` for a profile of its own.
    public let partOf: String?

    public init(rows: Int64, columns: [ColumnReference], predictions: ColumnReference? = nil) {
        self.init(rows: rows, columns: columns, predictions: predictions, partOf: nil)
    }

    init(rows: Int64, columns: [ColumnReference], predictions: ColumnReference?, partOf: String?) {
        self.rows = rows
        self.columns = columns
        self.predictions = predictions
        self.partOf = partOf
        id = Self.identifier(rows: rows, columns: columns, predictions: predictions, partOf: partOf)
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            rows: values.decode(Int64.self, forKey: .rows),
            columns: values.decode([ColumnReference].self, forKey: .columns),
            predictions: values.decodeIfPresent(ColumnReference.self, forKey: .predictions),
            partOf: values.decodeIfPresent(String.self, forKey: .partOf))
        let stated = try values.decode(String.self, forKey: .id)
        guard stated == id else {
            throw StatisticsError(
                .damaged,
                "the reference profile says that its id is \(stated), its content has \(id): it was altered or was "
                    + "written by another version; build it again")
        }
    }

    /// What `PaneSummary.reference` says of summaries that may be compared with this profile.
    public var cellsIdentifier: String { partOf ?? id }

    /// The columns of a `PaneSummary` on this profile, in its order: the features, then the predictions if present.
    public var allColumns: [ColumnReference] { columns + (predictions.map { [$0] } ?? []) }

    /// The first feature column with the name.
    public func column(named name: String) -> ColumnReference? { columns.first { $0.name == name } }

    private static func identifier(
        rows: Int64, columns: [ColumnReference], predictions: ColumnReference?, partOf: String?
    ) -> String {
        var writer = ByteWriter(version: 1)
        writer.write(signed: rows)
        writer.write(unsigned: UInt64(columns.count))
        for column in columns { writer.write(column) }
        if let predictions { writer.write(predictions) }
        if let partOf { writer.write(partOf) }
        return ByteHash.identifier(of: writer.bytes)
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ column: ColumnReference) {
        write(column.name)
        write(column.kind.rawValue)
        write(column.binning)
        write(counts: column.counts)
        write(count: column.missing)
        write(count: column.invalid)
        write(column.mean)
        write(column.standardDeviation)
        write(column.minimum)
        write(column.maximum)
        write(column.sample)
        write(unsigned: UInt64(column.otherHashes.count))
        for hash in column.otherHashes { write(unsigned: hash) }
        if let sums = column.sums {
            write(sums.origin)
            write(sums.scale)
        }
    }

    private mutating func write(_ binning: Binning) {
        switch binning {
        case .grid(let edges, let deciles):
            write(UInt8(0))
            write(edges)
            for decile in deciles { write(decile) }
        case .discrete(let values):
            write(UInt8(1))
            write(values)
        case .categories(let names):
            write(UInt8(2))
            write(unsigned: UInt64(names.count))
            for name in names { write(name) }
        }
    }
}
