public import Statistics

/// What detection on whole rows is asked for.
public struct MultivariateSettings: Codable, Sendable, Equatable {
    /// The part of the model's false-alarm budget that whole rows spend; the columns keep the rest.
    public static let budgetShare = 0.2
    /// Rows of an evidence interval that are looked at, at most: those with the smallest id hashes.
    public static let sampledRows = 500
    /// Rows of the reference that intervals are held against, at most.
    public static let referenceRows = 2_000

    public var statistics: [MultivariateStatistic]
    public var budget: FalseAlarmBudget
    /// Panes are collected until they hold this many events; they are tested together.
    public var minimumSample: Int64
    public var severity: Severity
    /// So many unremarkable intervals in a row are needed to clear.
    public var clearAfter: Int

    /// - Precondition: there is a statistic, the minimum sample is positive, `clearAfter` at least 1.
    public init(
        statistics: [MultivariateStatistic], budget: FalseAlarmBudget, minimumSample: Int64 = 200,
        severity: Severity = .warning, clearAfter: Int = 3
    ) {
        precondition(!statistics.isEmpty && minimumSample > 0 && clearAfter >= 1, "something to watch, and a sample")
        self.statistics = statistics
        self.budget = budget
        self.minimumSample = minimumSample
        self.severity = severity
        self.clearAfter = clearAfter
    }
}
