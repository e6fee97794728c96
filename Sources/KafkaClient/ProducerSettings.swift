/// How to produce: the cluster and any property of librdkafka.
public struct ProducerSettings: Sendable {
    /// Addresses as `host:port,host:port`.
    public var bootstrapServers: String
    /// Any property of librdkafka; wins over the defaults below.
    public var properties: [String: String]
    /// Takes the library's log lines; without it they are dropped.
    public var logHandler: KafkaLogHandler?

    public init(
        bootstrapServers: String, properties: [String: String] = [:], logHandler: KafkaLogHandler? = nil
    ) {
        self.bootstrapServers = bootstrapServers
        self.properties = properties
        self.logHandler = logHandler
    }

    /// The defaults: no loss, no duplicates, no reordering, and Java's partitioner, so that equal keys meet.
    public static let defaultProperties: [String: String] = [
        "enable.idempotence": "true",
        "acks": "all",
        "compression.type": "lz4",
        "linger.ms": "5",
        "delivery.timeout.ms": "120000",
        "partitioner": "murmur2_random",
        "queue.buffering.max.messages": "100000",
        "queue.buffering.max.kbytes": "65536",
        "socket.keepalive.enable": "true",
        "client.id": "tidewatch",
    ]

    func resolvedProperties() -> [String: String] {
        var result = Self.defaultProperties
        result["bootstrap.servers"] = bootstrapServers
        return result.merging(properties) { _, own in own }
    }
}
