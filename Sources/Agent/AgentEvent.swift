public import Alerting
public import Registry
public import Windowing

/// What happened in the agent, as its log, the demonstration and tests see it. One type, one emit for each thing.
public enum AgentEvent: Sendable {
    /// The agent has subscribed to brokers, or follows files.
    case started(source: String, models: [String])
    case partitionsAssigned([Int32])
    case partitionsRevoked([Int32])
    /// A replica decides about models from now on: those of a partition of the panes topic.
    case evaluating(partition: Int32, models: [String])
    /// A version without a reference has seen enough events to have one now.
    case referenceLearned(ModelVersionKey, events: Int64, endMicroseconds: Int64)
    case windowJudged(JudgedWindow)
    case alert(AlertTransition, delivery: AlertDelivery)
    /// An alert's message has reached a receiver, or the events topic.
    case alertSent(messageID: String, destination: String)
    case retrainingStarted(model: String, trigger: String, rows: Int, atMicroseconds: Int64)
    /// What the policy would have done, in a replay.
    case retrainingDue(model: String, trigger: String, rows: Int, atMicroseconds: Int64)
    case versionPublished(VersionRecord, champion: Double?, challenger: Double?, metric: String)
    /// The challenger was no better than the champion on the same rows.
    case versionRejected(model: String, version: String?, reason: String)
    case retrainingFailed(model: String, message: String)
    /// The agent has gone over to a version.
    /// - Parameter fromMicroseconds: event time; what lies before was decided without it. `nil` before the first boundary.
    case promoted(
        model: String, version: String, predecessor: String?, reason: String, fromMicroseconds: Int64?)
    /// The version was promoted, or gone back to, while what was said already reaches beyond what is decided: the agent
    /// goes over to it at that moment of event time.
    case commandWaits(model: String, version: String, fromMicroseconds: Int64)
    case probationPassed(model: String, version: String, text: String)
    case rolledBack(model: String, from: String, to: String, reason: String)
    case checkpointSaved(generation: Int64, bytes: Int, milliseconds: Double)
    /// How the stream is going, every `agent.status_interval`.
    case status(StreamStatus)
    /// Something that a person should know of: what happened and what to do.
    case problem(String)

    /// Whether an alert was put into the outbox for somebody to receive.
    public enum AlertDelivery: String, Sendable {
        case queued
        case nobodyConfigured = "nobody_configured"
    }
}

/// Takes the agent's events; called on the agent's threads.
public typealias AgentObserver = @Sendable (AgentEvent) -> Void
