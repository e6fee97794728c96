import Alerting
import Events
import Foundation
import Registry
import Retraining
import Statistics
import Windowing

/// Does what the coordinator wants done. Lives on the coordinator's thread; what takes long is handed on.
final class LiveEffects {
    struct Parts {
        var registry: ModelRegistry
        var outbox: Outbox
        var history: WindowHistory
        var trainer: Trainer
        var housekeeper: Housekeeper
        var status: AgentStatus
        var deadLetters: DeadLetterQueue?
        /// Names of the outbox's endpoints: webhooks, and Kafka where it is published to.
        var endpoints: [String]
        /// Models whose better challengers are promoted at once.
        var promoting: Set<String>
        var wallClockMicroseconds: @Sendable () -> Int64
    }

    private struct LearnedReference {
        var key: ModelVersionKey
        var profile: ReferenceProfile
        var position: StreamPosition
        var throughMicroseconds: Int64
    }

    let parts: Parts
    let observer: AgentObserver
    /// By model: how far windows have been said, in this life or an earlier one.
    var said: [String: StreamPosition] = [:]
    /// Whether a change of the registry could not be followed; tried again before each checkpoint.
    var mustSynchronise = false
    /// Alerts that the outbox would not take (a full disk); tried again with the next one and before each checkpoint.
    private var unqueued: [AlertTransition] = []
    /// References that the ledger would not take, likewise.
    private var unrecorded: [LearnedReference] = []
    /// Windows that the history would not take, likewise.
    private var unkept: [JudgedWindow] = []
    /// Beyond it the oldest windows that wait are given up, and said to be.
    private static let maximumUnkept = 100_000

    init(parts: Parts, observer: @escaping AgentObserver) {
        self.parts = parts
        self.observer = observer
    }

    /// Does one thing; returns what follows from it.
    func perform(_ action: CoordinatorAction, coordinator: Coordinator) -> [CoordinatorAction] {
        do {
            return try attempt(action, coordinator: coordinator)
        } catch {
            observer(.problem("\(error)"))
            return []
        }
    }

    /// A checkpoint may only cover rejected messages that are safe in their topic, alerts that are in the outbox, and
    /// windows that are in the history.
    func settle() throws {
        try parts.deadLetters?.flush()
        try recordReferences()
        try queueAlerts()
        try keepWindows()
    }

    private func recordReferences() throws {
        while let next = unrecorded.first {
            let bytes = try Self.encoded(next.profile)
            try parts.registry.offerAnchor(model: next.key.model, version: next.key.version, profile: bytes)
            try parts.registry.recordLearned(
                bytes, model: next.key.model, version: next.key.version, position: next.position,
                throughMicroseconds: next.throughMicroseconds)
            unrecorded.removeFirst()
            parts.housekeeper.requestPublication()
        }
    }

    private func keepWindows() throws {
        var kept = 0
        defer { unkept.removeFirst(kept) }
        for window in unkept {
            try parts.history.append(window)
            kept += 1
        }
    }

    private func queueAlerts() throws {
        guard !unqueued.isEmpty else { return }
        try parts.outbox.enqueue(
            unqueued, endpoints: parts.endpoints, nowMicroseconds: parts.wallClockMicroseconds())
        unqueued = []
    }

    private func attempt(_ action: CoordinatorAction, coordinator: Coordinator) throws -> [CoordinatorAction] {
        switch action {
        case .referenceLearned(let key, let events, let end):
            observer(.referenceLearned(key, events: events, endMicroseconds: end))
            if let profile = coordinator.learned[key] {
                unrecorded.append(
                    LearnedReference(
                        key: key, profile: profile, position: coordinator.predictionPosition(of: key.model),
                        throughMicroseconds: end))
                try recordReferences()
            }
        case .windowJudged(let window):
            observer(.windowJudged(window))
            unkept.append(window)
            if unkept.count > Self.maximumUnkept {
                unkept.removeFirst()
                observer(.problem("The history misses a window: \(Self.maximumUnkept) wait for the disk already"))
            }
            try keepWindows()
        case .alert(let transition):
            observer(.alert(transition, delivery: parts.endpoints.isEmpty ? .nobodyConfigured : .queued))
            unqueued.append(transition)
            try queueAlerts()
        case .train(let request):
            observer(
                .retrainingStarted(
                    model: request.model, trigger: request.trigger.description, rows: request.rows.count,
                    atMicroseconds: request.atMicroseconds))
            announce("started", request, details: ["trigger": request.trigger.name])
            parts.status.beginWork()
            parts.trainer.start(request)
        case .rollBack(let model, let version, let reason):
            return try rollBack(model, version: version, reason: reason, coordinator: coordinator)
        case .commandTaken(let model, let command): observer(.taken(command, of: model))
        case .probationPassed(let model, let version, let text):
            observer(.probationPassed(model: model, version: version, text: text))
            try parts.registry.archiveShadow(of: model, reason: text, now: coordinator.nowMicroseconds)
            parts.housekeeper.requestPublication()
        case .problem(let text): observer(.problem(text))
        }
        return []
    }

