#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
    private var buffer: UnsafeMutableRawBufferPointer
    /// The part of the buffer that holds bytes not yet returned.
    private var start = 0
    private var end = 0
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
        buffer = .allocate(byteCount: 256 << 10, alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    /// Memory held for lines; grows with the longest line only.
    var bufferBytes: Int { buffer.count }

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
            if let length = lineFeed(from: start + searched) {
                return try take(length: searched + length, terminator: 1)
            }
            searched = end - start
            guard searched <= maximumLineBytes else {
                start = end
                lineNumber += 1
                isSkipping = true
                throw overlong()
            }
            if isAtEnd { return searched > 0 ? try take(length: searched, terminator: 0) : nil }
            try fill()
        }
    }

    private func skipLine() throws(StorageError) {
        while true {
            if let length = lineFeed(from: start) {
                start += length + 1
                break
            }
            start = end
            if isAtEnd { break }
            try fill()
        }
        isSkipping = false
    }

    private func lineFeed(from position: Int) -> Int? {
        guard position < end, let base = buffer.baseAddress else { return nil }
        guard let found = memchr(base + position, 0x0A, end - position) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base + position)
    }

    private func take(length: Int, terminator: Int) throws(StorageError) -> UnsafeRawBufferPointer {
        let line = UnsafeRawBufferPointer(rebasing: buffer[start..<start + length])
        start += length + terminator
        lineNumber += 1
        guard length <= maximumLineBytes else { throw overlong() }
        return line
    }

    private func overlong() -> StorageError {
        StorageError(
            .malformed, "the line is longer than \(maximumLineBytes) bytes; is this a text file?", path: path,
            line: lineNumber)
    }

    /// Reads more bytes behind the unreturned ones, making room first.
    private func fill() throws(StorageError) {
        if start > 0, let base = buffer.baseAddress {
            memmove(base, base + start, end - start)
            end -= start
            start = 0
        }
        if end == buffer.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[0..<end]))
            buffer.deallocate()
            buffer = larger
        }
        let free = UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
        let count = try stream.read(into: free)
        if count < free.count { isAtEnd = true }
        let isFirst = lineNumber == 0 && end == 0
        end += count
        if isFirst, count >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { start = 3 }
    }
}
