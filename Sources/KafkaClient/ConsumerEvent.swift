/// What a poll brings.
public enum ConsumerEvent: Sendable {
    /// Messages of one partition, in offset order.
    case batch(MessageBatch)
    /// A partition has been read to its end, which is at this offset for now.
    case endOfPartition(TopicPartition, Int64)
    /// There is nothing at this offset any more (or not yet); reading goes on at the earliest offset there is.
    case offsetOutOfRange(TopicPartition, Int64)
    /// Something failed. Said once until messages flow again, however often the library repeats it.
    case error(KafkaError)
}

/// A line that the library would have written to its log.
public struct KafkaLogLine: Sendable {
    /// As in syslog: 3 error, 4 warning, 5 notice, 6 information, 7 debugging.
    public let level: Int
    /// The library's short name for the place, such as `FAIL` or `REBALANCE`.
    public let facility: String
    public let text: String
}

/// Takes the library's log lines; called from the library's threads, must return at once and not call the client.
public typealias KafkaLogHandler = @Sendable (KafkaLogLine) -> Void
