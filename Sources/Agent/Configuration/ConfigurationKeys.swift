import Statistics

/// Every key of the configuration, in the order in which the schema and the documentation show them.
enum ConfigurationKeys {
    static let root = ConfigurationShape.table(
        [
            ConfigurationKey("agent", agent, default: "{}", "The process itself."),
            ConfigurationKey("kafka", kafka, default: "{}", "The cluster; needed by `run` where it reads topics."),
            ConfigurationKey("sources", sources, default: "{}", "Where events come from and which are taken."),
            ConfigurationKey("publish", publish, default: "{}", "What the agent writes to Kafka."),
            ConfigurationKey("replicas", replicas, default: "{}", "Several agents that share the work."),
            ConfigurationKey("limits", limits, default: "{}", "How much of anything the agent keeps."),
            ConfigurationKey(
                "models", .list(of: model, minimum: 1), required: true, "The watched models, at least one."),
            ConfigurationKey("alerting", alerting, default: "{}", "Who hears of alerts."),
            ConfigurationKey("log", log, default: "{}", "The agent's log, on standard error."),
        ],
        rules: [
            ConfigurationRules.topicsDiffer, ConfigurationRules.modelsDiffer, ConfigurationRules.filesHaveWhatTheyNeed,
            ConfigurationRules.logIsThere,
        ])

    /// All key paths: `kafka.group`, `models[].window.length`.
    static let paths: [String] = described.map(\.path)

    /// All keys with their paths, tables before what is in them.
    static let described: [(path: String, key: ConfigurationKey)] = describe(root, under: "")

    private static func describe(
        _ shape: ConfigurationShape, under prefix: String
    ) -> [(path: String, key: ConfigurationKey)] {
        shape.keys.flatMap { key in
            let path = prefix.isEmpty ? key.name : "\(prefix).\(key.name)"
            let isList = if case .list = key.shape { true } else { false }
            return [(path, key)] + describe(key.shape, under: isList ? path + "[]" : path)
        }
    }

    static let second: Int64 = 1_000_000
    static let hour: Int64 = 3_600_000_000
    static let day: Int64 = 86_400_000_000
    /// The longest duration anywhere: ten years of 365 days.
    static let decade: Int64 = 3_650 * day

    private static let agent = ConfigurationShape.table(
        [
            ConfigurationKey(
                "state_directory", .text(.any), default: "./tidewatch-state",
                "Folder of checkpoints, registry, artifacts and outbox; made when it is missing. For one "
                    + "agent only, or for all replicas."),
            ConfigurationKey(
                "workers", .integer(1...64), default: "2",
                "Threads that decode and count events; each owns some of the partitions."),
            ConfigurationKey(
                "checkpoint_interval", .duration(100_000...hour), default: "10s",
                "Time between checkpoints; what came after the last one is read again after a crash."),
            ConfigurationKey(
                "status_interval", .duration(0...hour), default: "1m",
                "Time between two lines in the log on how the stream is going: rate, lag, what was left out; `0s`: none."
            ),
        ], rules: [])

    private static let kafka = ConfigurationShape.table(
        [
            ConfigurationKey(
                "bootstrap_servers", .text(.any), "Brokers to start from: `host:port`, separated by commas."),
            ConfigurationKey("group", .text(.any), default: "tidewatch", "The consumer group."),
            ConfigurationKey(
                "instance_id", .text(.any),
                "Static membership: a restart within the session timeout moves no partition. Unique in the group."),
            ConfigurationKey(
                "properties", .properties(rules: [ConfigurationRules.propertiesAreFree]), default: "{}",
                "Any librdkafka property, for example `security.protocol: sasl_ssl`; for consumer and producer."),
        ], rules: [])

    private static let sources = ConfigurationShape.table(
        [
            ConfigurationKey(
                "predictions", stream(default: "predictions"), default: "{}",
                "Prediction events: a topic, or a file that may hold outcomes too."),
            ConfigurationKey(
                "outcomes", stream(default: "outcomes"), default: "{}",
                "Outcome events; may be the same topic or file as the predictions, and are where those come from a file and "
                    + "no other is named."),
            ConfigurationKey(
                "dead_letter_topic", .text(.topic),
                "Where rejected messages go, with their reason; absent: they are counted only."),
            ConfigurationKey(
                "max_event_bytes", .bytes(1_024...(64 << 20)), default: "1MiB", "A larger message is rejected."),
            ConfigurationKey(
                "max_age", .duration(second...decade), default: "7d",
                "An event older than this, seen from its record's timestamp, is rejected."),
            ConfigurationKey(
                "max_skew", .duration(0...(30 * day)), default: "5m",
                "An event further ahead of its record's timestamp than this is rejected and cannot move the watermark."),
            ConfigurationKey(
                "allowed_lateness", .duration(0...(30 * day)), default: "1m",
                "How far the watermark stays behind the newest event; what comes later than that is counted as late."),
            ConfigurationKey(
                "idle_timeout", .duration(100_000...day), default: "30s",
                "After this long without a message a partition no longer holds the others' windows open."),
            ConfigurationKey(
                "start", .choice(SourceStart.allCases.map(\.rawValue)), default: "earliest",
                "Where a partition without a checkpoint is read from that the group has not read before."),
            ConfigurationKey(
                "overload", overload,
                "What is done where a topic comes faster than it is counted; absent: the lag grows, and everything is counted."
            ),
        ], rules: [ConfigurationRules.oneKindOfSource])

