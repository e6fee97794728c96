import CRdKafka

/// What the brokers say about topics.
enum KafkaMetadata {
    /// The partitions of a topic, in order.
    ///
    /// - Throws: `unknownTopic` if it does not exist, `timedOut` or `transport` if no broker answers.
    static func partitions(
        of topic: String, client: OpaquePointer, timeoutMilliseconds: Int
    ) throws(KafkaError) -> [TopicPartition] {
        guard let handle = rd_kafka_topic_new(client, topic, nil) else {
            throw KafkaError(rd_kafka_last_error(), "topic '\(topic)'")
        }
        defer { rd_kafka_topic_destroy(handle) }
        var answer: UnsafePointer<rd_kafka_metadata>?
        let result = rd_kafka_metadata(client, 0, handle, &answer, Int32(timeoutMilliseconds))
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else {
            throw KafkaError(result, "topic '\(topic)' could not be looked up")
        }
        defer { rd_kafka_metadata_destroy(answer) }
        guard answer.pointee.topic_cnt > 0, let found = answer.pointee.topics?.pointee else {
            throw KafkaError(.unknownTopic, "no broker knows topic '\(topic)'")
        }
        guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(found.err, "topic '\(topic)'") }
        return (0..<Int(found.partition_cnt)).compactMap { index in
            found.partitions.map { TopicPartition(topic: topic, partition: $0[index].id) }
        }.sorted()
    }
}
