/// The check of one number among a learner's parameters.
enum ParameterRange {
    /// - Parameter range: in words, for the advice.
    /// - Throws: `LearningError(.invalidParameter)` unless `holds`.
    static func require(
        _ holds: Bool, _ name: String, _ value: some CustomStringConvertible & Sendable, _ range: String
    ) throws(LearningError) {
        if holds { return }
        throw LearningError(.invalidParameter, "the parameter \(name) is \(value)", advice: "Set it to \(range).")
    }
}
