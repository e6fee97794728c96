/// The columns that are no features: what a model said, and what turned out to be true.
///
/// They are watched like any feature, so they need names that no feature of the same reference has.
public enum ModelColumn: String, Sendable, CaseIterable {
    /// The score of the positive class, the predicted class or the predicted number.
    case prediction
    /// The actual class or number.
    case outcome

    /// The column's name beside these features: `prediction`; where a feature is called so, `model.prediction`, and so on.
    public func name(beside features: some Sequence<String>) -> String {
        let taken = Set(features)
        var name = rawValue
        while taken.contains(name) { name = "model." + name }
        return name
    }

    /// The same of the prediction.
    public static let predictionNames = [prediction.rawValue, "model." + prediction.rawValue]

    /// What the outcome is called where at most one feature is called so, too.
    public static let outcomeNames = [outcome.rawValue, "model." + outcome.rawValue]
}
