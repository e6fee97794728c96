/// Why a message is no event. Counted by reason, and sent along to the dead-letter topic.
public enum RejectionReason: String, CaseIterable, Sendable, Codable {
    /// The record has no value, or an empty one: a tombstone.
    case nullPayload = "null_payload"
    /// The first byte is 0: Avro or Protobuf with a schema registry, which is not read yet.
    case schemaRegistryEncoded = "schema_registry_encoded"
    /// More bytes than the limit.
    case tooLarge = "too_large"
    /// Not JSON (RFC 8259); the literals `NaN` and `Infinity` are not JSON either.
    case notJSON = "not_json"
    /// Not UTF-8.
    case invalidUTF8 = "invalid_utf8"
    /// Nested deeper than 1,024 levels.
    case tooDeep = "too_deep"
    /// A number that is malformed or beyond the range of a double.
    case badNumber = "bad_number"
    /// JSON, but no object.
    case notAnObject = "not_an_object"
    /// More features, or more class scores, than the limit.
    case tooManyFeatures = "too_many_features"
    /// No `kind`.
    case missingKind = "missing_kind"
    /// `kind` is neither `prediction` nor `outcome`.
    case badKind = "bad_kind"
    /// No `id`, or an empty one.
    case missingID = "missing_id"
    /// `id` is no string or number, is longer than 512 bytes, or is a number too large to be exact.
    case badID = "bad_id"
    /// `time` or `known_at` is no RFC 3339 time and no plausible epoch.
    case badTime = "bad_time"
    /// The time is further behind the record's than the limit.
    case timeTooOld = "time_too_old"
    /// The time is further ahead of the record's than the limit.
    case timeInFuture = "time_in_future"
    /// Another field has a wrong type or range: `EventDecoder.rejectedField` names it.
    case badField = "bad_field"
    /// An outcome with neither `label` nor `value`.
    case missingOutcome = "missing_outcome"
    /// A model that is not configured, where models are fixed.
    case unknownModel = "unknown_model"
    /// A prediction on the outcomes' topic, or the other way round.
    case wrongTopic = "wrong_topic"

    /// What to do about it, for people.
    public var advice: String {
        switch self {
        case .nullPayload: "Send one JSON object as the record's value."
        case .schemaRegistryEncoded:
            "The message is encoded with a schema registry (magic byte 0); send JSON until that is supported."
        case .tooLarge: "Send less, or raise max_event_bytes."
        case .notJSON: "Send valid JSON; NaN and Infinity are not JSON, use null."
        case .invalidUTF8: "Encode the message as UTF-8."
        case .tooDeep: "Send flat objects."
        case .badNumber: "Write numbers as JSON does, within the range of a double."
        case .notAnObject: "Send one JSON object per message."
        case .tooManyFeatures: "Send fewer features, or raise the limit."
        case .missingKind, .badKind: "Set kind to \"prediction\" or \"outcome\"."
        case .missingID: "Set id: it joins a prediction with its outcome."
        case .badID: "Send id as a string of at most 512 bytes."
        case .badTime: "Send RFC 3339, or epoch seconds, milliseconds or microseconds."
        case .timeTooOld: "Check the producer's clock and time field, or raise max_age."
        case .timeInFuture: "Check the producer's clock and time field, or raise max_skew."
        case .badField: "Correct the field's type: see the native schema."
        case .missingOutcome: "Set label (classification) or value (regression)."
        case .unknownModel: "Configure the model, or correct the event's model field."
        case .wrongTopic: "Send predictions and outcomes to their own topics."
        }
    }
}
