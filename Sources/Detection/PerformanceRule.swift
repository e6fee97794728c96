public import Statistics

/// What has to be beyond a limit before performance counts as bad.
public enum PerformanceEvidence: String, Codable, Sendable, CaseIterable {
    /// The whole 95 % interval of the metric: chance alone rarely puts it there.
    case interval
    /// The metric itself.
    case point
}

/// Which performance metric may be how bad before it is called drift.
///
/// With `interval` evidence a window counts when the interval's near end lies beyond the raise level; a metric beyond it
/// whose interval still reaches in is `effect_without_evidence`. A raised rule clears when the metric itself is back at
/// the clear level: to ask the interval's far end for it would hold alerts up for as long as windows are small.
public struct PerformanceRule: Codable, Sendable, Equatable {
    public var metric: PerformanceMetric
    /// `.below` for metrics where more is better, `.above` for errors and losses.
    public var limit: Limit
    public var persistence: Persistence
    public var severity: Severity
    public var evidence: PerformanceEvidence
    /// Whether it watches what is estimated before labels are in, instead of what they say.
    public var isEstimated: Bool

    /// - Precondition: the limit's levels are ordered and `1 ≤ required ≤ of`; configuration is checked before.
    public init(
        metric: PerformanceMetric, limit: Limit, required: Int = 1, of: Int = 1, severity: Severity = .warning,
        evidence: PerformanceEvidence = .interval, isEstimated: Bool = false
    ) {
        precondition(limit.isOrdered, "a limit's clear level lies on the good side of its raise level")
        self.metric = metric
        self.limit = limit
        self.persistence = Persistence(required: required, of: of)
        self.severity = severity
        self.evidence = evidence
        self.isEstimated = isEstimated
    }

    /// A checkpoint from before `evidence` existed holds none; it is read as the default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metric = try container.decode(PerformanceMetric.self, forKey: .metric)
        limit = try container.decode(Limit.self, forKey: .limit)
        persistence = try container.decode(Persistence.self, forKey: .persistence)
        severity = try container.decode(Severity.self, forKey: .severity)
        evidence = try container.decodeIfPresent(PerformanceEvidence.self, forKey: .evidence) ?? .interval
        isEstimated = try container.decodeIfPresent(Bool.self, forKey: .isEstimated) ?? false
    }
}
