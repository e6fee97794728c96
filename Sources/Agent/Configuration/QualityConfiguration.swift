public import Detection
public import Statistics

/// How much bad data of which kind is too much.
public struct QualityConfiguration: Sendable, Equatable {
    /// Whether every check is made with its default rule; `rules` come on top.
    public var usesDefaults: Bool
    /// Checks that are not made by default.
    public var disabledChecks: [QualityCheck]
    public var rules: [QualityRuleConfiguration]

    init(_ reader: CheckedReader) {
        usesDefaults = reader.boolean("defaults")
        disabledChecks = (reader.table.texts("disabled_checks") ?? []).compactMap(QualityCheck.init(rawValue:))
        rules = reader.tables("rules").map(QualityRuleConfiguration.init)
    }

    /// The default rules that are in force, then the rules given: of equals the last one counts.
    var qualityRules: [QualityRule] {
        let defaults = usesDefaults ? QualityRule.defaults.filter { !disabledChecks.contains($0.check) } : []
        return defaults + rules.map(\.rule)
    }
}

public struct QualityRuleConfiguration: Sendable, Equatable {
    public var check: QualityCheck
    /// `nil`: all that the check is defined for.
    public var columns: [String]?
    /// `nil`: the check's default.
    public var maximumShare: Double?
    public var margin: RangeMargin
    public var maximumPValue: Double
    public var minimumSample: Int64
    /// 1…`of`.
    public var required: Int
    public var of: Int
    public var severity: RuleSeverity

    init(_ reader: CheckedReader) {
        check = reader.choice("check")
        columns = reader.table.texts("columns")
        maximumShare = reader.table.number("maximum_share")
        margin = RangeMargin(share: reader.number("margin")) ?? .tenth
        maximumPValue = reader.number("maximum_p_value")
        minimumSample = reader.integer("minimum_sample")
        required = reader.count("required")
        of = reader.count("of")
        severity = reader.choice("severity")
    }

    var rule: QualityRule {
        QualityRule(
            check: check, columns: columns, maximumShare: maximumShare, margin: margin, maximumPValue: maximumPValue,
            minimumSample: minimumSample, required: required, of: of, severity: severity.severity)
    }
}

/// By which features a model is looked at in parts.
public struct SegmentConfiguration: Sendable, Equatable {
    public var columns: [String]
    /// Of one column; the rest is `other`.
    public var maximumValues: Int
    public var countsDrift: Bool

    init(_ reader: CheckedReader) {
        columns = reader.table.texts("segments") ?? []
        maximumValues = reader.count("segment_values")
        countsDrift = reader.boolean("segment_drift")
    }
}
