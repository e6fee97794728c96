import CRdKafka

/// How to consume: the cluster, the group, the topics, and any property of librdkafka.
public struct ConsumerSettings: Sendable {
    /// Addresses as `host:port,host:port`.
    public var bootstrapServers: String
    public var groupID: String
    /// A name for this member that survives restarts: within the session timeout its partitions stay where they are.
    public var instanceID: String?
    public var topics: [String]
    /// Any property of librdkafka; wins over the defaults below.
    public var properties: [String: String]
    /// Takes the library's log lines; without it they are dropped (failures still come as events).
    public var logHandler: KafkaLogHandler?

    public init(
        bootstrapServers: String, groupID: String, instanceID: String? = nil, topics: [String],
        properties: [String: String] = [:], logHandler: KafkaLogHandler? = nil
    ) {
        self.bootstrapServers = bootstrapServers
        self.groupID = groupID
        self.instanceID = instanceID
        self.topics = topics
        self.properties = properties
        self.logHandler = logHandler
    }

    /// The defaults: state and offsets are the owner's, so the library neither stores nor commits nor jumps by itself.
    ///
    /// The prefetch queue is bounded by memory (`queued.max.messages.kbytes`, 16 MiB), not by count. A larger one makes an
    /// agent that is woken in time no faster (`docs/benchmarks.md`); over a slow network it has to hold what is
    /// read in a few round trips.
    public static let defaultProperties: [String: String] = [
        "enable.auto.commit": "false",
        "enable.auto.offset.store": "false",
        "auto.offset.reset": "error",
        "partition.assignment.strategy": "range",
        "isolation.level": "read_committed",
        "enable.partition.eof": "true",
        "check.crcs": "true",
        "session.timeout.ms": "45000",
        "statistics.interval.ms": "5000",
        "fetch.wait.max.ms": "100",
        "socket.keepalive.enable": "true",
        "queued.min.messages": "1000000",
        "queued.max.messages.kbytes": "16384",
        "client.id": "tidewatch",
    ]

    /// What a full prefetch queue needs beside the defaults, by the library's version: from 2.2 on it looks at the queue again
    /// after this time, which is a second unless set; an older one is woken by ``FetchWaker``.
    static var queueProperties: [String: String] {
        rd_kafka_version() < FetchWaker.endVersion ? [:] : ["fetch.queue.backoff.ms": "5"]
    }

    /// Properties whose other values would silently break exactly-once state.
    static let requiredValues: [String: Set<String>] = [
        "enable.auto.commit": ["false"],
        "enable.auto.offset.store": ["false"],
        "auto.offset.reset": ["error"],
        "partition.assignment.strategy": ["range", "roundrobin"],
    ]

    /// Everything that is set, the settings' own properties last.
    func resolvedProperties() throws(KafkaError) -> [String: String] {
        for (name, allowed) in Self.requiredValues {
            if let value = properties[name], !allowed.contains(value) {
                throw KafkaError(
                    .configuration,
                    "property '\(name)' must be \(allowed.sorted().joined(separator: " or ")), not '\(value)': offsets "
                        + "and state are kept together in the agent's checkpoint")
            }
        }
        var result = Self.defaultProperties.merging(Self.queueProperties) { _, new in new }
        result["bootstrap.servers"] = bootstrapServers
        result["group.id"] = groupID
        if let instanceID { result["group.instance.id"] = instanceID }
        return result.merging(properties) { _, own in own }
    }
}
