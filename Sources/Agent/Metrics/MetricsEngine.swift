import Learning
import Statistics

/// The engine behind `tidewatch metrics`.
enum MetricsEngine {
    static func run(_ table: Table, _ options: MetricsOptions) throws -> MetricsReport {
        let table = MetricsTable(table: table, options: options)
        // Names first: a typing error is said before anything is computed.
        _ = try table.column(options.label, option: "--label")
        for name in options.segments { _ = try table.column(name, option: "--segment") }
        for name in options.protected { _ = try table.column(name, option: "--protected") }
        let task = try table.task()
        if task != .binary, !options.protected.isEmpty {
            throw MetricsError("--protected compares positive decisions, and the task is \(task.rawValue)")
        }
        if task != .binary, options.costs != nil {
            throw MetricsError("--cost gives the value of binary decisions, and the task is \(task.rawValue)")
        }
        let rows: any MetricsRows =
            switch task {
            case .binary, .auto: try BinaryRows(table)
            case .multiclass: try MulticlassRows(table)
            case .regression: try RegressionRows(table)
            case .ranking: try RankingRows(table)
            }
        guard !rows.usable.isEmpty else {
            throw MetricsError("no row has both a label in \"\(options.label)\" and a prediction")
        }
        var report = MetricsReport(
            task: task, rows: rows.usable.count, rowsLeftOut: table.table.rowCount - rows.usable.count)
        rows.fill(&report)
        report.metrics = rows.metrics(rows.usable)
        for name in options.segments {
            report.segments.append((name, try parts(rows, table.segments(name, option: "--segment"))))
        }
        if let binary = rows as? BinaryRows {
            for name in options.protected {
                let (names, ofRow) = try table.segments(name, option: "--protected")
                let found = grouped(rows.usable, ofRow, count: names.count)
                let confusions = zip(names, found).filter { !$0.1.isEmpty }.map { ($0, binary.confusion($1)) }
                report.fairness.append((name, FairnessReport(confusions)))
            }
        }
        return report
    }

    private static func parts(
        _ rows: any MetricsRows, _ segments: (names: [String], ofRow: [Int])
    ) -> [MetricsReport.Segment] {
        zip(segments.names, grouped(rows.usable, segments.ofRow, count: segments.names.count)).compactMap {
            $1.isEmpty ? nil : MetricsReport.Segment(name: $0, rows: $1.count, metrics: rows.metrics($1))
        }
    }

    private static func grouped(_ rows: [Int], _ ofRow: [Int], count: Int) -> [[Int]] {
        var groups = [[Int]](repeating: [], count: count)
        for row in rows { groups[ofRow[row]].append(row) }
        return groups
    }
}

/// The rows of one task, ready for any part of them to be measured.
protocol MetricsRows {
    /// Those with a label and a prediction.
    var usable: [Int] { get }
    func metrics(_ rows: [Int]) -> [MetricsReport.Named]
    /// What is only said of all rows: classes, confusion matrix, pictures.
    func fill(_ report: inout MetricsReport)
}

extension MetricsRows {
    func named(_ found: [(metric: PerformanceMetric, value: MetricValue)]) -> [MetricsReport.Named] {
        found.map { ($0.metric.rawValue, $0.value) }
    }
}
