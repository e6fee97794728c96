/// What the steps of a preparation remember from one table to the next, so that lags, rolling statistics and forward
/// fills see earlier rows when rows are served one by one. Bounded: silent entities are forgotten.
///
/// A new one remembers nothing; applying the preparation to past rows with it fills it.
public struct PreparationState: Codable, Sendable, Equatable {
    /// By the index of the step.
    var lastValues: [Int: LastValues] = [:]
    var histories: [Int: EntityHistory] = [:]

    public init() {}
}