    private static let overload = ConfigurationShape.table(
        [
            ConfigurationKey(
                "lag", .duration(second...(30 * day)), required: true,
                "From this far behind on, seen from the records' timestamps, only a part of the record keys is counted, until "
                    + "half of it is caught up."),
            ConfigurationKey(
                "keep", .number(.properFraction), default: "0.1",
                "That part: both halves of a pair are counted or neither. Windows say `sampled_share`."),
        ], rules: [])

    private static func stream(default name: String) -> ConfigurationShape {
        .table(
            [
                ConfigurationKey("topic", .text(.topic), default: name, "The Kafka topic."),
                ConfigurationKey(
                    "file", .text(.any),
                    "Instead of a topic: a file of JSON lines or CSV that is followed as it is written and through its "
                        + "rotation, gzip or not; `-` is standard input."),
                ConfigurationKey(
                    "csv", columns, "The columns of a CSV file; each row is a scored event of the one model."),
            ], rules: [])
    }

    private static let columns = ConfigurationShape.table(
        [
            ConfigurationKey(
                "time_column", .text(.any), required: true, "When it was predicted: RFC 3339 or an epoch number."),
            ConfigurationKey("id_column", .text(.any), "The event's id; absent: the number of the record."),
            ConfigurationKey(
                "prediction_column", .text(.any), "The predicted label, of a regression the predicted number."),
            ConfigurationKey("score_column", .text(.any), "The probability of the positive class."),
            ConfigurationKey(
                "outcome_column", .text(.any), "The actual label or number; an empty cell is not known yet."),
            ConfigurationKey(
                "exclude", .list(of: .text(.any), minimum: 0), default: "[]", "Columns that are no features."),
        ], rules: [])

    private static let publish = ConfigurationShape.table(
        [
            ConfigurationKey(
                "enabled", .boolean, default: "true", "Whether the agent publishes at all."),
            ConfigurationKey(
                "events_topic", .text(.topic), default: "tidewatch.events",
                "What happened, as CloudEvents keyed by model."),
            ConfigurationKey(
                "models_topic", .text(.topic), default: "tidewatch.models",
                "The champion of each model, keyed by model; make it a compacted topic."),
        ], rules: [])

    private static let replicas = ConfigurationShape.table(
        [
            ConfigurationKey(
                "enabled", .boolean, default: "false",
                "Whether several agents of one consumer group share the work; each needs its own `kafka.instance_id`."),
            ConfigurationKey(
                "panes_topic", .text(.topic), default: "tidewatch.panes",
                "Where replicas hand each other closed panes; made, and compacted, where the brokers let the agent."),
            ConfigurationKey(
                "control_topic", .text(.topic), default: "tidewatch.control",
                "Where replicas tell each other of references; one partition, compacted."),
            ConfigurationKey(
                "evaluators", .integer(1...1_024), default: "8",
                "Partitions of the panes topic: the models are spread over them, and they over the replicas. The same for "
                    + "all, and for good."),
        ], rules: [])

    private static let limits = ConfigurationShape.table(
        [
            ConfigurationKey("models", .integer(1...10_000), default: "100", "Watched models."),
            ConfigurationKey(
                "versions_per_model", .integer(1...1_000), default: "8",
                "Versions of a model followed at a time; events of further ones are counted and left out."),
            ConfigurationKey(
                "columns", .integer(1...16_384), default: "512", "Feature columns of a reference."),
            ConfigurationKey(
                "features_per_event", .integer(1...65_536), default: "4096", "An event with more is rejected."),
            ConfigurationKey(
                "open_panes", .integer(1...1_000_000), default: "10000",
                "Panes open at a time, of each version and partition."),
            ConfigurationKey(
                "queued_alerts", .integer(1...10_000_000), default: "10000",
                "Messages in the outbox; beyond it the oldest is dropped and counted."),
        ], rules: [])

    private static let alerting = ConfigurationShape.table(
        [
            ConfigurationKey(
                "webhooks", .list(of: webhook, minimum: 0), default: "[]",
                "Receivers in the Standard Webhooks form; each gets every alert and its resolution."),
            ConfigurationKey(
                "give_up_after", .duration((60 * second)...(365 * day)), default: "3d",
                "A message that was not taken for this long is given up and counted."),
        ], rules: [ConfigurationRules.webhooksDiffer])

    private static let webhook = ConfigurationShape.table(
        [
            ConfigurationKey("url", .text(.webAddress), required: true, "The receiver's address, http or https."),
            ConfigurationKey(
                "secrets", .list(of: .text(.any), minimum: 1), required: true,
                "Signing keys; with several, each signs (for changing keys). Write `${NAME}` to take one from the environment."
            ),
            ConfigurationKey(
                "timeout", .duration(100_000...(300 * second)), default: "15s", "How long one delivery may take."),
        ], rules: [])

    private static let log = ConfigurationShape.table(
        [
            ConfigurationKey(
                "level", .choice(LogConfiguration.Level.allCases.map(\.rawValue)), default: "info",
                "The least level that is written.")
        ], rules: [])
}
