/// The process itself.
public struct AgentSettings: Sendable, Equatable {
    public var stateDirectory: String
    /// Threads that decode and count, 1…64.
    public var workers: Int
    /// Microseconds.
    public var checkpointInterval: Int64
    /// Between two lines on how the stream is going, microseconds; 0 for none.
    public var statusInterval: Int64

    init(_ reader: CheckedReader) {
        stateDirectory = reader.text("state_directory")
        workers = reader.count("workers")
        checkpointInterval = reader.integer("checkpoint_interval")
        statusInterval = reader.integer("status_interval")
    }
}

/// How much of anything the agent keeps.
public struct LimitsConfiguration: Sendable, Equatable {
    public var models: Int
    public var versionsPerModel: Int
    /// Feature columns of a reference.
    public var columns: Int
    public var featuresPerEvent: Int
    /// For each version and partition.
    public var openPanes: Int
    /// Rows of the outbox.
    public var queuedAlerts: Int

    init(_ reader: CheckedReader) {
        models = reader.count("models")
        versionsPerModel = reader.count("versions_per_model")
        columns = reader.count("columns")
        featuresPerEvent = reader.count("features_per_event")
        openPanes = reader.count("open_panes")
        queuedAlerts = reader.count("queued_alerts")
    }
}

/// The agent's log.
public struct LogConfiguration: Sendable, Equatable {
    /// The names of swift-log's levels.
    public enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    public var level: Level

    init(_ reader: CheckedReader) {
        level = reader.choice("level")
    }
}
