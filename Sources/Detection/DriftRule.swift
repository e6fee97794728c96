public import Statistics

/// Which distance of which columns may be how large before it is called drift.
public struct DriftRule: Codable, Sendable, Equatable {
    /// The distance between window and reference.
    public var statistic: DriftStatistic
    /// The columns it watches; `nil` for every column that the statistic is defined for.
    public var columns: [String]?
    /// What a rule for every column leaves out; `nil` for nothing.
    public var excluded: [String]?
    /// The rule speaks when the statistic is above `raise`, and is silent again at or below `clear`.
    public var limit: Limit
    /// With it, a window counts only when its p-value is at most this too: the statistic is the effect, p the evidence.
    public var maximumPValue: Double?
    public var persistence: Persistence
    public var severity: Severity

    /// - Precondition: `clear ≤ raise`, both finite, and `1 ≤ required ≤ of`; configuration is checked before.
    public init(
        statistic: DriftStatistic, columns: [String]? = nil, excluded: [String]? = nil, raise: Double, clear: Double,
        maximumPValue: Double? = nil, required: Int = 1, of: Int = 1, severity: Severity = .warning
    ) {
        self.statistic = statistic
        self.columns = columns
        self.excluded = excluded
        self.limit = .above(raise: raise, clear: clear)
        precondition(limit.isOrdered, "a drift rule's clear level is at most its raise level")
        self.maximumPValue = maximumPValue
        self.persistence = Persistence(required: required, of: of)
        self.severity = severity
    }

    /// The level above which a window counts.
    public var raise: Double { limit.raise }
    /// The level at or below which a raised verdict is cleared.
    public var clear: Double { limit.clear }
}
