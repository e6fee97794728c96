import Events
import Foundation
import KafkaClient
import Registry
import Statistics
import Windowing

/// A command on the control topic, with the place in the stream at which it took effect. Each has a key of its own, so that
/// compaction keeps them all; one that is published again replaces itself.
struct CommandRecord: Codable {
    static let commandType = "tidewatch.command"

    var type = Self.commandType
    var model: String
    var version: String
    var command: CommandEffect.Kind
    /// In the order of the ledger.
    var sequence: Int64
    var position: StreamPosition
    var previous: String?
    var reason: String?
    var predecessor: String?
    /// The reference that came into force with it.
    var reference: ReferenceProfile?
    /// First and last event time of the version's training data.
    var trainedFromMicroseconds: Int64?
    var trainedToMicroseconds: Int64?
    var importance: [String: Double]?
    var learnedThroughMicroseconds: Int64?

    init(_ effect: CommandEffect, in registry: ModelRegistry) throws {
        (model, version, command, sequence) = (effect.model, effect.version, effect.kind, effect.sequence)
        position = effect.position
        learnedThroughMicroseconds = effect.learnedThroughMicroseconds
        reference = try registry.reference(of: effect).map {
            try JSONDecoder().decode(ReferenceProfile.self, from: Data($0))
        }
        guard effect.kind != .referenceLearned else { return }
        let command = try ChampionCommand(effect, in: registry)
        (previous, reason, predecessor) = (command.previous, command.reason, command.predecessor)
        (trainedFromMicroseconds, trainedToMicroseconds) = (command.trainedOn.lowerBound, command.trainedOn.upperBound)
        importance = command.importance
    }

    var key: String {
        let place = [position.predictionsMicroseconds, position.pairsMicroseconds].map { "\($0)" }
        return String(
            decoding: JSONWriter.list(["command", model, version, command.rawValue] + place), as: UTF8.self)
    }

    func published(topic: String) throws -> PublishedRecord {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return PublishedRecord(
            topic: topic, key: key, value: Array(try encoder.encode(self)),
            headers: [(name: "content-type", value: "application/json")])
    }

    func add(to history: inout CommandHistory) {
        guard command != .referenceLearned else {
            guard let reference, let through = learnedThroughMicroseconds else { return }
            history.references[ModelVersionKey(model: model, version: version)] = KnownReference(
                profile: reference, throughMicroseconds: through, position: position)
            return
        }
        let from = trainedFromMicroseconds ?? 0
        history.champions[model, default: []].append(
            ChampionCommand(
                sequence: sequence, version: version, previous: previous, isRollback: command == .rolledBack,
                reason: reason ?? "", predecessor: predecessor, reference: reference,
                trainedOn: from...max(from, trainedToMicroseconds ?? from), importance: importance,
                position: position))
    }
}

extension CommandHistory {
    /// What the control topic knows; empty where there is no such topic.
    ///
    /// - Parameter observer: told of records that cannot be read.
    /// - Throws: `KafkaError`.
    init(controlTopicOf configuration: AgentConfiguration, brokers: String, observer: (AgentEvent) -> Void) throws {
        let topic = configuration.replicas.controlTopic
        var records: [String: CommandRecord] = [:]
        let reader = try ControlTopicReader(configuration: configuration, brokers: brokers)
        defer { reader.close() }
        do {
            try reader.catchUp { event in
                switch event {
                case .record(.command(let record), _): records[record.key] = record
                case .record: break
                case .unreadable(let offset, let error):
                    observer(.problem("Message \(offset) of topic \(topic) is no command and was left out: \(error)"))
                case .problem(let text): observer(.problem(text))
                }
            }
        } catch let error as KafkaError where error.code == .unknownTopic {
            return
        }
        for record in records.values.sorted(by: { $0.sequence < $1.sequence }) { record.add(to: &self) }
    }
}
