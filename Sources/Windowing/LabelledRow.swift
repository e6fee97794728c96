public import Events

/// A prediction whose outcome has arrived, kept for training and for paired comparisons.
///
/// The features stay in the original message: it is exact, knows every kind of value, and costs no parsing until a
/// run needs it.
public struct LabelledRow: Sendable, Equatable {
    /// The hash of the prediction's id; rows are sampled and ordered by it.
    public var identifier: EventIdentifier
    /// Event time of the prediction, microseconds since 1970 UTC.
    public var predictionMicroseconds: Int64
    /// The later of the two event times: the moment both halves were known.
    public var joinedMicroseconds: Int64
    /// The record timestamp the message was validated against.
    public var recordMicroseconds: Int64
    /// The version that made the prediction; empty when the events carry none.
    public var version: String
    /// The prediction message as it was received (JSON).
    public var message: [UInt8]
    /// The outcome's label, empty for regression.
    public var label: String
    /// The outcome's value; `nil` for classification.
    public var value: Double?

    public init(
        identifier: EventIdentifier, predictionMicroseconds: Int64, joinedMicroseconds: Int64,
        recordMicroseconds: Int64,
        version: String, message: [UInt8], label: String, value: Double?
    ) {
        self.identifier = identifier
        self.predictionMicroseconds = predictionMicroseconds
        self.joinedMicroseconds = joinedMicroseconds
        self.recordMicroseconds = recordMicroseconds
        self.version = version
        self.message = message
        self.label = label
        self.value = value
    }
}
