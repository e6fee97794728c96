/// Where reading of a partition begins.
public enum StartPosition: Sendable, Hashable, Codable {
    /// This offset exactly; an event says so if there is nothing there.
    case offset(Int64)
    /// The offset that the group has committed, or the earliest if it has none.
    case committedOrEarliest
    case earliest
    /// Only what is produced from now on.
    case latest
}

/// Who keeps the state of the partitions that a consumer is given.
///
/// All calls come from inside ``KafkaConsumer/poll(maximum:timeoutMilliseconds:)`` or ``KafkaConsumer/close()``, on that
/// thread. The assignment is eager: every rebalance takes everything away before it gives the new share.
public protocol PartitionOwner: AnyObject {
    /// Partitions are this consumer's from now on.
    ///
    /// - Returns: where to begin each; a partition that is absent begins at ``StartPosition/committedOrEarliest``.
    func assign(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition]

    /// Partitions go to somebody else: finish with all batches handed out, make the state durable, and answer.
    ///
    /// - Returns: the next offset of each partition, to be committed before the partitions are given up. Messages that
    ///   `poll` has not handed out yet are dropped: the next owner reads them.
    func revoke(_ partitions: [TopicPartition]) -> [TopicPartition: Int64]

    /// Partitions are somebody else's already: drop their state; nothing is committed.
    func lose(_ partitions: [TopicPartition])
}
