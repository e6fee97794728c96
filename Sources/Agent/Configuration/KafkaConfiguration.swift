/// The cluster.
public struct KafkaConfiguration: Sendable, Equatable, CustomStringConvertible {
    /// `nil` is fine for a replay; `AgentConfiguration.brokers(path:)` insists.
    public var bootstrapServers: String?
    public var group: String
    /// `group.instance.id`.
    public var instanceID: String?
    /// librdkafka properties for consumer and producer; they may hold passwords.
    public var properties: [String: String]

    init(_ reader: CheckedReader) {
        bootstrapServers = reader.table.text("bootstrap_servers")
        group = reader.text("group")
        instanceID = reader.table.text("instance_id")
        let pairs = reader.table("properties").table.entries.compactMap { entry -> (String, String)? in
            if case .text(let text) = entry.value.content { (entry.key, text) } else { nil }
        }
        properties = Dictionary(pairs) { $1 }
    }

    /// Without the properties' values, which may be secret.
    public var description: String {
        "\(bootstrapServers ?? "no brokers"), group \(group), properties \(properties.keys.sorted())"
    }
}

/// Where a partition without a checkpoint is read from.
public enum SourceStart: String, Sendable, CaseIterable {
    case earliest, latest
    /// The group's committed offset; the earliest where there is none.
    case committed
}

/// Where events come from and which are taken.
public struct SourcesConfiguration: Sendable, Equatable {
    public var predictionsTopic: String
    /// May be the same topic.
    public var outcomesTopic: String
    /// Instead of the topics: of predictions, or of both; then of outcomes, where they have their own.
    public var files: [SourceFile]
    /// `nil`: rejected messages are counted only.
    public var deadLetterTopic: String?
    public var maximumEventBytes: Int
    /// Microseconds before the record's timestamp.
    public var maximumAge: Int64
    /// Microseconds ahead of the record's timestamp.
    public var maximumSkew: Int64
    /// Microseconds of event time.
    public var allowedLateness: Int64
    /// Microseconds without a message.
    public var idleTimeout: Int64
    public var start: SourceStart
    /// `nil`: everything is counted, however far behind.
    public var overload: OverloadPolicy?

    init(_ reader: CheckedReader) {
        predictionsTopic = reader.table("predictions").text("topic")
        outcomesTopic = reader.table("outcomes").text("topic")
        let given = ["predictions", "outcomes"].compactMap { SourceFile(reader.table($0)) }
        files = given.first.map { first in [first] + given.dropFirst().filter { $0.path != first.path } } ?? []
        deadLetterTopic = reader.table.text("dead_letter_topic")
        maximumEventBytes = reader.count("max_event_bytes")
        maximumAge = reader.integer("max_age")
        maximumSkew = reader.integer("max_skew")
        allowedLateness = reader.integer("allowed_lateness")
        idleTimeout = reader.integer("idle_timeout")
        start = reader.choice("start")
        overload = OverloadPolicy(reader.table.table("overload"))
    }

    /// Of predictions and outcomes, each once.
    public var topics: [String] {
        predictionsTopic == outcomesTopic ? [predictionsTopic] : [predictionsTopic, outcomesTopic]
    }

    /// What is read: files, or else topics; that of predictions first.
    public var streams: [String] { files.isEmpty ? topics : files.map(\.path) }
}

/// What the agent writes to Kafka.
public struct PublicationConfiguration: Sendable, Equatable {
    public var isEnabled: Bool
    public var eventsTopic: String
    public var modelsTopic: String

    init(_ reader: CheckedReader) {
        isEnabled = reader.boolean("enabled")
        eventsTopic = reader.text("events_topic")
        modelsTopic = reader.text("models_topic")
    }
}
