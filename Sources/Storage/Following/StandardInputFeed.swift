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

    private let descriptor: Int32
    private let lines: LineCutter

    /// - Parameter descriptor: of an open file; it stays open.
    public init(descriptor: Int32 = 0, name: String = "standard input", maximumLineBytes: Int = 64 << 20) {
        self.descriptor = descriptor
        self.name = name
        lines = LineCutter(maximumLineBytes: maximumLineBytes)
    }

    public var isFirstLine: Bool { lines.isFirstLine }

    public var position: Int64 { lines.lineEnd }

    public func place(at position: Int64) -> FilePlace? { nil }

    public func takeNotices() -> [String] { [] }

    public func next() throws(StorageError) -> UnsafeRawBufferPointer? {
        while true {
            if let line = lines.next() { return line }
            guard !hasEnded, isReady else { return nil }
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
            guard count >= 0 else { throw StorageError(reading: name, errorNumber: errno) }
            return count
        }
    }

    /// Whether a read would not wait.
    private var isReady: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }
}
