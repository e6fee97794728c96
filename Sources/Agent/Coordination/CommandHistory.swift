import Foundation
import Registry
import Statistics
import Windowing

/// A promotion or rollback with the place in the stream at which the agent goes over to the version.
struct ChampionCommand: Sendable, Equatable {
    /// Of the ledger's record that it took effect there.
    var sequence: Int64
    var version: String
    /// The version that served before, as far as it is known.
    var previous: String?
    var isRollback: Bool
    var reason: String
    /// The version in shadow; `nil` where there is none that can score, and after a rollback.
    var predecessor: String?
    /// The reference of the version's own training data; `nil` lets it learn one.
    var reference: ReferenceProfile?
    /// First and last event time of that data.
    var trainedOn: ClosedRange<Int64>
    /// How much each feature matters to it; `nil` where it does not tell.
    var importance: [String: Double]?
    var position: StreamPosition
}

/// A reference that a version has learned before: in an earlier life of the agent, or in the run that is replayed.
struct KnownReference: Sendable, Equatable {
    var profile: ReferenceProfile
    /// The end of the last pane that it was learned from.
    var throughMicroseconds: Int64
    var position: StreamPosition
}

/// Which version and which reference were in force when: what a ledger or a control topic has recorded of it.
struct CommandHistory: Sendable, Equatable {
    /// By model, in the order in which they took effect.
    var champions: [String: [ChampionCommand]] = [:]
    var references: [ModelVersionKey: KnownReference] = [:]

    init() {}

    mutating func add(_ other: CommandHistory) {
        champions.merge(other.champions) { $0 + $1 }
        references.merge(other.references) { first, _ in first }
    }

    /// What a ledger knows of the models.
    /// - Throws: what is wrong with the registry.
    init(of models: [String], in registry: ModelRegistry) throws {
        for model in models {
            for effect in try registry.effects(of: model) {
                if effect.kind == .referenceLearned {
                    references[ModelVersionKey(model: model, version: effect.version)] = try KnownReference(
                        effect, in: registry)
                } else {
                    champions[model, default: []].append(try ChampionCommand(effect, in: registry))
                }
            }
        }
    }
}

extension KnownReference {
    fileprivate init?(_ effect: CommandEffect, in registry: ModelRegistry) throws {
        guard let bytes = try registry.reference(of: effect), let through = effect.learnedThroughMicroseconds else {
            return nil
        }
        profile = try JSONDecoder().decode(ReferenceProfile.self, from: Data(bytes))
        throughMicroseconds = through
        position = effect.position
    }
}

extension ChampionCommand {
    init(_ effect: CommandEffect, in registry: ModelRegistry) throws {
        let record = try registry.version(effect.version, of: effect.model)
        let entry = try effect.command.flatMap { try registry.entry($0) }
        let reference = try registry.reference(of: effect).map {
            try JSONDecoder().decode(ReferenceProfile.self, from: Data($0))
        }
        self.init(
            sequence: effect.sequence, version: effect.version, previous: entry?.previous,
            isRollback: effect.kind == .rolledBack, reason: entry?.reason ?? "", predecessor: effect.predecessor,
            reference: reference, trainedOn: record.lineage.dataRange, importance: record.lineage.importance,
            position: effect.position)
    }
}

extension AgentEvent {
    /// The model has gone over to another version.
    static func taken(_ command: ChampionCommand, of model: String) -> AgentEvent {
        guard !command.isRollback else {
            return .rolledBack(
                model: model, from: command.previous ?? "", to: command.version, reason: command.reason)
        }
        return .promoted(
            model: model, version: command.version, predecessor: command.predecessor, reason: command.reason,
            fromMicroseconds: command.position.moment)
    }
}
