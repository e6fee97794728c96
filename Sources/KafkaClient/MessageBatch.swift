import CRdKafka

/// The messages that one poll brought of one partition, in offset order; frees them when it goes.
///
/// `@unchecked Sendable`: nothing changes after `init` (header parsing is locked), freeing happens once, in `deinit`,
/// and the library frees messages from any thread.
public final class MessageBatch: @unchecked Sendable {
    typealias Message = UnsafeMutablePointer<rd_kafka_message_t>

    public let topicPartition: TopicPartition
    /// How many messages; at least one.
    public let count: Int
    private let messages: UnsafeMutablePointer<Message>
    private let handle: ClientHandle

    /// - Parameter messages: allocated here for `count`, initialised; both the memory and the messages are taken over.
    init(
        takingOwnership messages: UnsafeMutablePointer<Message>, count: Int, of topicPartition: TopicPartition,
        from handle: ClientHandle
    ) {
        self.topicPartition = topicPartition
        self.messages = messages
        self.count = count
        self.handle = handle
        handle.lend()
    }

    deinit {
        for index in 0..<count { rd_kafka_message_destroy(messages[index]) }
        messages.deallocate()
        handle.giveBack()
    }

    /// The message at `index` in `0..<count`; its pointers are valid as long as the batch.
    public subscript(index: Int) -> MessageView {
        precondition(index >= 0 && index < count, "message \(index) of a batch of \(count)")
        return MessageView(messages[index])
    }

    /// Calls `body` with every message in order, and keeps the batch alive meanwhile.
    public func visit(_ body: (MessageView) throws -> Void) rethrows {
        try withExtendedLifetime(self) {
            for index in 0..<count { try body(MessageView(messages[index])) }
        }
    }

    public var firstOffset: Int64 { messages[0].pointee.offset }
    /// The offset after the last message.
    public var nextOffset: Int64 { messages[count - 1].pointee.offset + 1 }
}
