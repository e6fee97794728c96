/// What a model predicts.
public enum ModelTask: Codable, Sendable, Equatable {
    /// One label counts as positive, any other as negative.
    case binary(positive: String)
    case multiclass(classes: [String])
    case regression
}
