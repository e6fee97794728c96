/// One message as a source delivers it.
public struct SourceMessage: Sendable, Equatable {
    /// Which of several sources it comes from, as given to the source.
    public var source: Int
    public var partition: Int32
    /// Counts up within its partition.
    public var offset: Int64
    /// The record's own time, microseconds since 1970 UTC. In files it is the event's.
    public var timestampMicroseconds: Int64
    /// The event's id where it is known; else empty.
    public var key: [UInt8]
    public var value: [UInt8]
    /// A record without a value, as compacted topics have; `value` is empty then.
    public var isTombstone: Bool

    public init(
        source: Int, partition: Int32, offset: Int64, timestampMicroseconds: Int64, key: [UInt8], value: [UInt8],
        isTombstone: Bool = false
    ) {
        self.source = source
        self.partition = partition
        self.offset = offset
        self.timestampMicroseconds = timestampMicroseconds
        self.key = key
        self.value = value
        self.isTombstone = isTombstone
    }
}

/// Where messages come from, in order and batch by batch. What they are is not checked here.
public protocol EventSource {
    /// The next messages, at most `maximum` of them (at least 1); empty at the end and ever after.
    ///
    /// How batches are cut changes neither the messages nor their order.
    mutating func next(maximum: Int) throws -> [SourceMessage]
}

/// Messages from memory.
public struct InMemorySource: EventSource, Sendable {
    private let messages: [SourceMessage]
    private var position = 0

    public init(_ messages: [SourceMessage]) {
        self.messages = messages
    }

    public mutating func next(maximum: Int) -> [SourceMessage] {
        precondition(maximum > 0)
        let end = min(messages.count, position + maximum)
        defer { position = end }
        return Array(messages[position..<end])
    }
}
