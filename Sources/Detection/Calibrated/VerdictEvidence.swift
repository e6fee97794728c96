public import Statistics

/// What a calibrated verdict rests on besides its value and p-value.
public struct VerdictEvidence: Codable, Sendable, Equatable {
    public var calibration: DriftCalibration
    /// ln e of this interval alone, for e-BH over the columns; `nil` where the column could not be measured.
    public var logEValue: Double?
    /// ln M: the evidence since it last started afresh, this interval among it.
    public var logEvidence: Double?
    /// ln of the average run length that the budget grants this column: an alarm is raised where `logEvidence` reaches it.
    public var logBound: Double
    /// What the evidence speaks for most; the cause while raised.
    public var change: ColumnChange?
    /// The smallest change found within 24 intervals as large as this one, in at least half of the cases.
    public var detectable: DetectableEffect?
    /// Of whole rows: the columns that tell the window's rows from the reference's, most telling first.
    public var carriers: [String]?

    /// The change in words.
    public var changeText: String? {
        change?.description ?? carriers.map { "rows differ in \($0.joined(separator: ", "))" }
    }

    public init(
        calibration: DriftCalibration, logEValue: Double? = nil, logEvidence: Double? = nil, logBound: Double,
        change: ColumnChange? = nil, detectable: DetectableEffect? = nil
    ) {
        self.calibration = calibration
        self.logEValue = logEValue
        self.logEvidence = logEvidence
        self.logBound = logBound
        self.change = change
        self.detectable = detectable
    }
}

extension [Verdict] {
    /// The columns to name together for one interval when at most `level` of those named may be false on average (e-BH
    /// on the interval's e-values). Stricter than no correction and apart from the alarms, which look at all intervals.
    public func discoveries(level: Double) -> [String] {
        let measured = compactMap { verdict in
            verdict.evidence?.logEValue.flatMap { value in verdict.column.map { (column: $0, value: value) } }
        }
        let rejected = EBenjaminiHochberg.rejected(logEValues: measured.map(\.value), level: level)
        return zip(measured, rejected).filter(\.1).map(\.0.column)
    }
}
