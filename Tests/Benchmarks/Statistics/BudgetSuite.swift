import Detection
import Foundation
import Statistics
import TidewatchTestKit

/// Streams without drift: how many false alarms calibrated detection raises, next to the budget it was given.
enum BudgetSuite {
    static func run() throws {
        BudgetRow.printHeader()
        var broken: [String] = []
        func check(_ rows: [BudgetRow]) {
            for row in rows {
                do { try row.printed() } catch { broken.append("\(error)") }
            }
        }
        for rows in [1_000, 5_000, 50_000] {
            for pane in [200, 1_000, 5_000] { check(independent(rows: rows, pane: pane)) }
        }
        for rows in [1_000, 5_000, 50_000] { check(autocorrelated(rows: rows)) }
        check(seasonal())
        check(try weather())
        check(try census())
        try PeerDefaults.run()
        if !broken.isEmpty { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    /// Thirty columns, three of each kind; each run has a reference of its own and lasts a quarter.
    private static func independent(rows: Int, pane: Int) -> [BudgetRow] {
        let kinds = (0..<30).map { NullKind.allCases[$0 % NullKind.allCases.count] }
        let hours = 2_160
        let runs = BenchmarkScale.runs(8)
        let counts = Simulation.run(runs, seed: UInt64(rows * 10_007 + pane)) { stream, _ in
            var world = NullWorld(kinds: kinds, rows: rows, &stream)
            return alarms(hours: hours, reference: world.reference) { _ in world.pane(rows: pane) }
        }
        let labels = zip(kinds.indices, kinds).map { $1.rawValue }
        return rowsOf(counts, "iid, m = \(rows), n = \(pane)", hours: hours, labels: labels)
    }

    /// Judges every pane under both budgets.
    static func alarms(
        hours: Int, reference: ReferenceProfile, chunks: ReferenceChunks? = nil,
        calibration: DriftCalibration = .analytic, minimumSample: Int64 = 200, startHour: Int64 = 0,
        pane: (Int) -> PaneSummary
    ) -> [AlarmCount] {
        let budgets = BenchmarkScale.budgets()
        var detectors = budgets.map { budget in
            CalibratedDriftDetector(
                model: "m", version: "1",
                settings: DriftDetectorSettings(
                    budget: budget.budget, calibration: calibration, minimumSample: minimumSample),
                reference: reference, chunks: chunks)
        }
        var counts = budgets.map { _ in AlarmCount(columns: reference.allColumns.count) }
        for hour in 0..<hours {
            let start = (startHour + Int64(hour)) * BenchmarkScale.hour
            let window = DriftWindow(
                startMicroseconds: start, endMicroseconds: start + BenchmarkScale.hour, summary: pane(hour))
            for index in detectors.indices {
                let verdicts = detectors[index].judge(pane: window, reference: reference)
                // By thresholds nothing is promised.
                counts[index].add(verdicts.filter { $0.reason != .uncalibrated })
            }
        }
        return counts
    }

    static func rowsOf(
        _ counts: [[AlarmCount]], _ name: String, hours: Int, labels: [String] = []
    ) -> [BudgetRow] {
        BenchmarkScale.budgets().enumerated().map { index, budget in
            let runs = counts.map { $0[index] }
            let total = runs.reduce(0) { $0 + $1.total }
            var guilty: [String: Int] = [:]
            for run in runs {
                for (column, alarms) in run.alarms.enumerated() where alarms > 0 && column < labels.count {
                    guilty[labels[column], default: 0] += alarms
                }
            }
            let columns = guilty.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) (\($0.value))" }
            let changes = runs.reduce(into: [:]) { $0.merge($1.changes, uniquingKeysWith: +) }
                .sorted { $0.value > $1.value }.prefix(4).map { "\($0.key) (\($0.value))" }
            return BudgetRow(
                name: "\(name), \(budget.name)", alarms: total, months: Double(runs.count * hours) / 720,
                budget: budget.perMonth, remark: (columns + changes).joined(separator: ", "))
        }
    }
}
