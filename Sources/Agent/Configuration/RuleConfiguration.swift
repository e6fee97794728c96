public import Detection
public import Statistics

/// How much a rule's alert matters. The raw values are those of Detection's severities.
public enum RuleSeverity: String, Sendable, CaseIterable {
    case warning, critical

    var severity: Severity {
        switch self {
        case .warning: .warning
        case .critical: .critical
        }
    }
}

/// When the distribution of a column counts as drifted.
public struct DriftConfiguration: Sendable, Equatable {
    /// The calibrations that keep a budget; fixed limits are ``rules``.
    static let calibrations: [DriftCalibration] = [.analytic, .empirical]

    /// Events in a window or an evidence interval.
    public var minimumSample: Int64
    /// Calibrated detection; `nil` where only ``rules`` are given.
    public var calibrated: DriftDetectorSettings?
    public var rules: [DriftRuleConfiguration]
    /// Columns that are watched only by rules which name them.
    public var excluded: [String]
    /// Statistics of whole rows; none without ``calibrated``, whose budget they share.
    public var multivariate: [MultivariateStatistic]

    init(_ reader: CheckedReader) {
        let excluded = reader.table.texts("exclude") ?? []
        self.excluded = excluded
        minimumSample = reader.integer("minimum_sample")
        let names = Set(reader.table.texts("multivariate") ?? [])
        multivariate = MultivariateStatistic.allCases.filter { names.contains($0.rawValue) }
        rules = reader.tables("rules").map(DriftRuleConfiguration.init)
        let budget = reader.table.text("false_alarms") ?? (reader.table.has("rules") ? nil : "1 per 30d")
        calibrated = budget.flatMap(FalseAlarmBudget.init).map { budget in
            let smallest = reader.table("smallest_effect")
            let severity: RuleSeverity = reader.choice("severity")
            return DriftDetectorSettings(
                budget: budget, calibration: reader.choice("calibration"),
                smallest: SmallestEffects(
                    shift: smallest.number("shift"), share: smallest.number("share"),
                    divergence: smallest.number("divergence")),
                minimumSample: minimumSample, columns: reader.table.texts("columns"), excluded: excluded,
                severity: severity.severity,
                clearAfter: reader.count("clear_after"))
        }
    }
}

public struct DriftRuleConfiguration: Sendable, Equatable {
    public var statistic: DriftStatistic
    /// `nil`: all that the statistic is defined for.
    public var columns: [String]?
    public var raise: Double
    /// At most `raise`.
    public var clear: Double
    public var maximumPValue: Double?
    /// 1…`of`.
    public var required: Int
    public var of: Int
    public var severity: RuleSeverity

    init(_ reader: CheckedReader) {
        statistic = reader.choice("statistic")
        columns = reader.table.texts("columns")
        raise = reader.number("raise")
        clear = reader.table.number("clear") ?? raise
        maximumPValue = reader.table.number("maximum_p_value")
        required = reader.count("required")
        of = reader.count("of")
        severity = reader.choice("severity")
    }
}

/// When live performance counts as degraded.
public struct PerformanceConfiguration: Sendable, Equatable {
    /// Labelled pairs in a window.
    public var minimumSample: Int64
    /// Whether performance is estimated before labels are in.
    public var estimates: Bool
    /// Labelled pairs that scores are calibrated on.
    public var calibrationPairs: Int64
    public var rules: [PerformanceRuleConfiguration]

    init(_ reader: CheckedReader) {
        minimumSample = reader.integer("minimum_sample")
        estimates = reader.boolean("estimate")
        calibrationPairs = reader.integer("calibration_pairs")
        rules = reader.tables("rules").map(PerformanceRuleConfiguration.init)
    }
}

/// The levels lie in the metric's own direction: below `raise` is bad where more is better, above it elsewhere.
public struct PerformanceRuleConfiguration: Sendable, Equatable {
    public var metric: PerformanceMetric
    public var raise: Double
    /// On the good side of `raise`, or equal to it.
    public var clear: Double
    public var evidence: PerformanceEvidence
    /// Whether it watches the estimate instead of what labels say.
    public var isEstimated: Bool
    /// 1…`of`.
    public var required: Int
    public var of: Int
    public var severity: RuleSeverity

    init(_ reader: CheckedReader) {
        metric = reader.choice("metric")
        raise = reader.number(metric.higherIsBetter ? "raise_below" : "raise_above")
        clear = reader.table.number("clear") ?? raise
        evidence = reader.choice("evidence")
        isEstimated = reader.boolean("estimated")
        required = reader.count("required")
        of = reader.count("of")
        severity = reader.choice("severity")
    }

    /// Whether a value below `raise` is the bad one.
    public var raisesBelow: Bool { metric.higherIsBetter }
}
