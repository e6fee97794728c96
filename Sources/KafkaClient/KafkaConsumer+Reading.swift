import CRdKafka

/// Reading without belonging to a group: partitions are assigned by hand, nothing is joined and nothing committed, so
/// that no member of any group notices.
extension KafkaConsumer {
    /// Starts a client that reads what ``read(from:)`` names. The group in `settings` is a name only.
    ///
    /// - Throws: a configuration error that names the property.
    public convenience init(withoutGroup settings: ConsumerSettings) throws(KafkaError) {
        try self.init(starting: settings, owner: nil)
    }

    /// Reads these partitions from these offsets on, and no others.
    ///
    /// - Throws: what the library has against it.
    public func read(from offsets: [TopicPartition: Int64]) throws(KafkaError) {
        let client = try handle.borrow()
        defer { handle.giveBack() }
        positions = offsets.mapValues(StartPosition.offset)
        let list = PartitionList(offsets: offsets)
        let result = rd_kafka_assign(client, list.pointer)
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(result, "\(offsets.count) partition(s) could not be taken")
        }
    }

    /// The first offset in each partition whose record's timestamp is this or later. Absent where the broker knows
    /// none: there is no such record, or the broker keeps no times.
    ///
    /// - Parameter microseconds: since 1970 UTC; brokers keep milliseconds, and the one it lies in counts.
    public func offsets(
        of partitions: [TopicPartition], atMicroseconds microseconds: Int64, timeoutMilliseconds: Int = 10_000
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        let time = max(0, microseconds) / 1_000
        return try handle.offsets(
            atTimes: Dictionary(partitions.map { ($0, time) }) { first, _ in first },
            timeoutMilliseconds: timeoutMilliseconds)
    }
}

extension ClientHandle {
    /// The first offsets at or after these times, milliseconds since 1970 UTC; the library's numbers for the first and the
    /// last offset are times too. From any thread.
    func offsets(
        atTimes times: [TopicPartition: Int64], timeoutMilliseconds: Int
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        guard !times.isEmpty else { return [:] }
        let client = try borrow()
        defer { giveBack() }
        let list = PartitionList(offsets: times)
        let result = rd_kafka_offsets_for_times(client, list.pointer, Int32(timeoutMilliseconds))
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(result, "the offsets at a time could not be looked up")
        }
        var offsets: [TopicPartition: Int64] = [:]
        for entry in PartitionList.entries(of: list.pointer)
        where entry.error == RD_KAFKA_RESP_ERR_NO_ERROR && entry.offset >= 0 {
            offsets[entry.topicPartition] = entry.offset
        }
        return offsets
    }
}
