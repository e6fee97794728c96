import BenchmarkPeers
import Detection
import Foundation
import Statistics
import TidewatchTestKit

/// The same panes without drift shown to Evidently and NannyML as they come, and to Tidewatch.
enum PeerDefaults {
    static func run() throws {
        print("defaults of others on the same panes of 30 columns, per month of 720 hourly panes")
        for (rows, pane) in [(5_000, 500), (10_000, 1_000)] { try run(rows: rows, pane: pane, panes: 24) }
    }

    private static func run(rows: Int, pane: Int, panes: Int) throws {
        let kinds = (0..<30).map { NullKind.allCases[$0 % NullKind.allCases.count] }
        var stream = DriftStream(seed: UInt64(rows + pane))
        let folder = FileManager.default.temporaryDirectory.appending(path: "tidewatch-peers-\(rows)-\(pane)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path())") }
        }
        let before = kinds.map { $0.values(rows, &stream) }
        let reference = ReferenceBuilder.build(
            columns: before.enumerated().map { (name: "column\($0.offset)", values: $0.element) })
        let later = kinds.map { $0.values(pane * panes, &stream) }
        try csv(before, pane: nil).write(to: folder.appending(path: "reference.csv"), atomically: true, encoding: .utf8)
        try csv(later, pane: pane).write(to: folder.appending(path: "panes.csv"), atomically: true, encoding: .utf8)
        let encoder = ReferenceEncoder(reference)
        let own = BudgetSuite.alarms(hours: panes, reference: reference) { hour in
            summary(later, rows: (hour * pane)..<((hour + 1) * pane), encoder)
        }
        let month = 720 / Double(panes)
        print("  m = \(rows), n = \(pane): tidewatch (budget 1 per month) \(Double(own[1].total) * month) alarms")
        let output = try Peers.run(
            script: "drift_defaults.py",
            arguments: [folder.appending(path: "reference.csv").path(), folder.appending(path: "panes.csv").path()])
        for line in (output ?? "").split(separator: "\n") {
            let fields = line.split(separator: ",").map(String.init)
            guard fields.count == 5, let alarms = Double(fields[1]), let any = Double(fields[2]) else { continue }
            print("  m = \(rows), n = \(pane): \(fields[0]) \(alarms * month) column alarms in \(any * month) panes")
        }
    }

    private static func csv(_ columns: [ReferenceBuilder.ColumnValues], pane: Int?) -> String {
        var text = columns.indices.map { "column\($0)" }.joined(separator: ",") + (pane == nil ? "\n" : ",pane\n")
        for row in 0..<(columns.first?.count ?? 0) {
            let fields = columns.map { values -> String in
                switch values {
                case .numeric(let numbers): numbers[row].isNaN ? "" : "\(numbers[row])"
                case .categorical(let texts): texts[row] ?? ""
                case .boolean(let flags): flags[row].map { $0 ? "true" : "false" } ?? ""
                }
            }
            text += fields.joined(separator: ",") + (pane.map { ",\(row / $0)\n" } ?? "\n")
        }
        return text
    }

    private static func summary(
        _ columns: [ReferenceBuilder.ColumnValues], rows: Range<Int>, _ encoder: ReferenceEncoder
    ) -> PaneSummary {
        let counter = PaneAccumulator(encoder: encoder)
        for row in rows {
            counter.events += 1
            for (index, values) in columns.enumerated() {
                switch values {
                case .numeric(let numbers): counter.add(numeric: numbers[row], column: index)
                case .categorical(let texts):
                    var text = texts[row] ?? ""
                    text.withUTF8 { counter.add(category: UnsafeRawBufferPointer($0), column: index) }
                case .boolean(let flags): counter.add(boolean: flags[row] ?? false, column: index)
                }
            }
        }
        return counter.summary()
    }
}
