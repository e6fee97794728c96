import CSimdJSON

extension RejectionReason {
    /// The reason behind a status of the shim; `nil` for success.
    init?(status: Int32) {
        switch td_status(rawValue: UInt32(bitPattern: status)) {
        case TD_OK: return nil
        case TD_NOT_AN_OBJECT: self = .notAnObject
        case TD_INVALID_UTF8: self = .invalidUTF8
        case TD_TOO_DEEP: self = .tooDeep
        case TD_BAD_NUMBER: self = .badNumber
        case TD_TOO_LARGE: self = .tooLarge
        case TD_TOO_MANY_FEATURES: self = .tooManyFeatures
        case TD_MISSING_KIND: self = .missingKind
        case TD_BAD_KIND: self = .badKind
        case TD_MISSING_ID: self = .missingID
        case TD_BAD_ID: self = .badID
        case TD_BAD_FIELD: self = .badField
        default: self = .notJSON
        }
    }
}

extension EventField {
    /// The field by the shim's number.
    init?(shimField: UInt8) {
        switch td_field(rawValue: UInt32(shimField)) {
        case TD_FIELD_ID: self = .id
        case TD_FIELD_KIND: self = .kind
        case TD_FIELD_TIME: self = .time
        case TD_FIELD_UNIT: self = .unit
        case TD_FIELD_MODEL: self = .model
        case TD_FIELD_SCORE: self = .score
        case TD_FIELD_VALUE: self = .value
        case TD_FIELD_LABEL: self = .label
        case TD_FIELD_SCORES: self = .scores
        case TD_FIELD_WEIGHT: self = .weight
        case TD_FIELD_VERSION: self = .version
        case TD_FIELD_FEATURES: self = .features
        case TD_FIELD_KNOWN_AT: self = .knownAt
        case TD_FIELD_REVISION: self = .revision
        case TD_FIELD_VARIANT: self = .variant
        default: return nil
        }
    }
}
