public import Statistics

/// Where the p-values of calibrated drift detection come from.
public enum DriftCalibration: String, Codable, Sendable, CaseIterable {
    /// From the law of the statistic, with over-dispersion where the reference's chunks show any.
    case analytic
    /// From ranks among the reference's own intervals, season and dependence removed.
    case empirical
    /// From fixed limits (`DriftRule`): no budget is kept.
    case threshold
}

/// What calibrated drift detection is asked for.
public struct DriftDetectorSettings: Codable, Sendable, Equatable {
    /// Of all columns together.
    public var budget: FalseAlarmBudget
    public var calibration: DriftCalibration
    public var smallest: SmallestEffects
    /// Panes are collected until they hold this many events; they are tested together.
    public var minimumSample: Int64
    /// The columns watched, features, prediction or target; `nil` for all of the reference.
    public var columns: [String]?
    /// What is left out where `columns` is `nil`; `nil` for nothing.
    public var excluded: [String]?
    /// Columns that may be named although the reference lacks them (`MonitorRules.elsewhere`).
    var elsewhere: [String]?
    public var severity: Severity
    /// So many unremarkable intervals in a row are needed to clear.
    public var clearAfter: Int

    /// - Precondition: the minimum sample is at least 20 and `clearAfter` at least 1.
    public init(
        budget: FalseAlarmBudget, calibration: DriftCalibration = .analytic,
        smallest: SmallestEffects = SmallestEffects(), minimumSample: Int64 = 200, columns: [String]? = nil,
        excluded: [String]? = nil, severity: Severity = .warning, clearAfter: Int = 3
    ) {
        precondition(minimumSample >= 20 && clearAfter >= 1, "an interval has 20 events or more")
        self.budget = budget
        self.calibration = calibration
        self.smallest = smallest
        self.minimumSample = minimumSample
        self.columns = columns
        self.excluded = excluded
        self.severity = severity
        self.clearAfter = clearAfter
    }

    func watches(_ column: ColumnReference) -> Bool { watches(named: column.name) }

    /// Whether a column of this name is watched where there is one.
    public func watches(named column: String) -> Bool {
        columns?.contains(column) ?? (excluded?.contains(column) != true)
    }
}
