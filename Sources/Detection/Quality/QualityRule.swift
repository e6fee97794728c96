public import Statistics

/// How much bad data of one kind is too much.
///
/// A window counts when its share of bad values is above `maximumShare` (the effect), and when the exact binomial
/// test says that the true share is (the evidence, p ≤ `maximumPValue`): one bad event among ten million never counts,
/// a small window that is all wrong does. What the reference itself had is allowed for: see `QualityEvidence`.
public struct QualityRule: Codable, Sendable, Equatable {
    public var check: QualityCheck
    /// The columns it watches; `nil` for every column that the check is defined for.
    public var columns: [String]?
    /// 0…1. For `missing` the largest increase over the reference's share. Without meaning for `constant`.
    public var maximumShare: Double
    /// `outOfRange` only: how far beyond the reference's range a value may lie.
    public var margin: RangeMargin
    public var maximumPValue: Double
    /// Fewer events than this in a window are `insufficient`.
    public var minimumSample: Int64
    public var persistence: Persistence
    public var severity: Severity

    /// What is not given is the check's default.
    ///
    /// - Precondition: shares and p-values lie in 0…1, and `1 ≤ required ≤ of`; configuration is checked before.
    public init(
        check: QualityCheck, columns: [String]? = nil, maximumShare: Double? = nil, margin: RangeMargin = .tenth,
        maximumPValue: Double = 0.001, minimumSample: Int64 = 20, required: Int = 1, of: Int = 1,
        severity: Severity = .warning
    ) {
        self.check = check
        self.columns = columns
        self.maximumShare = maximumShare ?? Self.defaultShare(of: check)
        self.margin = margin
        self.maximumPValue = maximumPValue
        self.minimumSample = minimumSample
        self.persistence = Persistence(required: required, of: of)
        self.severity = severity
        precondition((0...1).contains(self.maximumShare) && (0...1).contains(maximumPValue))
    }

    /// One rule for each check, with the shares of ``defaultShare(of:)``.
    public static var defaults: [QualityRule] { QualityCheck.allCases.map { QualityRule(check: $0) } }

    /// Missing: 5 points more than in the reference. Unseen categories, values out of range, duplicates: 1 %. Wrong
    /// types and ±∞, which a healthy producer never sends: 0.1 %. Schema: half of the events.
    public static func defaultShare(of check: QualityCheck) -> Double {
        switch check {
        case .missing: 0.05
        case .unseenCategory, .outOfRange, .duplicates: 0.01
        case .typeMismatch, .invalidValue: 0.001
        case .constant, .schema: 0.5
        }
    }
}

extension [QualityRule] {
    /// At most one rule per check and severity: one that names the column before one for all, the last of equals.
    func applying(to column: String?) -> [QualityRule] {
        var chosen: [QualityRule] = []
        for rule in self where rule.check.hasColumns == (column != nil) {
            guard rule.watches(column) else { continue }
            let rival = chosen.firstIndex { $0.check == rule.check && $0.severity == rule.severity }
            guard let rival else {
                chosen.append(rule)
                continue
            }
            if rule.columns != nil || chosen[rival].columns == nil { chosen[rival] = rule }
        }
        return chosen
    }
}

extension QualityRule {
    func watches(_ column: String?) -> Bool {
        guard let column, let columns else { return true }
        return columns.contains(column)
    }
}
