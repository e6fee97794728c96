import Events
import Statistics

extension VersionStream {
    func write(task: ModelTask, to writer: inout BinaryWriter) {
        writer.write(number)
        writer.write(key.version)
        writer.write(newestMicroseconds)
        segmentPlan.write(to: &writer)
        writer.write(UInt32(driftPanes.count))
        for (pane, open) in driftPanes.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            open.write(to: &writer)
            writeSegments(open.segments.mapValues { $0.summary() }, to: &writer)
        }
        writer.write(UInt32(performancePanes.count))
        for (pane, open) in performancePanes.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            writer.write(bytes: open.summary.serialized())
            writeSegments(open.segments, to: &writer)
            writer.write(bytes: LabelledRowCodec.encode(open.rows))
        }
        writer.write(UInt32(retained.count))
        for pane in retained.keys.sorted() {
            writer.write(pane)
            retained[pane, default: RowSample(capacity: 0)].write(to: &writer)
        }
        writeEstimates(task: task, to: &writer)
    }

    /// - Returns: whether the snapshot's segments are those of today. Where they are not (another configuration), what
    ///   was counted so far is `other` in every segment column, and so are the predictions that wait.
    func restore(from reader: inout BinaryReader, version format: UInt8, settings: ModelSettings) throws -> Bool {
        newestMicroseconds = try reader.read()
        let keepsSegments = format >= 2 ? try segmentPlan.isWhatWasWritten(in: &reader) : segmentPlan.isEmpty
        let columns = keepsSegments ? segmentPlan.columns.count : SegmentSettings.maximumColumns
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            let open = try OpenDriftPane(from: &reader, version: format, encoder: encoder, settings: settings)
            let parts = format >= 2 ? try readSegments(&reader, as: PaneSummary.self, columns: columns) : [:]
            restore(parts, keepsSegments: keepsSegments, into: open)
            driftPanes[pane] = open
        }
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            let open = openPerformancePane(pane, settings: settings)
            open.summary = try PerformanceSummary(serialized: try reader.readBytes())
            guard open.summary.task == settings.task else {
                throw BinaryReader.Damage(
                    at: 0, "model \(settings.name) was checkpointed with another task or positive label")
            }
            let parts = format >= 2 ? try readSegments(&reader, as: PerformanceSummary.self, columns: columns) : [:]
            open.segments = keepsSegments ? parts : everythingElse(open.summary)
            open.rows = try LabelledRowCodec.decode(try reader.readBytes())
        }
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            retained[pane] = try RowSample(from: &reader, capacity: settings.rowsPerPane)
        }
        if format >= 4 { try restoreEstimates(from: &reader, version: format) }
        return keepsSegments
    }

    private func restore(_ parts: [SegmentCell: PaneSummary], keepsSegments: Bool, into open: OpenDriftPane) {
        guard countsDriftBySegment, let summary = open.accumulator?.summary() else { return }
        // Drift by segment may have been switched on since: then there is nothing to keep.
        let isWhole = keepsSegments && (!parts.isEmpty || summary.events == 0)
        for (cell, part) in isWhole ? parts : everythingElse(summary) { open.accumulator(of: cell).add(part) }
    }

    /// All of a summary as `other` in every segment column.
    private func everythingElse<Summary>(_ summary: Summary) -> [SegmentCell: Summary] {
        Dictionary(uniqueKeysWithValues: segmentPlan.cells(SegmentIndices()).map { ($0, summary) })
    }
}

private func writeSegments<Summary: MergeableSummary>(_ parts: [SegmentCell: Summary], to writer: inout BinaryWriter) {
    writer.write(UInt32(parts.count))
    for (cell, part) in parts.sorted(by: { $0.key < $1.key }) {
        writer.write(cell.position)
        writer.write(cell.index)
        writer.write(bytes: part.serialized())
    }
}

private func readSegments<Summary: MergeableSummary>(
    _ reader: inout BinaryReader, as type: Summary.Type, columns: Int
) throws -> [SegmentCell: Summary] {
    let parts = try reader.readArray { reader in
        let cell = SegmentCell(position: try reader.read(), index: try reader.read())
        return (cell, try Summary(serialized: try reader.readBytes()))
    }
    guard parts.allSatisfy({ Int($0.0.position) < columns }) else {
        throw BinaryReader.Damage(at: 0, "a segment column that cannot be")
    }
    return Dictionary(parts) { first, _ in first }
}

extension SegmentPlan {
    func write(to writer: inout BinaryWriter) {
        writer.write(UInt32(columns.count))
        for column in columns {
            writer.write(column.name)
            writer.write(column.labels)
        }
    }

    /// Whether the plan that was written has the same columns and labels as this one.
    func isWhatWasWritten(in reader: inout BinaryReader) throws -> Bool {
        let written = try reader.readArray { reader in
            (name: try reader.readString(), labels: try reader.readStrings())
        }
        return written.map(\.name) == columns.map(\.name) && written.map(\.labels) == columns.map(\.labels)
    }
}

extension OpenDriftPane {
    func write(to writer: inout BinaryWriter) {
        writer.write(UInt8(accumulator == nil ? 0 : 1))
        if let accumulator {
            writer.write(bytes: accumulator.summary().serialized())
            sampledRows.write(to: &writer)
        } else {
            writer.write(learningEvents)
            writer.write(learningDuplicates)
            learningRows.write(to: &writer)
        }
    }

    convenience init(
        from reader: inout BinaryReader, version format: UInt8, encoder: ReferenceEncoder?, settings: ModelSettings
    ) throws {
        let learnedRows = settings.learnedRows
        let isCounted: UInt8 = try reader.read()
        guard isCounted != 0 else {
            self.init(encoder: nil, learnedRows: learnedRows, estimatedRows: settings.estimatedRows)
            learningEvents = try reader.read()
            if format >= 2 { learningDuplicates = try reader.read() }
            learningRows = try RowSample(from: &reader, capacity: learnedRows)
            return
        }
        let summary = try PaneSummary(serialized: try reader.readBytes())
        guard let encoder, encoder.profile.id == summary.reference else {
            throw BinaryReader.Damage(at: 0, "an open pane counts on reference \(summary.reference), which is not here")
        }
        self.init(
            encoder: encoder, learnedRows: learnedRows, sampledRows: settings.sampledRows,
            estimatedRows: settings.estimatedRows)
        accumulator?.add(summary)
        if format >= 3 { sampledRows = try RowSample(from: &reader, capacity: settings.sampledRows) }
    }
}

extension RowSample<RetainedPrediction> {
    mutating func write(to writer: inout BinaryWriter) {
        let rows = sorted()
        writer.write(bound)
        writer.write(UInt32(rows.count))
        for row in rows {
            writer.write(row.identifier)
            row.item.write(to: &writer)
        }
    }

    init(from reader: inout BinaryReader, capacity: Int) throws {
        self.init(capacity: capacity)
        let bound = try reader.readIdentifier()
        for (identifier, row) in try reader.readArray({
            (try $0.readIdentifier(), try RetainedPrediction(from: &$0))
        }) {
            offer(identifier, row)
        }
        self.bound = bound
    }
}

extension RetainedPrediction {
    package func write(to writer: inout BinaryWriter) {
        writer.write(timeMicroseconds)
        writer.write(recordMicroseconds)
        writer.write(bytes: message)
    }

    package init(from reader: inout BinaryReader) throws {
        self.init(
            timeMicroseconds: try reader.read(), recordMicroseconds: try reader.read(),
            message: try reader.readBytes())
    }
}
