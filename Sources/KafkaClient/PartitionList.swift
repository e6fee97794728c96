import CRdKafka

/// Owns a list of partitions of the library; an unfreed one would keep the client from ever ending.
struct PartitionList: ~Copyable {
    typealias Pointer = UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    struct Entry {
        let topicPartition: TopicPartition
        let offset: Int64
        let error: rd_kafka_resp_err_t
    }

    let pointer: Pointer

    init(capacity: Int) {
        guard let pointer = rd_kafka_topic_partition_list_new(Int32(capacity)) else {
            preconditionFailure("librdkafka returns a list or ends the process for lack of memory")
        }
        self.pointer = pointer
    }

    init(_ partitions: some Collection<TopicPartition>) {
        self.init(capacity: partitions.count)
        for partition in partitions { append(partition) }
    }

    init(offsets: [TopicPartition: Int64]) {
        self.init(capacity: offsets.count)
        for (partition, offset) in offsets { append(partition, offset: offset) }
    }

    deinit { rd_kafka_topic_partition_list_destroy(pointer) }

    func append(_ partition: TopicPartition, offset: Int64 = Int64(RD_KAFKA_OFFSET_INVALID)) {
        let entry = rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition)
        entry?.pointee.offset = offset
    }

    /// What a list holds, ours or one that the library has lent us.
    static func entries(of list: Pointer?) -> [Entry] {
        guard let list, let elements = list.pointee.elems else { return [] }
        return (0..<Int(list.pointee.cnt)).map { index in
            let element = elements[index]
            return Entry(
                topicPartition: TopicPartition(
                    topic: element.topic.map { String(cString: $0) } ?? "", partition: element.partition),
                offset: element.offset, error: element.err)
        }
    }
}
