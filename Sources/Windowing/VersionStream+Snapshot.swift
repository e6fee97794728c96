import Events
import Statistics

extension VersionStream {
    func write(to writer: inout BinaryWriter) {
        writer.write(number)
        writer.write(key.version)
        writer.write(newestMicroseconds)
        writer.write(UInt32(driftPanes.count))
        for (pane, open) in driftPanes.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            open.write(to: &writer)
        }
        writer.write(UInt32(performancePanes.count))
        for (pane, open) in performancePanes.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            writer.write(bytes: open.summary.serialized())
            writer.write(bytes: LabelledRowCodec.encode(open.rows))
        }
        writer.write(UInt32(retained.count))
        for pane in retained.keys.sorted() {
            writer.write(pane)
            retained[pane, default: RowSample(capacity: 0)].write(to: &writer)
        }
    }

    func restore(from reader: inout BinaryReader, settings: ModelSettings) throws {
        newestMicroseconds = try reader.read()
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            driftPanes[pane] = try OpenDriftPane(from: &reader, encoder: encoder, learnedRows: settings.learnedRows)
        }
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            let open = performancePane(pane, settings: settings)
            open.summary = try PerformanceSummary(serialized: try reader.readBytes())
            open.rows = try LabelledRowCodec.decode(try reader.readBytes())
        }
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            retained[pane] = try RowSample(from: &reader, capacity: settings.rowsPerPane)
        }
    }
}

extension OpenDriftPane {
    func write(to writer: inout BinaryWriter) {
        writer.write(UInt8(accumulator == nil ? 0 : 1))
        if let accumulator {
            writer.write(bytes: accumulator.summary().serialized())
        } else {
            writer.write(learningEvents)
            learningRows.write(to: &writer)
        }
    }

    convenience init(from reader: inout BinaryReader, encoder: ReferenceEncoder?, learnedRows: Int) throws {
        let isCounted: UInt8 = try reader.read()
        guard isCounted != 0 else {
            self.init(encoder: nil, learnedRows: learnedRows)
            learningEvents = try reader.read()
            learningRows = try RowSample(from: &reader, capacity: learnedRows)
            return
        }
        let summary = try PaneSummary(serialized: try reader.readBytes())
        guard let encoder, encoder.profile.id == summary.reference else {
            throw BinaryReader.Damage(at: 0, "an open pane counts on reference \(summary.reference), which is not here")
        }
        self.init(encoder: encoder, learnedRows: learnedRows)
        accumulator?.add(summary)
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
