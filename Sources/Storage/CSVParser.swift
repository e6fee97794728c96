#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Cuts lines into cells. A row without quotes is cut where it stands; one with quotes is copied without them.
final class CSVParser {
    let path: String
    private(set) var rowLine = 0

    private let lines: any TextLines
    private var maximumRowBytes = 0
    /// Cells a row must have; `nil` until the header is read.
    private var columnCount: Int?
    private let cells = OwnedArray<CSVRow.Cell>(minimumCapacity: 64)
    /// Cells of the row, even those beyond the columns, which are not stored.
    private var cellCount = 0
    /// A row without its quotes, and where its cells begin and end in it.
    private let unquoted = OwnedArray<UInt8>(minimumCapacity: 1_024)
    private var bounds: [(start: Int, end: Int, isQuoted: Bool)] = []

    /// Columns beyond this are a mistake in the file rather than a table.
    static let maximumColumns = 100_000

    init(lines: any TextLines, path: String) {
        self.lines = lines
        self.path = path
    }

    func readHeader(maximumRowBytes: Int) throws(StorageError) -> [String] {
        self.maximumRowBytes = maximumRowBytes
        guard let row = try nextRow() else {
            throw StorageError(
                .malformed, "the file has no header line; its first line must name the columns", path: path)
        }
        var names: [String] = []
        var known: Set<String> = []
        for index in row.indices {
            let bytes = row.isQuoted(index) ? row[index] : row[index].withoutBlanks
            let name = String(decoding: bytes, as: UTF8.self)
            guard known.insert(name).inserted else {
                throw malformed("the header names \"\(name)\" twice; rename one of the columns")
            }
            names.append(name)
        }
        if let name = names.first, names.count == 1, !row.isQuoted(0) { try checkSeparator(name) }
        columnCount = names.count
        return names
    }

    /// Goes on in the middle of a table whose header is known.
    func expect(columns count: Int, maximumRowBytes: Int) {
        columnCount = count
        self.maximumRowBytes = maximumRowBytes
    }

    func nextRow() throws(StorageError) -> CSVRow? {
        while let line = try lines.nextKeepingReturn() {
            rowLine = lines.lineNumber
            let content = line.withoutReturn
            guard !content.isEmpty else { continue }
            cells.removeAll()
            cellCount = 0
            if let base = line.baseAddress, memchr(base, 0x22, line.count) != nil {
                try cutQuoted(line)
            } else {
                try checkText(content)
                cut(content)
            }
            return try checkedRow()
        }
        return nil
    }

    /// One column whose name has the separators of other dialects in it is a table of such a dialect. Read as it stands, its
    /// rows would be refused for their decimal commas, or pass as one column of text.
    private func checkSeparator(_ name: String) throws(StorageError) {
        let dialects: [(separator: Character, name: String, code: String)] = [
            (";", "semicolons", ";"), ("\t", "tabs", "\\t"), ("|", "bars", "|"),
        ]
        guard let dialect = dialects.first(where: { name.contains($0.separator) }) else { return }
        let count = name.split(separator: dialect.separator, omittingEmptySubsequences: false).count
        throw malformed(
            "the header has no comma, and \(dialect.name) would make \(count) columns of it; cells are separated by "
                + "commas here: write the table so (pandas: read_csv(path, sep=\"\(dialect.code)\").to_csv(…, index=False)), "
                + "or put the name in quotes if it is one column's")
    }

    private func checkedRow() throws(StorageError) -> CSVRow {
        if let columnCount, cellCount != columnCount {
            throw malformed(
                "the row has \(cellCount) cells where the header has \(columnCount); quote cells that contain commas")
        }
        guard cellCount <= Self.maximumColumns else { throw malformed("the row has \(cellCount) cells") }
        return CSVRow(cells: cells.elements)
    }

    private func append(_ cell: CSVRow.Cell) {
        if cellCount < columnCount ?? Self.maximumColumns { cells.append(cell) }
        cellCount += 1
    }

    private func cut(_ line: UnsafeRawBufferPointer) {
        guard let base = line.baseAddress else { return }
        var start = 0
        for position in 0..<line.count where line[position] == 0x2C {
            append(CSVRow.Cell(start: base + start, count: position - start, isQuoted: false))
            start = position + 1
        }
        append(CSVRow.Cell(start: base + start, count: line.count - start, isQuoted: false))
    }

    /// Cuts a row that begins with this line and goes on while a quote is open.
    private func cutQuoted(_ first: UnsafeRawBufferPointer) throws(StorageError) {
        unquoted.removeAll()
        bounds.removeAll(keepingCapacity: true)
        var scanner = QuoteScanner()
        var line = first
        while true {
            scanner.scan(line, into: unquoted, bounds: &bounds)
            guard scanner.isQuoted else { break }
            unquoted.append(0x0A)
            guard unquoted.count <= maximumRowBytes else {
                throw malformed("a quote opened here is not closed within \(maximumRowBytes) bytes")
            }
            guard let next = try lines.nextKeepingReturn() else {
                throw malformed("a quote opened in this row is never closed; close it, or double quotes inside a cell")
            }
            line = next
        }
        guard !scanner.hasTextBehindQuote else {
            if columnCount == nil, bounds.count == 1 {
                try checkSeparator(String(decoding: unquoted.elements, as: UTF8.self))
            }
            throw malformed("text stands behind a closing quote; double quotes that belong to the text")
        }
        let bytes = UnsafeRawBufferPointer(unquoted.elements)
        try checkText(bytes)
        guard let base = bytes.baseAddress else { return }
        for cell in bounds {
            append(CSVRow.Cell(start: base + cell.start, count: cell.end - cell.start, isQuoted: cell.isQuoted))
        }
    }

    private func checkText(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        switch TextCheck.check(bytes) {
        case .good: return
        case .invalid: throw malformed("the text is not UTF-8; convert the file to UTF-8")
        case .replaced:
            throw malformed("the text holds U+FFFD: characters were lost when it was converted; convert it again")
        }
    }

    private func malformed(_ message: String) -> StorageError {
        StorageError(.malformed, message, path: path, line: rowLine)
    }
}

/// Takes quotes away, line by line.
private struct QuoteScanner {
    /// A quote is open at the end of what was scanned.
    private(set) var isQuoted = false
    private(set) var hasTextBehindQuote = false
    private var wasQuoted = false
    private var start = 0

    mutating func scan(
        _ line: UnsafeRawBufferPointer, into text: OwnedArray<UInt8>,
        bounds: inout [(start: Int, end: Int, isQuoted: Bool)]
    ) {
        var position = 0
        while position < line.count {
            let byte = line[position]
            if isQuoted {
                if byte != 0x22 {
                    text.append(byte)
                } else if position + 1 < line.count, line[position + 1] == 0x22 {
                    text.append(0x22)
                    position += 1
                } else {
                    isQuoted = false
                }
            } else if byte == 0x2C {
                close(&bounds, at: text.count)
            } else if byte == 0x22, text.count == start, !wasQuoted {
                isQuoted = true
                wasQuoted = true
            } else if byte == 0x0D, position == line.count - 1 {
                // The line's own end.
            } else {
                if wasQuoted { hasTextBehindQuote = true }
                text.append(byte)
            }
            position += 1
        }
        if !isQuoted { close(&bounds, at: text.count) }
    }

    private mutating func close(_ bounds: inout [(start: Int, end: Int, isQuoted: Bool)], at end: Int) {
        bounds.append((start: start, end: end, isQuoted: wasQuoted))
        start = end
        wasQuoted = false
    }
}
