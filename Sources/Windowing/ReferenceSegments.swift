import Events
public import Statistics

/// The segments that a reference makes, for its own rows.
///
/// Only columns that the reference has: of another one every event is `other`, which is the whole.
public struct ReferenceSegments: Sendable {
    /// One segment column.
    public struct Column: Sendable {
        /// In the reference.
        public let column: Int
        /// The segments' names in the reference's order, `other` last; each once.
        public let segments: [SegmentKey]
        /// Of each cell, into `segments`.
        fileprivate let segmentOfCell: [Int]

        /// The segment of a value by its cell (`ReferenceEncoder`), into `segments`; `nil` for values that have none.
        public func segment(ofCell cell: Int?) -> Int { cell.map { segmentOfCell[$0] } ?? segments.count - 1 }
    }

    public let columns: [Column]

    public init(_ settings: SegmentSettings, profile: ReferenceProfile) {
        columns = SegmentPlan(settings, profile: profile).columns.filter { $0.column >= 0 }.map(Column.init)
    }
}

extension ReferenceSegments.Column {
    fileprivate init(_ plan: SegmentPlan.Column) {
        column = plan.column
        // Names that read the same are one segment, here as in panes: a category may be called `other`, or be written in
        // two ways that Unicode holds for equal.
        var names: [String] = []
        var places: [String: Int] = [:]
        for label in plan.labels where label != SegmentKey.other && places[label] == nil {
            places[label] = names.count
            names.append(label)
        }
        segments = (names + [SegmentKey.other]).map { SegmentKey(column: plan.name, value: $0) }
        let other = names.count
        segmentOfCell = plan.indexOfCell.map { index in
            guard Int(index) < plan.labels.count else { return other }
            return places[plan.labels[Int(index)]] ?? other
        }
    }
}

extension LearnedPanes {
    /// The rows of a reference by segment, every segment that the reference makes among them.
    public static func bySegment(
        _ rows: [RetainedPrediction], on encoder: ReferenceEncoder, segments settings: SegmentSettings
    ) -> [(segment: SegmentKey, rows: [RetainedPrediction])] {
        let plan = ReferenceSegments(settings, profile: encoder.profile)
        let stream = VersionStream(
            key: ModelVersionKey(model: "", version: ""), number: 0, encoder: encoder,
            segments: SegmentSettings(
                columns: plan.columns.compactMap { $0.segments.last?.column }, maximumValues: settings.maximumValues))
        var places: [SegmentKey: Int] = [:]
        var found: [(segment: SegmentKey, rows: [RetainedPrediction])] = []
        for segment in plan.columns.flatMap(\.segments) {
            places[segment] = found.count
            found.append((segment, []))
        }
        let decoder = EventDecoder(limits: .unlimited)
        for row in rows {
            let keys = row.message.withUnsafeBytes { bytes -> [SegmentKey] in
                guard
                    case .event(let event) = decoder.decode(bytes, recordTimeMicroseconds: row.recordMicroseconds)
                else { return [] }
                let cells = stream.segmentPlan.cells(stream.segments(of: event.features))
                return cells.map(stream.segmentPlan.key)
            }
            for place in keys.compactMap({ places[$0] }) { found[place].rows.append(row) }
        }
        return found
    }

    /// Kept rows by the pane of their time, counted on a reference; in order of time.
    /// - Parameter task: of the model that made the predictions; `nil` leaves them out.
    public static func summaries(
        of rows: [RetainedPrediction], on encoder: ReferenceEncoder, geometry: PaneGeometry, task: ModelTask? = nil
    ) -> [(pane: Int64, summary: PaneSummary)] {
        Dictionary(grouping: rows) { geometry.pane(at: $0.timeMicroseconds) }
            .sorted { $0.key < $1.key }
            .map { pane, rows in (pane: pane, summary: count(rows, on: encoder, task: task).summary) }
    }
}

extension RetainedPrediction {
    /// The prediction of a labelled row.
    public init(_ row: LabelledRow) {
        self.init(
            timeMicroseconds: row.predictionMicroseconds, recordMicroseconds: row.recordMicroseconds,
            message: row.message)
    }
}
