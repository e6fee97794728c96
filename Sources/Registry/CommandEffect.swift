/// A place in a model's stream: the boundaries between panes up to which everything has been decided. Predictions and
/// pairs come at their own pace, so there is one of each. Event time, microseconds since 1970 UTC; `Int64.min` before the
/// first boundary.
public struct StreamPosition: Codable, Sendable, Equatable {
    public var predictionsMicroseconds: Int64
    public var pairsMicroseconds: Int64

    /// Before anything was decided.
    public static let beginning = StreamPosition(predictionsMicroseconds: .min, pairsMicroseconds: .min)

    public init(predictionsMicroseconds: Int64, pairsMicroseconds: Int64) {
        self.predictionsMicroseconds = predictionsMicroseconds
        self.pairsMicroseconds = pairsMicroseconds
    }

    /// The farther of both, stream by stream.
    public func union(_ other: StreamPosition) -> StreamPosition {
        StreamPosition(
            predictionsMicroseconds: max(predictionsMicroseconds, other.predictionsMicroseconds),
            pairsMicroseconds: max(pairsMicroseconds, other.pairsMicroseconds))
    }

    /// Whether both streams have come as far.
    public func hasReached(_ other: StreamPosition) -> Bool {
        predictionsMicroseconds >= other.predictionsMicroseconds && pairsMicroseconds >= other.pairsMicroseconds
    }

    /// The moment by which it is dated: the farther of the two boundaries; `nil` before the first.
    public var moment: Int64? {
        let farther = max(predictionsMicroseconds, pairsMicroseconds)
        return farther == .min ? nil : farther
    }
}

/// A command, and where in the stream it took effect: what lies behind the position was decided with it, and nothing before.
public struct CommandEffect: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        case promoted
        case rolledBack = "rolled_back"
        /// A version without a reference has learned one.
        case referenceLearned = "reference_learned"
    }

    /// Counts up over all models, without reuse; 0 before it is recorded.
    public var sequence: Int64
    public var model: String
    public var version: String
    public var kind: Kind
    /// The ledger's entry that says who wanted it and why; `nil` where nobody did.
    public var command: Int64?
    /// Of a promotion: the version that goes on in shadow.
    public var predecessor: String?
    /// SHA-256 of the reference that came into force with it: of a promotion or rollback that of the version's own training
    /// data. A version that had one keeps it.
    public var referenceDigest: String?
    public var position: StreamPosition
    /// Of a learned reference: the end of the last pane that it was learned from.
    public var learnedThroughMicroseconds: Int64?

    public init(
        model: String, version: String, kind: Kind, command: Int64? = nil, predecessor: String? = nil,
        referenceDigest: String? = nil, position: StreamPosition, learnedThroughMicroseconds: Int64? = nil
    ) {
        sequence = 0
        self.model = model
        self.version = version
        self.kind = kind
        self.command = command
        self.predecessor = predecessor
        self.referenceDigest = referenceDigest
        self.position = position
        self.learnedThroughMicroseconds = learnedThroughMicroseconds
    }
}
