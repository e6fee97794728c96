import CRdKafka

/// What a partition holds: offsets from `low` up to, not including, `high`.
public struct OffsetRange: Sendable, Equatable {
    public let low: Int64
    public let high: Int64

    public init(low: Int64, high: Int64) {
        self.low = low
        self.high = high
    }
}

extension KafkaConsumer {
    /// Commits the next offset of each partition to the group, and waits for the broker's answer.
    ///
    /// Only for partitions of this member's; a member whose share has moved gets `staleMember`.
    ///
    /// - Throws: the first partition's error, or `timedOut` if there is no answer; it may be committed all the same.
    public func commit(_ offsets: [TopicPartition: Int64], timeoutMilliseconds: Int = 10_000) throws(KafkaError) {
        guard !offsets.isEmpty else { return }
        let client = try handle.borrow()
        defer { handle.giveBack() }
        guard let answers = rd_kafka_queue_new(client) else { return }
        defer { rd_kafka_queue_destroy(answers) }
        let list = PartitionList(offsets: offsets)
        // The library's synchronous commit waits without end when there is no broker; its own queue can be left.
        let sent = rd_kafka_commit_queue(client, list.pointer, answers, nil, nil)
        guard sent == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(sent, "offsets could not be committed") }
        guard let answer = rd_kafka_queue_poll(answers, Int32(timeoutMilliseconds)) else {
            throw KafkaError(
                .timedOut, "no answer to the commit of \(offsets.count) offset(s) within \(timeoutMilliseconds) ms")
        }
        defer { rd_kafka_event_destroy(answer) }
        try Self.check(rd_kafka_event_error(answer))
        for entry in PartitionList.entries(of: rd_kafka_event_topic_partition_list(answer)) {
            try Self.check(entry.error, at: entry.topicPartition)
        }
    }

    /// The library has nothing to do for `_NO_OFFSET`, and `_STATE` means that the partition was given up meanwhile.
    private static func check(_ error: rd_kafka_resp_err_t, at place: TopicPartition? = nil) throws(KafkaError) {
        switch error {
        case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR__NO_OFFSET, RD_KAFKA_RESP_ERR__STATE: return
        default: throw KafkaError(error, "the broker did not take the offset", topicPartition: place)
        }
    }

    /// The offsets that the group has committed; partitions without one are absent. May be called by the owner.
    public func committedOffsets(
        of partitions: [TopicPartition], timeoutMilliseconds: Int = 10_000
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        let client = try handle.borrow()
        defer { handle.giveBack() }
        let list = PartitionList(partitions)
        let result = rd_kafka_committed(client, list.pointer, Int32(timeoutMilliseconds))
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(result, "the group's committed offsets could not be read")
        }
        var offsets: [TopicPartition: Int64] = [:]
        for entry in PartitionList.entries(of: list.pointer) {
            guard entry.error == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaError(
                    entry.error, "the committed offset could not be read", topicPartition: entry.topicPartition)
            }
            if entry.offset >= 0 { offsets[entry.topicPartition] = entry.offset }
        }
        return offsets
    }

    /// Asks the partition's leader what it holds.
    public func offsetRange(
        of partition: TopicPartition, timeoutMilliseconds: Int = 10_000
    ) throws(KafkaError) -> OffsetRange {
        let client = try handle.borrow()
        defer { handle.giveBack() }
        var (low, high): (Int64, Int64) = (0, 0)
        let result = rd_kafka_query_watermark_offsets(
            client, partition.topic, partition.partition, &low, &high, Int32(timeoutMilliseconds))
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(
                result, "the partition's first and last offsets could not be read", topicPartition: partition)
        }
        return OffsetRange(low: low, high: high)
    }

    /// The partitions of a topic, as the brokers say.
    public func partitions(of topic: String, timeoutMilliseconds: Int = 10_000) throws(KafkaError) -> [TopicPartition] {
        let client = try handle.borrow()
        defer { handle.giveBack() }
        return try KafkaMetadata.partitions(of: topic, client: client, timeoutMilliseconds: timeoutMilliseconds)
    }
}
