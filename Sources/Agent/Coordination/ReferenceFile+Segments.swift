import Detection
import Learning
import Statistics
import Windowing

extension Table {
    /// The segments of a reference that is this table.
    ///
    /// - Parameters:
    ///   - panes: of each row, where its time is known.
    ///   - predictions: what the model said of each row, where the table has it.
    func segments(
        of model: ModelConfiguration, on encoder: ReferenceEncoder, panes: [Int64]?, predictions: TableColumn?
    ) -> SegmentDriftWatch {
        let settings = model.segments.settings
        let rules = model.monitorRules
        let plan = ReferenceSegments(settings, profile: encoder.profile)
        let parts = plan.columns.flatMap { zip($0.segments, rows(of: $0, on: encoder)) }
        return SegmentDriftWatch(
            of: encoder.profile, settings: settings, rules: rules,
            parts: parts.lazy.map { segment, rows in
                guard rows.count >= rules.minimumSegmentSample else {
                    return SegmentReference(segment: segment, rows: Int64(rows.count))
                }
                guard let panes else {
                    return SegmentReference(
                        segment: segment, rows: Int64(rows.count),
                        summary: self.summary(of: rows, predictions: predictions, on: encoder))
                }
                let summaries = Dictionary(grouping: rows) { panes[$0] }.sorted { $0.key < $1.key }.map {
                    (pane: $0.key, summary: self.summary(of: $0.value, predictions: predictions, on: encoder))
                }
                return SegmentReference(segment: segment, panes: summaries, geometry: model.geometry)
            })
    }

    /// The rows of each segment of a column.
    private func rows(of segments: ReferenceSegments.Column, on encoder: ReferenceEncoder) -> [[Int]] {
        var rows = [[Int]](repeating: [], count: segments.segments.count)
        guard let column = self[encoder.profile.columns[segments.column].name] else { return rows }
        let cells: [Int?]
        switch column.values {
        case .numeric(let numbers): cells = numbers.map { encoder.cell(ofNumber: $0, column: segments.column) }
        case .boolean(let flags): cells = flags.map { $0 < 0 ? nil : Int($0) }
        case .categorical(let codes, let categories):
            let known = categories.map { text in
                var text = text
                return text.withUTF8 { encoder.cell(ofCategory: UnsafeRawBufferPointer($0), column: segments.column) }
            }
            cells = codes.map { $0 < 0 ? nil : known[Int($0)] }
        }
        for (row, cell) in cells.enumerated() { rows[segments.segment(ofCell: cell)].append(row) }
        return rows
    }
}
