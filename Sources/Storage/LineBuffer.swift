#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes on their way to lines: filled at the end, taken from the front.
final class LineBuffer {
    private var bytes: UnsafeMutableRawBufferPointer
    /// The part that holds bytes not yet taken.
    private var start = 0
    private var end = 0

    init(capacity: Int = 256 << 10) {
        bytes = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        bytes.deallocate()
    }

    /// Bytes waiting to be taken.
    var count: Int { end - start }

    /// Memory held; grows with the longest line only.
    var capacity: Int { bytes.count }

    /// The length of the first line without its line feed; `nil` where none ends yet.
    /// - Parameter searched: so many bytes from the front are known to hold no line feed.
    func lineLength(behind searched: Int = 0) -> Int? {
        let position = start + searched
        guard position < end, let base = bytes.baseAddress else { return nil }
        guard let found = memchr(base + position, 0x0A, end - position) else { return nil }
        return searched + (UnsafeRawPointer(found) - UnsafeRawPointer(base + position))
    }

    /// Takes so many bytes from the front, and drops some behind them. Valid until the buffer is filled again.
    func take(_ length: Int, dropping terminator: Int = 0) -> UnsafeRawBufferPointer {
        let taken = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
        start += length + terminator
        return taken
    }

    func removeAll() { start = end }

    /// Room at the end for `fill`, which returns how many bytes it has put there.
    func fill<Failure: Error>(
        with fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        if start > 0, let base = bytes.baseAddress {
            memmove(base, base + start, end - start)
            end -= start
            start = 0
        }
        if end == bytes.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[0..<end]))
            bytes.deallocate()
            bytes = larger
        }
        end += try fill(UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
    }

    /// Drops a UTF-8 byte order mark at the front.
    func dropByteOrderMark() {
        if count >= 3, bytes[start] == 0xEF, bytes[start + 1] == 0xBB, bytes[start + 2] == 0xBF { start += 3 }
    }
}
