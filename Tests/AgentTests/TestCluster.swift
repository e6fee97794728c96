import Foundation
import KafkaClient

/// Where a test's topics are: in an embedded broker of its own, or on the cluster that TIDEWATCH_KAFKA names, where every
/// test has topics and groups of its own.
final class TestCluster {
    /// Brokers of a real cluster, `host:port,…`, if there is one.
    static let real = ProcessInfo.processInfo.environment["TIDEWATCH_KAFKA"]

    /// librdkafka properties for it, for example of SASL: `TIDEWATCH_KAFKA_PROPERTIES="security.protocol=SASL_SSL …"`.
    static let realProperties: [String: String] = {
        let text = ProcessInfo.processInfo.environment["TIDEWATCH_KAFKA_PROPERTIES"] ?? ""
        let pairs = text.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return Dictionary(uniqueKeysWithValues: pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) })
    }()

    let bootstrapServers: String
    let properties: [String: String]
    /// Before the name of every topic and group.
    let prefix: String
    private let embedded: EmbeddedBroker?

    /// An embedded broker with these topics.
    init(embedded topics: [(String, Int)]) throws {
        let broker = try EmbeddedBroker(topics: topics)
        bootstrapServers = broker.bootstrapServers
        embedded = broker
        properties = [:]
        prefix = ""
    }

    /// The real cluster, with new topics.
    init(real brokers: String, topics: [(String, Int)]) throws {
        bootstrapServers = brokers
        embedded = nil
        properties = Self.realProperties
        prefix = "tidewatch-test-\(UUID().uuidString.prefix(8).lowercased())."
        let producer = try producer()
        defer { producer.close() }
        for (name, partitions) in topics { try producer.createTopic(prefix + name, partitions: partitions) }
    }

    func producer(_ more: [String: String] = [:]) throws -> KafkaProducer {
        try KafkaProducer(
            settings: ProducerSettings(
                bootstrapServers: bootstrapServers,
                properties: properties.merging(["linger.ms": "1"]) { $1 }.merging(more) { $1 }))
    }

    /// The properties as an agent's configuration has them, after others.
    var yamlProperties: String {
        properties.sorted { $0.key < $1.key }.map { ", \($0.key): \"\($0.value)\"" }.joined()
    }
}
