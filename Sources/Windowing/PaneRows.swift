public import Events
public import Statistics

/// A sample of the rows of a pane, or of several: those with the smallest id hashes, so that it depends on no order, and
/// that of the union can be had from those of the parts.
public struct PaneRows: MergeableSummary, Equatable {
    public struct Row: Sendable, Equatable {
        public var identifier: EventIdentifier
        public var prediction: RetainedPrediction
    }

    /// The most rows kept. Merged samples keep as many as the smaller of the two.
    public private(set) var capacity: Int
    /// In the order of their identifiers.
    public private(set) var rows: [Row]

    init(capacity: Int, rows: [Row]) {
        self.capacity = capacity
        self.rows = Array(rows.prefix(capacity))
    }

    public mutating func merge(_ other: PaneRows) {
        capacity = min(capacity, other.capacity)
        var merged: [Row] = []
        var (left, right) = (0, 0)
        while merged.count < capacity, left < rows.count || right < other.rows.count {
            let takesLeft =
                left < rows.count
                && (right == other.rows.count || rows[left].identifier <= other.rows[right].identifier)
            let row = takesLeft ? rows[left] : other.rows[right]
            if takesLeft { left += 1 } else { right += 1 }
            // A prediction that two partitions have seen is one row.
            if merged.last?.identifier != row.identifier { merged.append(row) }
        }
        rows = merged
    }

    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(UInt32(capacity))
        writer.write(UInt32(rows.count))
        for row in rows {
            writer.write(row.identifier)
            row.prediction.write(to: &writer)
        }
        return writer.bytes
    }

    public init(serialized bytes: [UInt8]) throws {
        var reader = BinaryReader(bytes)
        let capacity: UInt32 = try reader.read()
        let rows = try reader.readArray {
            Row(identifier: try $0.readIdentifier(), prediction: try RetainedPrediction(from: &$0))
        }
        self.init(capacity: Int(capacity), rows: rows)
    }

    /// The rows' features, column by column.
    public var features: MultivariateRows {
        MultivariateRows(columnValues: FeatureColumns.columns(of: rows.map(\.prediction)))
    }
}

extension PaneRows {
    /// The sample of rows that were kept whole while their version was learning.
    /// - Returns: `nil` where no rows are wanted.
    public init?(learned: [RetainedPrediction], capacity: Int) {
        guard capacity > 0 else { return nil }
        var sample = RowSample<RetainedPrediction>(capacity: capacity)
        let decoder = EventDecoder(limits: .unlimited)
        for row in learned {
            row.message.withUnsafeBytes { bytes in
                guard
                    case .event(let event) = decoder.decode(bytes, recordTimeMicroseconds: row.recordMicroseconds)
                else { return }
                sample.offer(EventIdentifier(hashing: event.id), row)
            }
        }
        self.init(&sample, capacity: capacity)
    }

    /// - Returns: `nil` where no rows are wanted.
    init?(_ sample: inout RowSample<RetainedPrediction>, capacity: Int) {
        guard capacity > 0 else { return nil }
        self.init(
            capacity: capacity, rows: sample.sorted().map { Row(identifier: $0.identifier, prediction: $0.item) })
    }
}

extension ReferenceLearner {
    /// The rows of the panes up to and with `lastPane`, in order of their panes.
    public func rows(through lastPane: Int64) -> [RetainedPrediction] {
        panes.keys.sorted().filter { $0 <= lastPane }.flatMap { pane in
            (panes[pane] ?? [:]).sorted { $0.key < $1.key }.flatMap { $0.value.rows }
        }
    }

    /// Samples of the panes after `lastPane`.
    public func samples(after lastPane: Int64, capacity: Int) -> [(pane: Int64, partition: Int32, rows: PaneRows)] {
        panes.keys.sorted().filter { $0 > lastPane }.flatMap { pane in
            (panes[pane] ?? [:]).sorted { $0.key < $1.key }.compactMap { partition, part in
                PaneRows(learned: part.rows, capacity: capacity).map { (pane, partition, $0) }
            }
        }
    }
}
