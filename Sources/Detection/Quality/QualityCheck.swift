/// What can be wrong with data, apart from any drift. Each is a verdict of its own.
public enum QualityCheck: String, Codable, Sendable, CaseIterable {
    /// More values are missing (null, absent, NaN) than in the reference.
    case missing
    /// Categories that the reference never had.
    case unseenCategory = "unseen_category"
    /// Numbers beyond the reference's smallest and largest value.
    case outOfRange = "out_of_range"
    /// Values of another kind than the column's: a text where numbers are due.
    case typeMismatch = "type_mismatch"
    /// ±∞.
    case invalidValue = "invalid_value"
    /// Second deliveries of one prediction.
    case duplicates
    /// A column that had several values has one only.
    case constant
    /// Events without a feature of the reference, or with one that it does not know.
    case schema

    /// Whether the check asks about columns one by one.
    var hasColumns: Bool { self != .duplicates }
}
