import Alerting
import Events
import Foundation
import KafkaClient
import Registry
import Statistics
import Storage
import Windowing

/// What the live parts are told of the configuration.
extension ConsumerLoop.Settings {
    init(_ configuration: AgentConfiguration, brokers: String?, ports: AgentPorts, positions: FilePositions) {
        let start: StartPosition =
            switch configuration.sources.start {
            case .earliest: .earliest
            case .latest: .latest
            case .committed: .committedOrEarliest
            }
        let consumer = ConsumerSettings(
            bootstrapServers: brokers ?? "", groupID: configuration.kafka.group,
            instanceID: configuration.kafka.instanceID, topics: configuration.sources.topics,
            properties: configuration.kafka.consumerProperties)
        let files = FileSettings(configuration)
        let streams = configuration.sources.streams
        self.init(
            open: { owner in
                if files.files.isEmpty { return try KafkaIntake(settings: consumer, owner: owner) }
                return FileIntake(
                    settings: files, positions: positions, owner: owner,
                    nowMicroseconds: ports.wallClockMicroseconds)
            },
            predictionsTopic: streams[0], outcomesTopic: streams[streams.count - 1],
            idleTimeoutMicroseconds: configuration.sources.idleTimeout,
            statusIntervalMicroseconds: configuration.agent.statusInterval, start: start,
            isAlone: !configuration.replicas.isEnabled,
            rewind: files.files.isEmpty ? ports.rewind : nil,
            wallClockMicroseconds: ports.wallClockMicroseconds, wait: ports.wait,
            models: configuration.models.map(\.name))
    }
}

extension FileSettings {
    init(_ configuration: AgentConfiguration) {
        self.init(
            files: configuration.sources.files.map { file in
                File(
                    path: file.path,
                    format: file.columns.map { columns in
                        .csv(
                            CSVMapping(
                                of: configuration.models[0], prediction: columns.prediction, score: columns.score,
                                outcome: columns.outcome, time: columns.time, id: columns.id,
                                excluded: columns.excluded))
                    } ?? .jsonLines)
            },
            startsAtEnd: configuration.sources.start == .latest,
            limits: configuration.sources.eventLimits(configuration.limits), decoders: configuration.agent.workers)
    }
}

extension KafkaConfiguration {
    /// librdkafka takes consumer properties in a producer with a warning only, but it is better not to.
    private static let consumerOnly = [
        "fetch.", "queued.", "session.", "heartbeat.", "max.poll.", "isolation.", "enable.partition.eof", "check.crcs",
        "partition.assignment.",
    ]
    private static let producerOnly = [
        "linger.", "batch.", "queue.buffering.", "compression.", "acks", "request.required.acks", "enable.idempotence",
        "message.timeout", "delivery.timeout", "message.send.", "retries",
    ]

    var consumerProperties: [String: String] { leaving(out: Self.producerOnly) }
    var producerProperties: [String: String] { leaving(out: Self.consumerOnly) }

    private func leaving(out prefixes: [String]) -> [String: String] {
        properties.filter { property in !prefixes.contains { property.key.hasPrefix($0) } }
    }
}

extension AlertingConfiguration {
    func endpoints() throws -> [WebhookEndpoint] {
        try webhooks.enumerated().map { number, webhook in
            try WebhookEndpoint(
                name: "webhook-\(number)", url: webhook.url, secrets: webhook.secrets.map(WebhookSecret.init),
                timeoutMicroseconds: webhook.timeout)
        }
    }
}

extension ReferenceCatalog {
    /// Puts the references of the versions in force that serve or have served. One that was never promoted learns its own
    /// until it is, whether the agent is started anew or not; and one that had learned it by then keeps that.
    func loadVersions(of configuration: AgentConfiguration, from registry: ModelRegistry) throws {
        for model in configuration.models {
            let learned = Set(
                try registry.effects(of: model.name).filter { $0.kind == .referenceLearned }.map(\.version))
            for record in try registry.versions(of: model.name).suffix(configuration.limits.versionsPerModel)
            where record.hasServed && !learned.contains(record.version) {
                guard let bytes = try registry.reference(of: record) else { continue }
                let profile = try JSONDecoder().decode(ReferenceProfile.self, from: Data(bytes))
                set(ReferenceEncoder(profile), for: ModelVersionKey(model: model.name, version: record.version))
            }
        }
    }
}

extension VersionRecord {
    fileprivate var hasServed: Bool { state != .registered && state != .rejected }
}

extension NotifierReport {
    /// What a person should know of a round of deliveries.
    var problems: [String] {
        let failed = attempts.compactMap { attempt -> String? in
            guard case .retry(let failure, _) = attempt.outcome, attempt.attempt == 1 else { return nil }
            return "\(attempt.endpoint): \(failure); the alert is kept and tried again"
        }
        let disabled = attempts.filter { $0.outcome == .endpointDisabled }.map {
            "\($0.endpoint) answered 410 Gone and gets no further alerts until the agent is restarted"
        }
        let lost = givenUp.map {
            "\($0.endpoint): alert \($0.messageID) was given up after \($0.failures) attempts (\($0.lastError ?? "never tried"))"
        }
        return failed + disabled + lost + storageErrors.map(\.description)
    }
}