    /// A training has ended: says so, and promotes the challenger if it is better and the configuration lets it.
    func finish(_ result: TrainingResult, coordinator: Coordinator) -> [CoordinatorAction] {
        let request = result.request
        coordinator.finishTraining(of: request.model, atMicroseconds: coordinator.nowMicroseconds)
        do {
            switch result.outcome {
            case .failed(let message):
                observer(.retrainingFailed(model: request.model, message: message))
                announce("failed", request, details: ["reason": message])
            case .rejected(let record, let champion, let challenger):
                let numbers = [challenger, champion].map { $0.map { String(format: "%.4f", $0) } ?? "unknown" }
                let reason = "\(numbers[0]) on the newest rows, the champion \(numbers[1])"
                observer(.versionRejected(model: request.model, version: record.version, reason: reason))
                announce("finished", request, details: ["version": record.version, "outcome": "rejected"])
                parts.housekeeper.requestPublication()
            case .accepted(let record, let champion, let challenger):
                let metric = coordinator.models[request.model]?.configuration.retraining.metric.rawValue ?? ""
                observer(
                    .versionPublished(record, champion: champion, challenger: challenger, metric: metric))
                announce("finished", request, details: ["version": record.version, "outcome": "accepted"])
                defer { parts.housekeeper.requestPublication() }
                guard parts.promoting.contains(request.model) else { return [] }
                // It has served already: a crash took the end of its retraining away, which was run again.
                guard record.state == .registered else { return synchroniseChampions(with: coordinator) }
                guard try request.champion == parts.registry.champion(of: request.model)?.version else {
                    let reason = "the champion it was tested against has been replaced meanwhile; it stays registered"
                    observer(.versionRejected(model: request.model, version: record.version, reason: reason))
                    return []
                }
                try parts.registry.promote(
                    model: request.model, version: record.version, reason: request.trigger.description,
                    now: coordinator.nowMicroseconds)
                return synchroniseChampions(with: coordinator)
            }
        } catch {
            observer(.problem("\(request.model): the result of a retraining could not be kept: \(error)"))
        }
        return []
    }

    /// Starts the retrainings that somebody has asked for at the command line.
    func takeDemands(coordinator: Coordinator) -> [CoordinatorAction] {
        do {
            return try parts.registry.takeDemands().flatMap { coordinator.demandRetraining(of: $0) }
        } catch {
            observer(.problem("Demands for retraining cannot be read: \(error)"))
            return []
        }
    }

    /// The same profile is always the same bytes.
    static func encoded(_ profile: ReferenceProfile) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(profile))
    }

    /// Puts `tidewatch.retraining.<what>` into the outbox for Kafka. A failure is said; the retraining goes on.
    private func announce(_ what: String, _ request: TrainingRequest, details: [String: String]) {
        guard parts.endpoints.contains(Housekeeper.kafkaEndpoint) else { return }
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("type", "tidewatch.retraining.\(what)")
        writer.field("timestamp", EventTime.format(request.atMicroseconds))
        writer.key("data")
        writer.beginObject()
        writer.field("model", request.model)
        writer.field("rows", Double(request.rows.count))
        for detail in details.sorted(by: { $0.key < $1.key }) { writer.field(detail.key, detail.value) }
        writer.endObject()
        writer.endObject()
        do {
            try parts.outbox.enqueue(
                messageID: "retraining-\(request.model)-\(request.atMicroseconds).\(what)",
                endpoint: Housekeeper.kafkaEndpoint, body: writer.bytes,
                nowMicroseconds: parts.wallClockMicroseconds())
        } catch {
            observer(.problem("\(request.model): retraining \(what), which Kafka will not hear of: \(error)"))
        }
    }
}
