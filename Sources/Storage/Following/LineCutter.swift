/// Cuts what a feed reads into lines; of a line that is too long, its beginning.
final class LineCutter {
    /// Bytes from the stream's beginning to the end of the line taken last.
    private(set) var lineEnd: Int64 = 0
    /// Whether the line taken last is the stream's first.
    private(set) var isFirstLine = false

    private let maximumLineBytes: Int
    private let buffer = LineBuffer()
    /// Where the first line begins: behind a byte order mark.
    private var firstByte: Int64 = 0
    /// Bytes of the buffer's front that hold no line feed.
    private var searched = 0
    /// The beginning of a line that is too long, of which so many bytes were dropped; its end is looked for.
    private let overlong = OwnedArray<UInt8>(minimumCapacity: 256)
    private var droppedBytes = 0

    init(maximumLineBytes: Int) {
        precondition(maximumLineBytes > 0)
        self.maximumLineBytes = maximumLineBytes
    }

    /// Goes on with another stream, or elsewhere.
    func begin(at byte: Int64) {
        buffer.removeAll()
        searched = 0
        droppedBytes = 0
        lineEnd = byte
        firstByte = 0
    }

    /// Reads more; returns whether there was more.
    func fill(
        with read: (UnsafeMutableRawBufferPointer) throws(StorageError) -> Int
    ) throws(StorageError) -> Bool {
        let isFirst = lineEnd == 0 && buffer.count == 0 && droppedBytes == 0
        var count = 0
        try buffer.fill { room throws(StorageError) in
            count = try read(room)
            return count
        }
        if isFirst {
            let before = buffer.count
            buffer.dropByteOrderMark()
            firstByte = Int64(before - buffer.count)
            lineEnd = firstByte
        }
        return count > 0
    }

    /// The next whole line without its line feed; valid until more is read, or the next call.
    func next() -> UnsafeRawBufferPointer? {
        if let length = buffer.lineLength(behind: searched) { return take(length, terminator: 1) }
        searched = buffer.count
        guard searched > maximumLineBytes else { return nil }
        if droppedBytes == 0 {
            overlong.removeAll()
            for byte in buffer.take(maximumLineBytes + 1) { overlong.append(byte) }
        }
        buffer.removeAll()
        droppedBytes += searched
        searched = 0
        return nil
    }

    /// What stands behind the last line feed: the last line of a stream that has ended.
    func rest() -> UnsafeRawBufferPointer? {
        buffer.count + droppedBytes > 0 ? take(buffer.count, terminator: 0) : nil
    }

    private func take(_ length: Int, terminator: Int) -> UnsafeRawBufferPointer {
        let line = buffer.take(length, dropping: terminator)
        searched = 0
        isFirstLine = lineEnd == firstByte
        lineEnd += Int64(droppedBytes + length + terminator)
        guard droppedBytes > 0 else { return line }
        droppedBytes = 0
        return UnsafeRawBufferPointer(overlong.elements)
    }
}
