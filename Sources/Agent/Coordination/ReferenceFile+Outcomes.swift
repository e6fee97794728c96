import Detection
import Learning
import Statistics
import Windowing

extension OutcomeHistory {
    /// The labels of a reference table, by the panes of its rows or, without times, in one heap.
    /// - Returns: `nil` for a regression whose column holds no numbers.
    init?(_ labels: TableColumn, panes: [Int64]?, task: ModelTask, geometry: PaneGeometry) {
        let groups = Dictionary(grouping: 0..<labels.count) { panes?[$0] ?? 0 }
        guard let names = task.outcomeNames else {
            guard case .numeric(let numbers) = labels.values else { return nil }
            let read = groups.sorted { $0.key < $1.key }.map { pane, rows in
                Pane(startMicroseconds: geometry.start(of: pane), numbers: rows.map { numbers[$0] })
            }
            self.init(panes: read, tellsTime: panes != nil)
            return
        }
        let counted = groups.sorted { $0.key < $1.key }.map { pane, rows in
            var counts = [Int64](repeating: 0, count: names.count)
            for row in rows {
                guard let index = labels.text(at: row).flatMap(task.outcomeIndex) else { continue }
                counts[index] += 1
            }
            return Pane(startMicroseconds: geometry.start(of: pane), counts: counts)
        }
        self.init(panes: counted, tellsTime: panes != nil)
    }
}
