public import Events

/// Score vectors of a multiclass model: those of the predictions with the smallest id hashes, at most `capacity`. The same
/// in whatever order they came, and the merge of the parts is the sample of the whole.
public struct ScoredSample: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
        /// One per class.
        public var scores: [Float]
        /// Index of the predicted class.
        public var predicted: Int32
        /// Index of the actual class; −1 while it is not known.
        public var actual: Int32

        public init(scores: [Float], predicted: Int32, actual: Int32) {
            self.scores = scores
            self.predicted = predicted
            self.actual = actual
        }
    }

    public static let capacity = 2_000

    private var rowByIdentifier: [EventIdentifier: Row] = [:]

    public init() {}

    /// Of two rows with one id the first counts.
    public mutating func add(_ identifier: EventIdentifier, _ row: Row) {
        guard rowByIdentifier[identifier] == nil else { return }
        rowByIdentifier[identifier] = row
        // In bulk: a row that belongs to the final choice is never dropped on the way.
        if rowByIdentifier.count >= 2 * Self.capacity { rowByIdentifier = Dictionary(uniqueKeysWithValues: chosen) }
    }

    public var isEmpty: Bool { rowByIdentifier.isEmpty }

    /// The rows in the order of their id hashes.
    public var rows: [Row] { chosen.map(\.1) }

    private var chosen: [(EventIdentifier, Row)] {
        rowByIdentifier.sorted { $0.key < $1.key }.prefix(Self.capacity).map { ($0.key, $0.value) }
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.chosen.elementsEqual(right.chosen) { $0.0 == $1.0 && $0.1 == $1.1 }
    }
}

extension ScoredSample: MergeableSummary {
    public mutating func merge(_ other: ScoredSample) {
        for (identifier, row) in other.rowByIdentifier { add(identifier, row) }
    }

    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        let rows = chosen
        writer.write(UInt32(rows.count))
        for (identifier, row) in rows {
            writer.write(identifier)
            writer.write(row.predicted)
            writer.write(row.actual)
            writer.write(UInt32(row.scores.count))
            for score in row.scores { writer.write(score.bitPattern) }
        }
        return writer.bytes
    }

    public init(serialized bytes: [UInt8]) throws {
        var reader = BinaryReader(bytes)
        for (identifier, row) in try reader.readArray({ reader in
            let identifier = try reader.readIdentifier()
            let predicted: Int32 = try reader.read()
            let actual: Int32 = try reader.read()
            let scores = try reader.readArray { Float(bitPattern: try $0.read()) }
            return (identifier, Row(scores: scores, predicted: predicted, actual: actual))
        }) {
            add(identifier, row)
        }
    }
}
