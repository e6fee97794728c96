/// The lines of a text file, one at a time, in bounded memory; gzip is recognised by its magic bytes.
///
/// A line ends with `\n` or `\r\n`, neither of which is part of it; the last one needs no end. A UTF-8 byte order mark
/// at the start is dropped. The bytes are not checked to be UTF-8. One owner, one thread.
public final class LineReader {
    /// The number of the line returned last, from 1; 0 before the first.
    public private(set) var lineNumber = 0

    let path: String
    private let stream: ByteStream
    private let maximumLineBytes: Int
    private let buffer = LineBuffer()
    private var isAtEnd = false
    /// The rest of an overlong line is still to be dropped.
    private var isSkipping = false

    /// - Parameter maximumLineBytes: a longer line is an error, because a file without line ends would not fit in memory.
    /// - Throws: `notFound`, `permission` or `ioFailure`.
    public init(path: String, maximumLineBytes: Int = 64 << 20) throws(StorageError) {
        precondition(maximumLineBytes > 0)
        stream = try ByteStream(path: path)
        self.path = path
        self.maximumLineBytes = maximumLineBytes
    }

    /// Memory held for lines; grows with the longest line only.
    var bufferBytes: Int { buffer.capacity }

    /// The next line, or `nil` at the end. Valid until the next call.
    /// - Throws: `corrupt` for a damaged gzip stream, `malformed` for an overlong line (the next call goes on behind it),
    ///   `ioFailure`.
    public func next() throws(StorageError) -> UnsafeRawBufferPointer? {
        guard let line = try nextKeepingReturn() else { return nil }
        guard line.last == UInt8(ascii: "\r") else { return line }
        return UnsafeRawBufferPointer(rebasing: line.dropLast())
    }

    /// The next line with the `\r` of its `\r\n`: inside a quoted CSV cell it belongs to the text.
    func nextKeepingReturn() throws(StorageError) -> UnsafeRawBufferPointer? {
        if isSkipping { try skipLine() }
        var searched = 0
        while true {
            if let length = buffer.lineLength(behind: searched) { return try take(length, terminator: 1) }
            searched = buffer.count
            guard searched <= maximumLineBytes else {
                buffer.removeAll()
                lineNumber += 1
                isSkipping = true
                throw overlong()
            }
            if isAtEnd { return searched > 0 ? try take(searched, terminator: 0) : nil }
            try fill()
        }
    }

    private func skipLine() throws(StorageError) {
        while true {
            if let length = buffer.lineLength() {
                _ = buffer.take(length, dropping: 1)
                break
            }
            buffer.removeAll()
            if isAtEnd { break }
            try fill()
        }
        isSkipping = false
    }

    private func take(_ length: Int, terminator: Int) throws(StorageError) -> UnsafeRawBufferPointer {
        let line = buffer.take(length, dropping: terminator)
        lineNumber += 1
        guard length <= maximumLineBytes else { throw overlong() }
        return line
    }

    private func overlong() -> StorageError {
        StorageError(
            .malformed, "the line is longer than \(maximumLineBytes) bytes; is this a text file?", path: path,
            line: lineNumber)
    }

    private func fill() throws(StorageError) {
        let isFirst = lineNumber == 0 && buffer.count == 0
        try buffer.fill { room throws(StorageError) in
            let count = try stream.read(into: room)
            if count == 0 { isAtEnd = true }
            return count
        }
        if isFirst { buffer.dropByteOrderMark() }
    }
}

/// Lines as a CSV parser takes them, with the `\r` of `\r\n`.
protocol TextLines: AnyObject {
    /// The number of the line returned last, from 1.
    var lineNumber: Int { get }

    /// The next line, valid until the next call; `nil` where there is none.
    func nextKeepingReturn() throws(StorageError) -> UnsafeRawBufferPointer?
}

extension LineReader: TextLines {}
