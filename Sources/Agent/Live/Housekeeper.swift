import Alerting
import Events
import Foundation
import Registry
import Storage
import Synchronization

/// The thread that talks to others so that nobody else has to wait: it publishes the ledger and the alerts on Kafka,
/// and notices what other processes have done to the registry.
final class Housekeeper: Sendable {
    /// The outbox's name for the events topic.
    static let kafkaEndpoint = "kafka"

    struct Settings: Sendable {
        var topics: PublicationTopics
        /// Where commands go with their place in the stream.
        var controlTopic: String
        var isPublishing: Bool
        var wallClockMicroseconds: @Sendable () -> Int64
    }

    private struct Memory {
        /// The newest entry of the ledger at the last look.
        var seen: Int64 = -1
        /// The problem that was said last.
        var reported: String?
        /// The same of the control topic.
        var controlProblem: String?
    }

    /// Someone waits for the ledger to be published.
    private enum Request: Sendable { case publish }

    private let settings: Settings
    private let registry: ModelRegistry
    private let outbox: Outbox
    private let sink: (any RecordSink)?
    private let coordinator: Mailbox<CoordinatorMessage>
    private let status: AgentStatus
    private let observer: AgentObserver
    private let mailbox = Mailbox<Request>(capacity: 1_024)
    private let memory = Mutex(Memory())

    init(
        settings: Settings, registry: ModelRegistry, outbox: Outbox, sink: (any RecordSink)?,
        coordinator: Mailbox<CoordinatorMessage>, status: AgentStatus, observer: @escaping AgentObserver
    ) {
        self.settings = settings
        self.registry = registry
        self.outbox = outbox
        self.sink = sink
        self.coordinator = coordinator
        self.status = status
        self.observer = observer
    }

    /// Publishes soon; ``AgentStatus`` counts it as work until then.
    func requestPublication() {
        status.beginWork()
        if !mailbox.sendUrgently(.publish) { status.endWork() }
    }

    /// Ends ``run()`` after a last publication.
    func stop() { mailbox.close() }

    /// Runs until ``stop()``.
    func run() {
        while step(timeout: 0.25) {}
    }

    /// Looks around once, after a request or the timeout; false after ``stop()``.
    func step(timeout seconds: Double) -> Bool {
        guard let requests = mailbox.receive(timeout: seconds) else { return false }
        do {
            try lookAround()
            memory.withLock { $0.reported = nil }
        } catch {
            // Said once, until it works again; what was not published stays in the ledger and the outbox.
            let text = "Publishing is held up and will be tried again: \(error)"
            let isNew = memory.withLock { memory in
                defer { memory.reported = text }
                return memory.reported != text
            }
            if isNew { coordinator.sendUrgently(.problem(text)) }
        }
        for _ in requests { status.endWork() }
        return true
    }

    private func lookAround() throws {
        let newest = try registry.newestSequence()
        let isNew = memory.withLock { memory in
            defer { memory.seen = newest }
            return memory.seen != newest
        }
        // The first look, too: somebody may have promoted a version since the coordinator's.
        if isNew { coordinator.sendUrgently(.registryChanged) }
        if try registry.hasDemands() { coordinator.sendUrgently(.registryChanged) }
        if let sink, settings.isPublishing { try publish(to: sink) }
    }

    private func publish(to sink: any RecordSink) throws {
        while try registry.publishPending(to: sink, topics: settings.topics) > 0 {}
        publishCommands(to: sink)
        let now = settings.wallClockMicroseconds()
        for message in try outbox.due(endpoint: Self.kafkaEndpoint, nowMicroseconds: now) {
            try sink.publish(try Self.event(message).record(topic: settings.topics.events, key: Self.model(message)))
            try outbox.markDelivered(message, nowMicroseconds: now)
            if !message.messageID.hasPrefix("retraining-") {
                observer(.alertSent(messageID: message.messageID, destination: settings.topics.events))
            }
        }
    }

    /// Commands are in the ledger, and a replay of topics looks for them on the control topic: where that cannot be written,
    /// nothing else is held up.
    private func publishCommands(to sink: any RecordSink) {
        var problem: String?
        do {
            while try registry.publishPendingEffects(
                to: sink,
                record: {
                    try CommandRecord($0, in: registry).published(topic: settings.controlTopic)
                }) > 0
            {}
        } catch {
            problem =
                "What was promoted and learned cannot be put on '\(settings.controlTopic)', which is tried again; the ledger "
                + "has it, and a replay takes it from there with --ledger: \(error)"
        }
        let isNew = memory.withLock { memory in
            defer { memory.controlProblem = problem }
            return memory.controlProblem == nil
        }
        if isNew, let problem { coordinator.sendUrgently(.problem(problem)) }
    }

    /// The parts of a message's body that become attributes of the event.
    private struct Body: Decodable {
        struct Details: Decodable { var model: String }
        var type: String
        var timestamp: String
        var data: Details
    }

    private static func body(_ message: OutboxMessage) throws -> Body {
        try JSONDecoder().decode(Body.self, from: Data(message.body))
    }

    private static func model(_ message: OutboxMessage) throws -> String { try body(message).data.model }

    private static func event(_ message: OutboxMessage) throws -> CloudEvent {
        let body = try body(message)
        return CloudEvent(
            id: message.messageID, source: "/tidewatch/agent", type: body.type, subject: body.data.model,
            timeMicroseconds: EventTime.parse(body.timestamp) ?? message.enqueuedMicroseconds, data: message.body)
    }
}
