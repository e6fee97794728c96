/// Why a column of two tables was or was not called drifted, or could not be compared.
public enum ComparisonReason: String, Codable, Sendable, CaseIterable {
    case noEvidence = "no_evidence"
    /// Significant, but too small to matter.
    case evidenceWithoutEffect = "evidence_without_effect"
    /// Large enough to matter, but not significant.
    case effectWithoutEvidence = "effect_without_evidence"
    case evidenceAndEffect = "evidence_and_effect"
    case tooFewRows = "too_few_rows"
    /// No value on either side.
    case noValues = "no_values"
    case notComputable = "not_computable"
    case missingInReference = "missing_in_reference"
    case missingInCurrent = "missing_in_current"
    /// Numeric on one side, text or boolean on the other.
    case kindChanged = "kind_changed"

    /// `missing in current`: for people.
    public var text: String { rawValue.replacing("_", with: " ") }

    /// Whether the tables disagree about the column itself rather than about its values.
    public var isSchemaChange: Bool {
        switch self {
        case .missingInReference, .missingInCurrent, .kindChanged: true
        default: false
        }
    }
}

extension ComparisonReason {
    /// The reason of a verdict that wants evidence and effect.
    init(isEvident: Bool, isLarge: Bool) {
        self =
            switch (isEvident, isLarge) {
            case (true, true): .evidenceAndEffect
            case (true, false): .evidenceWithoutEffect
            case (false, true): .effectWithoutEvidence
            case (false, false): .noEvidence
            }
    }
}

/// One number of the report with what a reader needs to check it.
public struct ComparedStatistic: Sendable, Equatable {
    public var value: Double?
    public var pValue: Double?
    public var status: ComparisonStatus
    /// `exact` or `asymptotic` and the like, where there is a choice.
    public var method: String?
}

/// The test behind a column's verdict.
public struct DecidingTest: Codable, Sendable, Equatable {
    /// `ks` over the values of a numeric column, `chi_square` over the categories of another, missing ones included;
    /// `missing` over present, missing and infinite values of a numeric column.
    public var test: String
    /// Times two where `ks` and `missing` could both decide (Bonferroni); not corrected for the number of columns.
    public var pValue: Double

    private enum CodingKeys: String, CodingKey {
        case test
        case pValue = "p_value"
    }
}

/// Whether a number or a column could be compared.
public enum ComparisonStatus: String, Codable, Sendable, CaseIterable {
    case ok, insufficient
    case noData = "no_data"
    case error
}

/// What the comparison says of one column.
public struct ComparedColumn: Sendable, Equatable {
    public var column: String
    /// `numeric`, `categorical` or `boolean`: the reference's, or the current table's where the reference has none.
    public var kind: String
    public var status: ComparisonStatus
    /// Missing values as a share of all rows, 0…1; `nil` where the table lacks the column or has no rows.
    public var missingReference: Double?
    public var missingCurrent: Double?
    /// Infinite values, which no statistic counts; `nil` where the table lacks the column.
    public var invalidReference: Int?
    public var invalidCurrent: Int?
    /// By name, as in STATISTICS.md.
    public var statistics: [String: ComparedStatistic] = [:]
    /// `nil` unless `status` is `ok`.
    public var drift: Bool?
    /// `warning` or `critical` for a drifted column.
    public var severity: String?
    public var reason: ComparisonReason
    /// More of the reason, for people: what a changed kind was changed to, and a value that shows it.
    public var detail: String?
    /// The test that the decision was made on, with its own p-value.
    public var evidence: DecidingTest?
    /// The p-value the decision was made on, corrected for the number of columns.
    public var adjustedPValue: Double?
    /// `psi_excess`, the effect that the decision was made on, whether or not it was asked to be shown.
    public var effect: Double?
    /// For pictures only; not part of the JSON.
    public var histogram: ComparedHistogram?
}

/// Two tables compared, column by column and as a whole: the JSON of `tidewatch compare`.
public struct ComparisonReport: Sendable, Equatable {
    public var rowsReference: Int
    public var rowsCurrent: Int
    /// In the reference's order; columns that only the current table has come last.
    public var columns: [ComparedColumn]
    /// Where asked for.
    public var multivariate: MultivariateReport?

    /// The names of the drifted columns, in order.
    public var driftedColumns: [String] { columns.filter { $0.drift == true }.map(\.column) }

    /// Drifted columns as a share of those that could be judged; `nil` when none could.
    public var driftedShare: Double? {
        let judged = columns.count { $0.drift != nil }
        return judged == 0 ? nil : Double(driftedColumns.count) / Double(judged)
    }

    /// Whether any column drifted, or the rows as a whole.
    public var hasDrifted: Bool { !driftedColumns.isEmpty || multivariate?.drifted.isEmpty == false }

    /// What `--fail-on-drift` asks: drift, a table that no longer has the reference's columns, or no column that could be
    /// judged: a job that lets tables pass must not let an empty one pass.
    public var hasFailed: Bool {
        driftedShare == nil || hasDrifted || columns.contains { $0.reason.isSchemaChange }
    }

    /// Worst first: by severity, then schema changes, then by `psi_excess`; the report's order among equals.
    public var columnsBySeverity: [ComparedColumn] {
        columns.enumerated().sorted { left, right in
            let (a, b) = (left.element.rank, right.element.rank)
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
    }
}

extension ComparedColumn {
    /// `critical`, `warning`, `no drift`, or why nothing is said.
    var verdictText: String { severity ?? (drift == false ? "no drift" : status.rawValue) }

    fileprivate var rank: (Int, Double) {
        let group =
            if drift == true {
                severity == "critical" ? 3 : 2
            } else {
                reason.isSchemaChange ? 1 : 0
            }
        return (group, effect ?? -.greatestFiniteMagnitude)
    }
}

/// How often each cell of one column occurs on both sides, as shares of the shown values.
public struct ComparedHistogram: Sendable, Equatable {
    public var labels: [String]
    public var reference: [Double]
    public var current: [Double]
}
