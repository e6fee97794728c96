public import Statistics

/// Which performance metric may be how bad before it is called drift.
public struct PerformanceRule: Codable, Sendable, Equatable {
    public var metric: PerformanceMetric
    /// `.below` for metrics where more is better, `.above` for errors and losses.
    public var limit: Limit
    public var persistence: Persistence
    public var severity: Severity

    /// - Precondition: the limit's levels are ordered and `1 ≤ required ≤ of`; configuration is checked before.
    public init(
        metric: PerformanceMetric, limit: Limit, required: Int = 1, of: Int = 1, severity: Severity = .warning
    ) {
        precondition(limit.isOrdered, "a limit's clear level lies on the good side of its raise level")
        self.metric = metric
        self.limit = limit
        self.persistence = Persistence(required: required, of: of)
        self.severity = severity
    }
}
