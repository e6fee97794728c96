public import Statistics
public import Windowing

/// One window of a model version's predictions, merged from its panes.
public struct DriftWindow: Sendable {
    /// Inclusive, microseconds since 1970 UTC.
    public var startMicroseconds: Int64
    /// Exclusive, microseconds since 1970 UTC.
    public var endMicroseconds: Int64
    /// `nil` when no pane of the window held an event.
    public var summary: PaneSummary?

    public init(startMicroseconds: Int64, endMicroseconds: Int64, summary: PaneSummary?) {
        self.startMicroseconds = startMicroseconds
        self.endMicroseconds = endMicroseconds
        self.summary = summary
    }
}

/// One window of a model version's labelled predictions, merged from its panes.
public struct PerformanceWindow: Sendable {
    /// Inclusive, microseconds since 1970 UTC.
    public var startMicroseconds: Int64
    /// Exclusive, microseconds since 1970 UTC.
    public var endMicroseconds: Int64
    /// `nil` when no pane of the window held a labelled pair.
    public var summary: PerformanceSummary?
    /// Of a regression: what turned out to be true.
    public var outcomes: OutcomeSample?

    public init(
        startMicroseconds: Int64, endMicroseconds: Int64, summary: PerformanceSummary?, outcomes: OutcomeSample? = nil
    ) {
        self.startMicroseconds = startMicroseconds
        self.endMicroseconds = endMicroseconds
        self.summary = summary
        self.outcomes = outcomes
    }
}
