import Storage

/// Makes events of a table's rows. The offsets count on.
struct CSVEvents {
    let mapping: CSVMapping
    let layout: CSVLayout
    let source: Int
    /// The offset of the next message.
    var offset: Int64 = 0
    private var writer = JSONWriter()

    init(mapping: CSVMapping, layout: CSVLayout, source: Int, offset: Int64 = 0) {
        self.mapping = mapping
        self.layout = layout
        self.source = source
        self.offset = offset
    }

    /// The row's prediction, and its outcome where that is known.
    /// - Throws: `malformed`, without a place, for a row that is no event.
    mutating func messages(
        of cells: CSVRow, row: Int64
    ) throws(StorageError) -> (prediction: SourceMessage, outcome: SourceMessage?) {
        let time = try time(of: cells, row: row)
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
            return (prediction, message(id: id, time: time))
        }
        return (prediction, nil)
    }

    private func time(of cells: CSVRow, row: Int64) throws(StorageError) -> Int64 {
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
            throw malformed("\"\(cells.text(column))\" in column \"\(layout.header[column])\" is no number")
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
        StorageError(.malformed, message, path: "")
    }
}

extension CSVCell {
    var isMissing: Bool {
        if case .missing = self { true } else { false }
    }
}

extension StorageError {
    /// The same, with its place.
    func at(path: String, line: Int?) -> StorageError { StorageError(code, message, path: path, line: line) }
}
