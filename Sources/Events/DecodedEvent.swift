/// Which half of the pair an event is.
public enum EventKind: UInt8, Sendable {
    case prediction, outcome
}

/// One decoded event. Its slices point into the decoder's memory and hold until that decoder's next `decode`.
@frozen public struct DecodedEvent {
    public let kind: EventKind
    /// Whether the event carries a label.
    public let hasLabel: Bool
    /// What joins the halves: 1 to 512 bytes of UTF-8; a number as its shortest JSON text.
    public let id: UnsafeRawBufferPointer
    /// Event time, microseconds since 1970 UTC; the record's own where the event carries none.
    public let timeMicroseconds: Int64
    /// The model's name; empty if the event carries none.
    public let model: UnsafeRawBufferPointer
    /// The model's version, numbers as their text; empty if the event carries none.
    public let version: UnsafeRawBufferPointer
    /// The features in the message's order. Of a name that stands twice the last value counts.
    public let features: UnsafeBufferPointer<FeatureEntry>
    /// P(positive class); NaN if absent.
    public let score: Double
    /// The scores of several classes; empty if absent.
    public let scoreEntries: UnsafeBufferPointer<ScoreEntry>
    /// The predicted or actual number (regression); NaN if absent.
    public let value: Double
    /// The predicted or actual class. Numbers and booleans as their text: `1` (also for 1.0), `true`. Empty if absent.
    public let label: UnsafeRawBufferPointer
    /// The variant that served (`canary`); empty if absent.
    public let variant: UnsafeRawBufferPointer
    /// What experiments randomise over; empty if absent.
    public let unit: UnsafeRawBufferPointer
    /// 1 / sampling fraction; above 0, 1 if absent.
    public let weight: Double
    /// Of several outcomes for one id the highest revision counts; 0 if absent.
    public let revision: Int64
    /// When the outcome became known, microseconds since 1970 UTC.
    public let knownAtMicroseconds: Int64?
}

/// What became of a message.
@frozen public enum DecodeResult {
    case event(DecodedEvent)
    case rejected(RejectionReason)
}

/// The kind of a feature's value.
public enum FeatureTag: UInt8, Sendable {
    case number, string, boolean, null
    /// An object or an array: no value that a column could hold.
    case other
}

/// One feature of an event.
///
/// Stored in the layout of the shim's `td_feature`, so that entries are read where the shim wrote them.
@frozen public struct FeatureEntry {
    @usableFromInline let nameStart: UnsafeRawPointer
    @usableFromInline let nameCount: Int
    /// The number; 1 or 0 for a boolean; 0 for the rest.
    public let number: Double
    @usableFromInline let textStart: UnsafeRawPointer?
    @usableFromInline let textCount: Int
    @usableFromInline let rawTag: UInt8

    /// UTF-8, unescaped.
    @inlinable public var name: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nameStart, count: nameCount) }
    /// The string's UTF-8, unescaped; empty for the rest.
    @inlinable public var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: textStart, count: textCount) }
    /// The kind of the value.
    @inlinable public var tag: FeatureTag {
        switch rawTag {
        case 0: .number
        case 1: .string
        case 2: .boolean
        case 3: .null
        default: .other
        }
    }
}

/// The score of one class, in the layout of the shim's `td_score`.
@frozen public struct ScoreEntry {
    @usableFromInline let labelStart: UnsafeRawPointer
    @usableFromInline let labelCount: Int
    /// Finite.
    public let score: Double

    /// UTF-8, unescaped.
    @inlinable public var label: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: labelStart, count: labelCount) }
}
