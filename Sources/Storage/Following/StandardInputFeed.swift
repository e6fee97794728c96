#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The lines that come through a pipe, such as standard input. What was read once is gone.
public final class StandardInputFeed: LineFeed {
    public let name: String
    public private(set) var hasEnded = false
    public let fileNumber = 1
    public let currentPath: String? = nil

    /// F_SETPIPE_SZ of Linux, which the module Glibc does not have.
    private static let setPipeSize: Int32 = 1_031
    private let descriptor: Int32
    /// Whether the last read failed.
    private var hasFailed = false
    private let lines: LineCutter

    /// - Parameter descriptor: of an open file; it stays open.
    public init(descriptor: Int32 = 0, name: String = "standard input", maximumLineBytes: Int = 64 << 20) {
        self.descriptor = descriptor
        self.name = name
        lines = LineCutter(maximumLineBytes: maximumLineBytes)
        #if os(Linux)
            // A pipe that is filled fast is emptied in larger pieces; what is no pipe refuses.
            _ = fcntl(descriptor, Self.setPipeSize, 1 << 20)
        #endif
    }

    public var isFirstLine: Bool { lines.isFirstLine }

    public var position: Int64 { lines.lineEnd }

    public func place(at position: Int64) -> FilePlace? { nil }

    public func takeNotices() -> [String] { [] }

    public func next() throws(StorageError) -> UnsafeRawBufferPointer? {
        while true {
            if let line = lines.next() { return line }
            guard !hasEnded, isReady(within: 0) else { return nil }
            if try !fill() {
                hasEnded = true
                return lines.rest()
            }
        }
    }

    private func fill() throws(StorageError) -> Bool {
        try lines.fill { room throws(StorageError) in
            errno = 0
            let count = read(descriptor, room.baseAddress, room.count)
            hasFailed = count < 0
            guard count >= 0 else { throw StorageError(reading: name, errorNumber: errno) }
            return count
        }
    }

    public func wait(milliseconds: Int32) {
        if tellsOfMore { _ = isReady(within: milliseconds) } else { usleep(useconds_t(milliseconds) * 1_000) }
    }

    /// Whether it is ready when there is more: at its end a pipe always is, and so is what cannot be read.
    var tellsOfMore: Bool { !hasEnded && !hasFailed }

    /// Whether a read would not wait, now or within some milliseconds.
    private func isReady(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) > 0
    }
}
