public import Storage

/// A scored table as events: each row becomes a prediction, and an outcome of the same time where its outcome cell is
/// not missing. Gzip or not; read as it is asked for.
///
/// Cells that look like numbers become JSON numbers, `true` and `false` booleans, missing ones `null`.
public struct CSVSource: EventSource {
    /// Rows left out because they could not be read (``CSVMapping/MalformedRows/count``).
    public private(set) var malformedRowCount = 0
    /// The first of them, for the report.
    public private(set) var firstMalformedRow: StorageError?

    private var reader: CSVReader
    private let mapping: CSVMapping
    private let layout: CSVLayout
    private let source: Int
    /// The number of the row read last, from 0; rows that could not be read have theirs too.
    private var row: Int64 = -1
    private var offset: Int64 = 0
    private var outcome: SourceMessage?
    private var writer = JSONWriter()

    /// - Throws: `StorageError` when the file cannot be read, has no column of a given name, or its rows would have no
    ///   time.
    public init(path: String, mapping: CSVMapping, source: Int = 0) throws(StorageError) {
        reader = try CSVReader(path: path)
        layout = try CSVLayout(mapping, header: reader.header, path: path)
        self.mapping = mapping
        self.source = source
    }

    public mutating func next(maximum: Int) throws -> [SourceMessage] {
        precondition(maximum > 0)
        var messages: [SourceMessage] = []
        while messages.count < maximum {
            if let waiting = outcome {
                outcome = nil
                messages.append(waiting)
            } else if let prediction = try nextPrediction() {
                messages.append(prediction)
            } else {
                break
            }
        }
        return messages
    }

    /// The prediction of the next readable row; leaves its outcome in `outcome`.
    private mutating func nextPrediction() throws(StorageError) -> SourceMessage? {
        while true {
            row += 1
            do throws(StorageError) {
                guard let cells = try reader.nextRow() else { return nil }
                return try messages(of: cells)
            } catch {
                guard error.code == .malformed, mapping.malformedRows == .count else { throw error }
                malformedRowCount += 1
                if firstMalformedRow == nil { firstMalformedRow = error }
            }
        }
    }

    private mutating func messages(of cells: CSVRow) throws(StorageError) -> SourceMessage {
        let time = try time(of: cells)
        let id = layout.id.map { Array(CSVCell.trimmed(cells[$0])) } ?? Array(String(row).utf8)
        guard !id.isEmpty, id.count <= EventDecoder.maximumIDBytes else {
            throw malformed("the id must have 1 to \(EventDecoder.maximumIDBytes) bytes")
        }
        begin("prediction", id: id, time: time)
        writer.field("version", mapping.version)
        writer.key("features")
        writer.beginObject()
        for feature in layout.features {
            let cell = CSVCell(cells[feature.column])
            writer.key(feature.name)
            if feature.isText, !cell.isMissing {
                writer.string(utf8: cells[feature.column])
            } else {
                writer.value(of: cell)
            }
        }
        writer.endObject()
        try number("score", in: layout.score, of: cells)
        try number("value", in: layout.value, of: cells)
        label(in: layout.prediction, of: cells)
        writer.endObject()
        let prediction = message(id: id, time: time)
        if let column = layout.outcome, !CSVCell(cells[column]).isMissing {
            begin("outcome", id: id, time: time)
            if layout.outcomeIsValue {
                try number("value", in: column, of: cells)
            } else {
                label(in: column, of: cells)
            }
            writer.endObject()
            outcome = message(id: id, time: time)
        }
        return prediction
    }

    private func time(of cells: CSVRow) throws(StorageError) -> Int64 {
        if let column = layout.time, !CSVCell(cells[column]).isMissing {
            let text = CSVCell.trimmed(cells[column])
            if let time = EventTime.parse(text) { return time }
            if let number = CSVCell(text).number, let time = EventTime.parse(epoch: number) { return time }
            throw malformed("\"\(cells.text(column))\" is no time; write 2020-10-01T00:00:00Z or an epoch number")
        }
        guard let start = mapping.startMicroseconds, let step = mapping.stepMicroseconds else {
            throw malformed("the row has no time; fill its cell, or give a start and a step")
        }
        let (offset, isTooFar) = step.multipliedReportingOverflow(by: row)
        let (time, overflows) = start.addingReportingOverflow(offset)
        guard !isTooFar, !overflows else { throw malformed("start and step lead beyond all times") }
        return time
    }

    private mutating func begin(_ kind: String, id: [UInt8], time: Int64) {
        writer.removeAll()
        writer.beginObject()
        writer.field("kind", kind)
        writer.field("id", String(decoding: id, as: UTF8.self))
        writer.field("time", EventTime.format(time))
        writer.field("model", mapping.model)
    }

    private mutating func number(_ name: String, in column: Int?, of cells: CSVRow) throws(StorageError) {
        guard let column else { return }
        let cell = CSVCell(cells[column])
        guard !cell.isMissing else { return }
        guard cell.number != nil else {
            throw malformed("\"\(cells.text(column))\" in column \"\(reader.header[column])\" is no number")
        }
        writer.key(name)
        writer.value(of: cell)
    }

    private mutating func label(in column: Int?, of cells: CSVRow) {
        guard let column else { return }
        let cell = CSVCell(cells[column])
        guard !cell.isMissing else { return }
        writer.key("label")
        writer.value(of: cell)
    }

    private mutating func message(id: [UInt8], time: Int64) -> SourceMessage {
        defer { offset += 1 }
        return SourceMessage(
            source: source, partition: 0, offset: offset, timestampMicroseconds: time, key: id, value: writer.bytes)
    }

    private func malformed(_ message: String) -> StorageError {
        StorageError(.malformed, message, path: reader.path, line: reader.lineNumber)
    }
}

extension CSVCell {
    var isMissing: Bool {
        if case .missing = self { true } else { false }
    }
}
