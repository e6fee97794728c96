/// The rows of CSV files as they are written, through their rotation; each file begins with its header. Rules and errors are
/// those of ``CSVReader``.
public final class FollowedRows {
    /// The columns' names in the file that is being read; empty before the first.
    public private(set) var header: [String] = []
    /// Counts the files whose header was read.
    public private(set) var fileNumber = 0

    private let feed: any LineFeed
    private let records: WholeRecords
    private let maximumRowBytes: Int
    private var parser: CSVParser?
    /// Reading began behind the file's header, so that its lines are not counted from the first.
    private var beganInside = false

    /// - Parameter maximumRowBytes: a longer row is an error; a quote that is never closed would swallow the file.
    public init(feed: any LineFeed, maximumRowBytes: Int = 16 << 20) {
        self.feed = feed
        self.maximumRowBytes = maximumRowBytes
        records = WholeRecords(feed: feed, maximumRowBytes: maximumRowBytes)
    }

    /// Where the next row begins; `nil` where there is no going back to it.
    public var place: FilePlace? { records.place }

    /// The row that was read last, or refused, as it is written.
    public var rowBytes: [UInt8] { records.bytes }

    /// The next row, or `nil` while there is none. Its bytes are valid until the next call.
    /// - Throws: `malformed` for a row, or a header, that breaks the rules; the next call goes on behind it.
    public func nextRow() throws(StorageError) -> CSVRow? {
        while try records.advance() {
            if records.fileNumber != fileNumber || parser == nil {
                fileNumber = records.fileNumber
                parser = nil
                if try readHeader() { continue }
            }
            guard let parser else { continue }
            do {
                if let row = try parser.nextRow() { return row }
            } catch {
                guard beganInside else { throw error }
                throw StorageError(error.code, error.message, path: error.path)
            }
        }
        return nil
    }

    /// Reads the file's header: its first row, or where reading begins further behind, from the file itself. Returns
    /// whether it was the row.
    private func readHeader() throws(StorageError) -> Bool {
        let parser = CSVParser(lines: records, path: feed.currentPath ?? feed.name)
        beganInside = !records.isFirst
        if records.isFirst {
            header = try parser.readHeader(maximumRowBytes: maximumRowBytes)
        } else {
            guard let path = feed.currentPath else { return true }
            header = try CSVReader(path: path, maximumRowBytes: maximumRowBytes).header
            parser.expect(columns: header.count, maximumRowBytes: maximumRowBytes)
        }
        self.parser = parser
        return records.isFirst
    }
}
