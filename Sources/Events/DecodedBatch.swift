import Foundation

/// A message that was decoded away from where it is counted. Its slices hold as long as its batch.
public struct DecodedRecord {
    /// Counts up within its partition.
    public let offset: Int64
    /// The record's own time, microseconds since 1970 UTC.
    public let timestampMicroseconds: Int64
    /// The message as it was read.
    public let message: UnsafeRawBufferPointer
    public let result: DecodeResult
    /// The field behind a rejection, where one is known.
    public let rejectedField: EventField?

    /// The event's id; empty for a rejected message.
    public var key: UnsafeRawBufferPointer {
        guard case .event(let event) = result else { return UnsafeRawBufferPointer(rebasing: message[..<0]) }
        return event.id
    }
}

/// Messages decoded by one thread and counted by another, with everything their events point to.
///
/// `@unchecked Sendable`: filled by one thread, decoded by one, and only read once it has been handed on.
public final class DecodedBatch: @unchecked Sendable {
    let memory: BatchMemory
    /// Of the first line.
    let firstOffset: Int64
    /// As the last line has left it, once the lines are decoded.
    var clock = RecordClock(timestampMicroseconds: 0)
    /// Whether a record's time depends on the clock that decoding began with.
    var needsClock = false
    /// Where reading goes on behind it, but for the clock.
    var resumption = FollowedSource.Resumption()
    private let pool: BatchPool

    init(_ pool: BatchPool, firstOffset: Int64) {
        memory = pool.take()
        self.pool = pool
        self.firstOffset = firstOffset
    }

    deinit { pool.give(memory) }

    public var records: [DecodedRecord] { memory.records }

    /// Keys that no message before these had.
    public internal(set) var unknownKeys: [UnknownKey] = []
}

/// The memory of batches that nobody needs any more, for the next ones.
///
/// `@unchecked Sendable`: `unused` is only touched with `lock` held.
final class BatchPool: @unchecked Sendable {
    private let lock = NSLock()
    private var unused: [BatchMemory] = []

    /// As many as lie between threads.
    private static let maximumUnused = 32

    func take() -> BatchMemory { lock.withLock { unused.popLast() } ?? BatchMemory() }

    func give(_ memory: BatchMemory) {
        memory.removeAll()
        lock.withLock { if unused.count < Self.maximumUnused { unused.append(memory) } }
    }
}
