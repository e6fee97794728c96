import Detection
import Foundation
import Statistics
import TidewatchTestKit
import Windowing

/// Streams without drift, judged in twenty segments of ten columns each beside the whole: how many false alarms all of
/// them raise together, next to the one budget that they share.
enum SegmentBudgetSuite {
    private static let segments = 20
    private static let hours = 4_380

    static func run() throws {
        BudgetRow.printHeader()
        var broken: [String] = []
        for rows in [5_000, 10_000, 50_000] {
            for row in rowsOf(rows: rows) {
                do { try row.printed() } catch { broken.append("\(error)") }
            }
        }
        if !broken.isEmpty { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    /// Half a year of hourly panes of 800 events, one column of each kind; each run has a reference of its own.
    private static func rowsOf(rows: Int) -> [BudgetRow] {
        let counts = Simulation.run(BenchmarkScale.runs(6), seed: UInt64(rows)) { stream, _ in
            var world = SegmentWorld(rows: rows, segments: segments, &stream)
            return alarms(&world)
        }
        return BenchmarkScale.budgets().enumerated().map { index, budget in
            let alarms = counts.flatMap { $0[index] }
            return BudgetRow(
                name: "\(segments) segments, \(rows) rows, \(budget.name)", alarms: alarms.count,
                months: Double(counts.count * hours) / 720, budget: budget.perMonth,
                remark: Set(alarms).sorted().prefix(6).joined(separator: ", "))
        }
    }

    /// What alarmed under each of the budgets: kind and change.
    private static func alarms(_ world: inout SegmentWorld) -> [[String]] {
        var monitors = BenchmarkScale.budgets().map { world.monitor($0.budget) }
        var alarms = [[String]](repeating: [], count: monitors.count)
        var raised = [Set<String>](repeating: [], count: monitors.count)
        for hour in 0..<hours {
            let (pane, parts) = world.pane(hour: Int64(hour))
            for index in monitors.indices {
                let verdicts = monitors[index].judge(pane: pane, reference: world.reference, segments: parts)
                for verdict in verdicts {
                    guard verdict.status == .drift else {
                        if verdict.status == .ok { raised[index].remove(verdict.detector) }
                        continue
                    }
                    guard raised[index].insert(verdict.detector).inserted else { continue }
                    alarms[index].append(world.name(of: verdict))
                }
            }
        }
        return alarms
    }
}

/// A reference whose rows are divided into segments, and panes of it in which every segment is as large.
private struct SegmentWorld {
    private var world: NullWorld
    private let parts: [SegmentReference]

    var reference: ReferenceProfile { world.reference }

    init(rows: Int, segments: Int, _ stream: inout DriftStream) {
        let values = NullKind.allCases.map { $0.values(rows, &stream) }
        world = NullWorld(kinds: NullKind.allCases, values: values, &stream)
        let encoder = world.encoder
        parts = (0..<segments).map { segment in
            let pane = PaneAccumulator(encoder: encoder)
            for row in stride(from: segment, to: rows, by: segments) {
                pane.events += 1
                for (column, values) in values.enumerated() { pane.add(values, row: row, column: column) }
            }
            return SegmentReference(
                segment: SegmentKey(column: "region", value: "r\(segment)"), rows: pane.events,
                summary: pane.summary())
        }
    }

    func monitor(_ budget: FalseAlarmBudget) -> ModelMonitor {
        let rules = MonitorRules(
            drift: [], performance: [], minimumDriftSample: 200, calibrated: DriftDetectorSettings(budget: budget))
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        monitor.watch(
            SegmentDriftWatch(
                of: reference, settings: SegmentSettings(columns: ["region"], countsDrift: true), rules: rules,
                parts: parts))
        return monitor
    }

    mutating func pane(hour: Int64) -> (whole: DriftWindow, parts: [String: PaneSummary]) {
        var whole: PaneSummary?
        var drawn: [String: PaneSummary] = [:]
        for part in parts {
            let summary = world.pane(rows: 40)
            drawn[part.segment.description] = summary
            if whole == nil { whole = summary } else { whole?.merge(summary) }
        }
        let start = hour * BenchmarkScale.hour
        let window = DriftWindow(
            startMicroseconds: start, endMicroseconds: start + BenchmarkScale.hour, summary: whole)
        return (window, drawn)
    }

    /// The kind of the column that alarmed, what changed, and where.
    func name(of verdict: Verdict) -> String {
        let index = reference.columns.firstIndex { $0.name == verdict.column } ?? 0
        let change = verdict.evidence?.change?.description ?? ""
        return "\(world.kinds[index].rawValue): \(change)" + (verdict.segment == nil ? " (whole)" : "")
    }
}

extension PaneAccumulator {
    fileprivate func add(_ values: ReferenceBuilder.ColumnValues, row: Int, column: Int) {
        switch values {
        case .numeric(let numbers): add(numeric: numbers[row], column: column)
        case .categorical(let texts):
            guard var text = texts[row] else { return addMissing(column: column) }
            text.withUTF8 { add(category: UnsafeRawBufferPointer($0), column: column) }
        case .boolean(let flags):
            guard let flag = flags[row] else { return addMissing(column: column) }
            add(boolean: flag, column: column)
        }
    }
}
