/// What the last windows of one model version said, for whoever acts on it: the retraining policy, the log, a report.
public struct MonitorReport: Sendable, Equatable {
    public var drift: [Verdict]
    public var performance: [Verdict]

    public init(drift: [Verdict], performance: [Verdict]) {
        self.drift = drift
        self.performance = performance
    }

    /// Columns with any drift in the whole, by name.
    public var driftedColumns: [String] {
        Set(drift.compactMap { $0.status == .drift && $0.segment == nil ? $0.column : nil }).sorted()
    }

    /// Columns that could be judged in the whole: those with at least one verdict `ok` or `drift`.
    public var judgedColumnCount: Int {
        Set(
            drift.compactMap { verdict in
                verdict.segment == nil && (verdict.status == .ok || verdict.status == .drift) ? verdict.column : nil
            }
        ).count
    }

    /// Columns with any drift as a share of the columns judged, 0…1; 0 when none was.
    public var driftedShare: Double {
        let judged = judgedColumnCount
        return judged == 0 ? 0 : Double(driftedColumns.count) / Double(judged)
    }

    /// The verdict on a metric by its name (`accuracy`), if a rule watches it.
    public func performance(of metric: String) -> Verdict? {
        performance.first { $0.subject == .performance(metric: metric) && $0.segment == nil }
    }
}

/// `MonitorReport.driftedShare` of drift verdicts of one window.
public func driftedShare(_ verdicts: [Verdict]) -> Double {
    MonitorReport(drift: verdicts, performance: []).driftedShare
}

extension Verdict {
    /// The column a drift verdict speaks about.
    public var column: String? {
        switch subject {
        case .drift(let column, _): column
        case .multivariate, .performance, .estimate, .quality: nil
        }
    }
}
