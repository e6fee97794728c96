import CRdKafka

/// A Kafka cluster inside this process (librdkafka's mock cluster): the real protocol on 127.0.0.1, for tests and the
/// demo; other processes reach it by ``bootstrapServers``.
///
/// It keeps 5 MiB of compressed data and 100,000 batches per partition and silently drops the oldest; nothing is
/// durable; there are no admin requests, no TLS and no SASL.
///
/// `@unchecked Sendable`: the pointers never change, and the library locks inside.
public final class EmbeddedBroker: @unchecked Sendable {
    /// The addresses of its brokers, as `127.0.0.1:port,…`; the ports are random.
    public let bootstrapServers: String
    let cluster: OpaquePointer
    private let client: OpaquePointer
    private let callbacks: ClientCallbacks

    /// - Parameters:
    ///   - brokers: how many, in 1...10.
    ///   - topics: topics to create; others create themselves with four partitions at first use.
    public init(brokers: Int = 1, topics: [(name: String, partitions: Int)] = []) throws(KafkaError) {
        guard (1...10).contains(brokers) else {
            throw KafkaError(.configuration, "an embedded cluster has 1 to 10 brokers, not \(brokers)")
        }
        callbacks = ClientCallbacks(logHandler: nil)
        let configuration = try Configuration.make(properties: [:], callbacks: callbacks)
        client = try configuration.start(RD_KAFKA_PRODUCER)
        guard let cluster = rd_kafka_mock_cluster_new(client, Int32(brokers)) else {
            rd_kafka_destroy(client)
            throw KafkaError(.other, "the embedded broker could not listen on 127.0.0.1")
        }
        self.cluster = cluster
        bootstrapServers = rd_kafka_mock_cluster_bootstraps(cluster).map { String(cString: $0) } ?? ""
        for topic in topics { try createTopic(topic.name, partitions: topic.partitions) }
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }

    /// Creates a topic.
    ///
    /// - Throws: if it exists, or has no partitions.
    public func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
        try check(
            rd_kafka_mock_topic_create(cluster, name, Int32(partitions), 1),
            "topic '\(name)' with \(partitions) partition(s) could not be created")
    }

    func check(_ error: rd_kafka_resp_err_t, _ what: String) throws(KafkaError) {
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(error, what) }
    }
}
