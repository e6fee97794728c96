/// The lines of one whole CSV row at a time: a quoted cell may hold line ends, and the last line may not be written yet.
final class WholeRecords: TextLines {
    private(set) var lineNumber = 0
    /// The file that the row is of.
    private(set) var fileNumber = 0
    /// Whether it is that file's first.
    private(set) var isFirst = false

    private let feed: any LineFeed
    private let maximumRowBytes: Int
    /// The row as far as it has come, with its line ends.
    private let record = OwnedArray<UInt8>(minimumCapacity: 1_024)
    /// Where it begins in its file.
    private var start: Int64 = 0
    private var quotes = 0
    private var isWhole = false
    /// The first line of the next file, which came while a row of the file before was still open.
    private var held: [UInt8]?
    /// Bytes of the row that its parser has taken.
    private var taken = 0

    init(feed: any LineFeed, maximumRowBytes: Int) {
        self.feed = feed
        self.maximumRowBytes = maximumRowBytes
    }

    /// The row as it is written.
    var bytes: [UInt8] { Array(record.elements) }

    /// Where the row begins that is still to come.
    var place: FilePlace? {
        feed.place(at: held != nil ? 0 : record.count > 0 && !isWhole ? start : feed.position)
    }

    /// Makes the next row ready; false while there is no whole one.
    func advance() throws(StorageError) -> Bool {
        if isWhole { removeRecord() }
        if let line = held {
            held = nil
            line.withUnsafeBytes { append($0, startingAt: 0) }
        }
        while !isWhole {
            let position = feed.position
            guard let line = try feed.next() else {
                // What is open at the end stays so; its parser says what is wrong with it.
                isWhole = feed.hasEnded && record.count > 0
                return isWhole
            }
            if record.count > 0, feed.fileNumber != fileNumber {
                held = Array(line)
                isWhole = true
            } else {
                append(line, startingAt: feed.isFirstLine ? 0 : position)
            }
        }
        return true
    }

    func nextKeepingReturn() throws(StorageError) -> UnsafeRawBufferPointer? {
        guard isWhole, taken < record.count else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(record.elements)[taken...])
        let length = rest.firstIndex(of: 0x0A) ?? rest.count
        taken += length + 1
        lineNumber += 1
        return UnsafeRawBufferPointer(rebasing: rest[..<length])
    }

    private func append(_ line: UnsafeRawBufferPointer, startingAt position: Int64) {
        if record.count == 0 {
            if feed.fileNumber != fileNumber { lineNumber = 0 }
            fileNumber = feed.fileNumber
            isFirst = feed.isFirstLine
            start = position
        }
        for byte in line {
            record.append(byte)
            if byte == 0x22 { quotes += 1 }
        }
        record.append(0x0A)
        isWhole = quotes % 2 == 0 || record.count > maximumRowBytes
    }

    private func removeRecord() {
        record.removeAll()
        isWhole = false
        quotes = 0
        taken = 0
    }
}
