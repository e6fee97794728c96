import Events
public import Statistics

/// Learns the reference of a version that came without one: its first events, in whole panes, until there are enough.
///
/// Whole panes, because which pane an event belongs to does not depend on how the partitions interleave.
public struct ReferenceLearner: Sendable {
    /// Events wanted for the reference.
    public let wantedEvents: Int
    var panes: [Int64: [Int32: LearningPart]] = [:]

    struct LearningPart: Sendable, Equatable {
        var events: Int64
        /// Second deliveries that were left out.
        var duplicates: Int64
        var rows: [RetainedPrediction]
    }

    public init(wantedEvents: Int) {
        self.wantedEvents = wantedEvents
    }

    /// The newest pane before `pane`; `nil` when there is none.
    public func lastPane(before pane: Int64) -> Int64? { panes.keys.lazy.filter { $0 < pane }.max() }

    /// The oldest pane after `pane`; `nil` when there is none.
    public func firstPane(after pane: Int64) -> Int64? { panes.keys.lazy.filter { $0 > pane }.min() }

    /// Events in the panes so far.
    public var events: Int64 { panes.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.events } } }

    /// Events in the panes below `boundary`.
    public func events(before boundary: Int64) -> Int64 {
        panes.reduce(0) { $1.key < boundary ? $0 + $1.value.values.reduce(0) { $0 + $1.events } : $0 }
    }

    /// The columns of a pane's events, by name, as at most `limit` of them show.
    public func columns(of pane: Int64, limit: Int) -> [(name: String, kind: ColumnKind)] {
        FeatureColumns.columns(of: Array(rows(of: pane).prefix(limit))).map { column in
            switch column.values {
            case .numeric: (name: column.name, kind: .numeric)
            case .categorical: (name: column.name, kind: .categorical)
            case .boolean: (name: column.name, kind: .boolean)
            }
        }
    }

    /// Takes a pane that closed without a reference; one that is there already is left as it is.
    @discardableResult
    public mutating func add(
        _ pane: Int64, partition: Int32, events: Int64, duplicates: Int64 = 0, rows: [RetainedPrediction]
    ) -> Bool {
        guard panes[pane]?[partition] == nil else { return false }
        panes[pane, default: [:]][partition] = LearningPart(events: events, duplicates: duplicates, rows: rows)
        return true
    }

    /// The reference and the last pane it was learned from, once the panes below `boundary` hold enough events. The
    /// model's own predictions are a column of it.
    public func learned(
        closedBefore boundary: Int64, task: ModelTask
    ) -> (profile: ReferenceProfile, lastPane: Int64)? {
        var count: Int64 = 0
        for pane in panes.keys.sorted() where pane < boundary {
            count += panes[pane]?.values.reduce(0) { $0 + $1.events } ?? 0
            guard count >= Int64(wantedEvents) else { continue }
            let rows = ownRows(through: pane)
            let columns = FeatureColumns.columns(of: rows)
            let predictions = PredictionColumn.column(of: rows, task: task, beside: columns.map(\.name))
            return (ReferenceBuilder.build(columns: columns, predictions: predictions), pane)
        }
        return nil
    }

    /// The panes after the reference's own, counted on it.
    public func summaries(
        after lastPane: Int64, on encoder: ReferenceEncoder, task: ModelTask,
        segments: SegmentSettings = SegmentSettings()
    ) -> [(pane: Int64, partition: Int32, counted: LearnedPanes.Counted)] {
        panes.keys.sorted().filter { $0 > lastPane }.flatMap { pane in
            (panes[pane] ?? [:]).sorted { $0.key < $1.key }.map { partition, part in
                (
                    pane: pane, partition: partition,
                    counted: LearnedPanes.count(
                        part.rows, duplicates: part.duplicates, on: encoder, task: task, segments: segments)
                )
            }
        }
    }

    /// The reference's own panes, up to and with `lastPane`, counted on it.
    public func ownSummaries(
        through lastPane: Int64, on encoder: ReferenceEncoder, task: ModelTask
    ) -> [(pane: Int64, summary: PaneSummary)] {
        panes.keys.sorted().filter { $0 <= lastPane }.map { pane in
            (pane: pane, summary: LearnedPanes.count(rows(of: pane), on: encoder, task: task).summary)
        }
    }

    /// The rows of the reference's own panes, up to and with `lastPane`.
    public func ownRows(through lastPane: Int64) -> [RetainedPrediction] {
        panes.keys.sorted().filter { $0 <= lastPane }.flatMap { rows(of: $0) }
    }

    private func rows(of pane: Int64) -> [RetainedPrediction] {
        (panes[pane] ?? [:]).sorted { $0.key < $1.key }.flatMap { $0.value.rows }
    }
}

/// Counts rows that were kept whole, as if their reference had been known when they came.
public enum LearnedPanes {
    /// A pane as it would have closed.
    public struct Counted: Sendable {
        public var summary: PaneSummary
        /// Its parts, where drift is counted by segment.
        public var segments: [SegmentPart<PaneSummary>]
    }

    /// Counts the rows on a reference.
    ///
    /// - Parameters:
    ///   - duplicates: second deliveries that were left out. They belong to no row, and so to the segment `other`.
    ///   - task: of the model that made the predictions; `nil` leaves them out, where the reference is of another one.
    public static func count(
        _ rows: [RetainedPrediction], duplicates: Int64 = 0, on encoder: ReferenceEncoder, task: ModelTask? = nil,
        segments settings: SegmentSettings = SegmentSettings()
    ) -> Counted {
        let pane = OpenDriftPane(encoder: encoder, learnedRows: 0)
        let stream = VersionStream(
            key: ModelVersionKey(model: "", version: ""), number: 0, encoder: encoder, segments: settings)
        let decoder = EventDecoder(limits: .unlimited)
        for row in rows {
            row.message.withUnsafeBytes { bytes in
                guard
                    case .event(let event) = decoder.decode(bytes, recordTimeMicroseconds: row.recordMicroseconds)
                else { return }
                stream.count(
                    event.features, predicted: task.map { stream.predicted(event, task: $0) } ?? .unknown,
                    segments: stream.segments(of: event.features), into: pane)
            }
        }
        if duplicates > 0 { stream.countDuplicates(duplicates, segments: SegmentIndices(), in: pane) }
        return Counted(
            summary: pane.accumulator?.summary() ?? PaneSummary(empty: encoder),
            segments: stream.segmentPlan.parts(pane.segments.mapValues { $0.summary() }))
    }
}

extension LearnedPanes {
    /// Labelled rows by the pane of their prediction, counted on a reference, without what was predicted; in order of
    /// time.
    public static func summaries(
        of rows: [LabelledRow], on encoder: ReferenceEncoder, geometry: PaneGeometry
    ) -> [(pane: Int64, summary: PaneSummary)] {
        summaries(of: rows.map(RetainedPrediction.init), on: encoder, geometry: geometry)
    }

    /// Labelled rows together, counted on a reference, without what was predicted.
    public static func summary(of rows: [LabelledRow], on encoder: ReferenceEncoder) -> PaneSummary {
        count(rows.map(RetainedPrediction.init), on: encoder).summary
    }
}
