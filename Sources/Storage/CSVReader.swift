/// A CSV file with a header line, by RFC 4180, row by row in bounded memory; gzip is recognised by its magic bytes.
///
/// A quoted cell may hold commas, doubled quotes and line ends. Blank lines are skipped. Blanks around a cell belong to
/// it, but not around a column's name. A row with more or fewer cells than the header, a quote that is never closed,
/// text behind a closing quote, and bytes that are no UTF-8 (or that were lost before: U+FFFD) are errors with file and line;
/// the row is consumed then, and the next call goes on behind it. A header of one column with semicolons, tabs or bars in its
/// name, not quoted, is an error that says so.
///
/// Copies share one place in the file: go on with one of them only.
public struct CSVReader {
    /// The columns' names, no two alike.
    public let header: [String]
    private let parser: CSVParser

    /// Opens the file and reads its header.
    /// - Parameter maximumRowBytes: a longer row is an error; a quote that is never closed would swallow the file.
    /// - Throws: `notFound`, `permission`, `ioFailure`, `corrupt`; `malformed` without a header or with a name twice.
    public init(path: String, maximumRowBytes: Int = 16 << 20) throws(StorageError) {
        let parser = CSVParser(lines: try LineReader(path: path, maximumLineBytes: maximumRowBytes), path: path)
        header = try parser.readHeader(maximumRowBytes: maximumRowBytes)
        self.parser = parser
    }

    /// The file's path.
    public var path: String { parser.path }

    /// The line, from 1, on which the row returned last begins.
    public var lineNumber: Int { parser.rowLine }

    /// The next row, or `nil` at the end. Its bytes are valid until the next call.
    /// - Throws: `malformed` with the row's line, `corrupt` for a damaged gzip stream, `ioFailure`.
    public mutating func nextRow() throws(StorageError) -> CSVRow? {
        try parser.nextRow()
    }

    /// The next row as text, or `nil` at the end.
    public mutating func next() throws(StorageError) -> [String]? {
        guard let row = try parser.nextRow() else { return nil }
        return row.indices.map { row.text($0) }
    }
}
