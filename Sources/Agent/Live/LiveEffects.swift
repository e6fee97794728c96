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

    private let parts: Parts
    private let observer: AgentObserver
    /// Alerts that the outbox would not take (a full disk); tried again with the next one and before each checkpoint.
    private var unqueued: [AlertTransition] = []
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
        try queueAlerts()
        try keepWindows()
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
                try parts.registry.offerAnchor(
                    model: key.model, version: key.version, profile: Self.encoded(profile))
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
        case .probationPassed(let model, let version, let text):
            observer(.probationPassed(model: model, version: version, text: text))
            try parts.registry.archiveShadow(of: model, reason: text, now: coordinator.nowMicroseconds)
            parts.housekeeper.requestPublication()
        case .problem(let text): observer(.problem(text))
        }
        return []
    }

    private func rollBack(
        _ model: String, version: String, reason: String, coordinator: Coordinator
    ) throws -> [CoordinatorAction] {
        let target = try parts.registry.rollback(
            model: model, expected: version, reason: reason, now: coordinator.nowMicroseconds)
        observer(.rolledBack(model: model, from: version, to: target.version, reason: reason))
        coordinator.coolDown(model)
        parts.housekeeper.requestPublication()
        return coordinator.crown(
            target.version, of: model, reference: try reference(of: target), trainedOn: target.lineage.dataRange,
            predecessor: nil)
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
                guard request.champion == coordinator.models[request.model]?.champion else {
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

    /// Takes over what the registry says, whoever changed it: this agent, or somebody at the command line.
    func synchroniseChampions(with coordinator: Coordinator) -> [CoordinatorAction] {
        var actions: [CoordinatorAction] = []
        for name in coordinator.models.keys.sorted() {
            do {
                guard let champion = try parts.registry.champion(of: name),
                    champion.version != coordinator.models[name]?.champion
                else { continue }
                let shadow = try parts.registry.shadow(of: name)
                observer(
                    .promoted(
                        model: name, version: champion.version, predecessor: shadow?.version,
                        reason: try parts.registry.history(of: name).last { $0.version == champion.version }?.reason
                            ?? ""))
                actions += coordinator.crown(
                    champion.version, of: name, reference: try reference(of: champion),
                    trainedOn: champion.lineage.dataRange,
                    predecessor: shadow?.artifactDigest == nil ? nil : shadow?.version)
                parts.housekeeper.requestPublication()
            } catch {
                observer(.problem("\(name): the registry cannot be read: \(error)"))
            }
        }
        return actions
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

    private func reference(of record: VersionRecord) throws -> ReferenceProfile? {
        try parts.registry.reference(of: record).map {
            try JSONDecoder().decode(ReferenceProfile.self, from: Data($0))
        }
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
