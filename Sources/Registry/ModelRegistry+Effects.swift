public import Events
import Foundation
import GRDB
import Storage

extension ModelRegistry {
    /// Records where a command took effect. A command takes effect once, and a version learns one reference: what was
    /// recorded first stays, and is returned.
    @discardableResult
    public func record(_ effect: CommandEffect) throws -> CommandEffect {
        try database.write { db in
            if let known = try Self.recorded(db, effect) { return known }
            try db.execute(
                sql: """
                    INSERT INTO effect (model, version, kind, command, predecessor, reference, predictions_us, pairs_us,
                        learned_through_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    effect.model, effect.version, effect.kind.rawValue, effect.command, effect.predecessor,
                    effect.referenceDigest, effect.position.predictionsMicroseconds, effect.position.pairsMicroseconds,
                    effect.learnedThroughMicroseconds,
                ])
            var recorded = effect
            recorded.sequence = db.lastInsertedRowID
            return recorded
        }
    }

    /// The same for a reference that a version has learned.
    public func recordLearned(
        _ profile: [UInt8], model: String, version: String, position: StreamPosition, throughMicroseconds: Int64
    ) throws {
        try record(
            CommandEffect(
                model: model, version: version, kind: .referenceLearned, referenceDigest: try blobs.put(profile),
                position: position, learnedThroughMicroseconds: throughMicroseconds))
    }

    /// All that has taken effect on a model, in the order in which it did.
    public func effects(of model: String) throws -> [CommandEffect] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM effect WHERE model = ? ORDER BY sequence", arguments: [model])
                .map(Self.effect)
        }
    }

    /// The reference that came into force, as JSON, verified against its digest; `nil` where there is none.
    public func reference(of effect: CommandEffect) throws -> [UInt8]? { try effect.referenceDigest.map(blobs.get) }

    /// Publishes what has taken effect beyond the published mark, each under a key of its own so that compaction keeps it,
    /// and moves the mark after each that the sink has taken.
    ///
    /// - Returns: how many were published.
    @discardableResult
    public func publishPendingEffects(
        to sink: some RecordSink, record: (CommandEffect) throws -> PublishedRecord
    ) throws -> Int {
        let pending = try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM effect WHERE sequence > (SELECT sequence FROM effect_publication)
                    ORDER BY sequence LIMIT 1000
                    """
            ).map(Self.effect)
        }
        for effect in pending {
            try sink.publish(try record(effect))
            try database.write {
                try $0.execute(
                    sql: "UPDATE effect_publication SET sequence = max(sequence, ?)", arguments: [effect.sequence])
            }
        }
        return pending.count
    }

    private static func recorded(_ db: Database, _ effect: CommandEffect) throws -> CommandEffect? {
        if let command = effect.command {
            return try Row.fetchOne(db, sql: "SELECT * FROM effect WHERE command = ?", arguments: [command])
                .map(Self.effect)
        }
        guard effect.kind == .referenceLearned else { return nil }
        return try Row.fetchOne(
            db, sql: "SELECT * FROM effect WHERE model = ? AND version = ? AND kind = ?",
            arguments: [effect.model, effect.version, effect.kind.rawValue]
        ).map(Self.effect)
    }

    private static func effect(_ row: Row) throws -> CommandEffect {
        let name: String = row["kind"]
        guard let kind = CommandEffect.Kind(rawValue: name) else {
            throw RegistryError(.illegalMove, "the ledger names a command '\(name)' that this Tidewatch does not know")
        }
        var effect = CommandEffect(
            model: row["model"], version: row["version"], kind: kind, command: row["command"],
            predecessor: row["predecessor"], referenceDigest: row["reference"],
            position: StreamPosition(
                predictionsMicroseconds: row["predictions_us"], pairsMicroseconds: row["pairs_us"]),
            learnedThroughMicroseconds: row["learned_through_us"])
        effect.sequence = row["sequence"]
        return effect
    }
}
