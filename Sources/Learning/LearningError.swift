/// What went wrong while reading a table, training, loading or applying a model.
///
/// The text says what happened, where, and what to do; none of these is cured by trying the same thing again.
public struct LearningError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case noRows = "no_rows"
        case noFeatures = "no_features"
        case unknownColumn = "unknown_column"
        case duplicateColumn = "duplicate_column"
        case unequalColumns = "unequal_columns"
        case targetMissing = "target_missing"
        case oneClassTarget = "one_class_target"
        case unknownLabel = "unknown_label"
        case invalidTarget = "invalid_target"
        case invalidParameter = "invalid_parameter"
        case invalidInput = "invalid_input"
        case tooManyRows = "too_many_rows"
        case corruptModel = "corrupt_model"
        case unsupportedModel = "unsupported_model"
        case libraryFailure = "library_failure"
        case cancelled = "cancelled"
    }

    public let code: Code
    /// What happened and where (column, row, line or file).
    public let message: String
    /// What to do about it.
    public let advice: String
    /// Always `false`: the same call with the same input fails again.
    public var isRetryable: Bool { false }

    public init(_ code: Code, _ message: String, advice: String) {
        self.code = code
        self.message = message
        self.advice = advice
    }

    public var description: String { "\(message) (\(code.rawValue)). \(advice)" }
}
