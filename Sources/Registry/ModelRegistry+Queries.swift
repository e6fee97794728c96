import Foundation
import GRDB
import Storage

extension ModelRegistry {
    /// The names of all models.
    public func models() throws -> [String] {
        try database.read { try String.fetchAll($0, sql: "SELECT DISTINCT model FROM version ORDER BY model") }
    }

    /// All versions of a model, oldest first.
    public func versions(of model: String) throws -> [VersionRecord] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM version WHERE model = ? ORDER BY number", arguments: [model])
                .map(Self.record)
        }
    }

    /// One version.
    public func version(_ version: String, of model: String) throws -> VersionRecord {
        try database.read { try Self.version($0, version, of: model) }
    }

    /// The version that serves; `nil` where none was promoted.
    public func champion(of model: String) throws -> VersionRecord? {
        try database.read { try Self.champion($0, of: model) }
    }

    /// The version that a rollback would go back to.
    public func predecessor(of model: String) throws -> VersionRecord? {
        try database.read { try Self.predecessor($0, of: model) }
    }

    /// The version in shadow; `nil` while no comparison is under way.
    public func shadow(of model: String) throws -> VersionRecord? {
        try versions(of: model).first { $0.state == .shadow }
    }

    /// What happened to a model, oldest first.
    public func history(of model: String) throws -> [LedgerEntry] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT ledger.*, effect.predictions_us, effect.pairs_us FROM ledger
                    LEFT JOIN effect ON effect.command = ledger.sequence
                    WHERE ledger.model = ? ORDER BY ledger.sequence
                    """, arguments: [model]
            ).map(Self.entry)
        }
    }

    /// One entry of the ledger; `nil` where there is no such.
    public func entry(_ sequence: Int64) throws -> LedgerEntry? {
        try database.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM ledger WHERE sequence = ?", arguments: [sequence]).map(Self.entry)
        }
    }

    /// The newest sequence of the ledger, over all models; it moves with every change.
    public func newestSequence() throws -> Int64 {
        try database.read { try Int64.fetchOne($0, sql: "SELECT max(sequence) FROM ledger") ?? 0 }
    }

    /// The model's bytes, verified against their digest.
    public func artifact(of record: VersionRecord) throws -> [UInt8] {
        guard let digest = record.artifactDigest else {
            throw RegistryError(
                .noArtifact, "\(record.model) v\(record.version) has no artifact here; it was registered from elsewhere"
            )
        }
        return try blobs.get(digest)
    }

    /// The reference profile's JSON, verified against its digest; `nil` where the version has none.
    public func reference(of record: VersionRecord) throws -> [UInt8]? {
        try record.referenceDigest.map(blobs.get)
    }

    /// Asks the running agent for a retraining of a model.
    public func demandRetraining(of model: String, now: Int64) throws {
        try database.write {
            try $0.execute(sql: "INSERT OR REPLACE INTO demand VALUES (?, ?)", arguments: [model, now])
        }
    }

    /// Whether a retraining was asked for that nobody has taken.
    public func hasDemands() throws -> Bool {
        try database.read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM demand)") ?? false }
    }

    /// Takes the retrainings that were asked for; each is taken once.
    public func takeDemands() throws -> [String] {
        try database.write { db in
            let models = try String.fetchAll(db, sql: "SELECT model FROM demand ORDER BY model")
            try db.execute(sql: "DELETE FROM demand")
            return models
        }
    }

    // MARK: - Inside a transaction

    static func version(_ db: Database, _ version: String, of model: String) throws -> VersionRecord {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM version WHERE model = ? AND CAST(number AS TEXT) = ?", arguments: [model, version])
        if let row { return try record(row) }
        let known = try String.fetchAll(
            db, sql: "SELECT CAST(number AS TEXT) FROM version WHERE model = ? ORDER BY number", arguments: [model])
        guard !known.isEmpty else {
            throw RegistryError(.unknownModel, "there is no model '\(model)'; see 'tidewatch models list'")
        }
        throw RegistryError(
            .unknownVersion, "\(model) has no version '\(version)'; known are \(known.joined(separator: ", "))")
    }

    static func champion(_ db: Database, of model: String) throws -> VersionRecord? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM version WHERE model = ? AND state = 'champion'", arguments: [model]
        ).map(record)
    }

    static func predecessor(_ db: Database, of model: String) throws -> VersionRecord? {
        let shadow = try Row.fetchOne(
            db, sql: "SELECT * FROM version WHERE model = ? AND state = 'shadow'", arguments: [model])
        if let shadow { return try record(shadow) }
        return try Row.fetchOne(
            db,
            sql: """
                SELECT version.* FROM version JOIN ledger
                ON ledger.model = version.model AND ledger.version = CAST(version.number AS TEXT)
                WHERE version.model = ? AND version.state = 'archived' AND ledger.event IN ('promoted', 'rolled_back')
                ORDER BY ledger.sequence DESC LIMIT 1
                """, arguments: [model]
        ).map(record)
    }

    static func setState(_ db: Database, _ state: VersionState, model: String, version: String) throws {
        try db.execute(
            sql: "UPDATE version SET state = ? WHERE model = ? AND CAST(number AS TEXT) = ?",
            arguments: [state.rawValue, model, version])
    }

    static func log(
        _ db: Database, _ model: String, _ version: String, previous: String?, event: LedgerEntry.Event, reason: String,
        now: Int64
    ) throws {
        try db.execute(
            sql: "INSERT INTO ledger (at_us, model, version, previous, event, reason) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [now, model, version, previous, event.rawValue, reason])
    }

    static func record(_ row: Row) throws -> VersionRecord {
        let state: String = row["state"]
        let lineage: String = row["lineage"]
        let number: Int64 = row["number"]
        let stretches: String? = row["stretches"]
        return VersionRecord(
            model: row["model"], version: String(number), state: VersionState(rawValue: state) ?? .archived,
            createdMicroseconds: row["created_us"], artifactDigest: row["artifact"],
            artifactBytes: row["artifact_bytes"], referenceDigest: row["reference"],
            lineage: try JSONDecoder().decode(Lineage.self, from: Data(lineage.utf8)),
            stretches: try stretches.map { try JSONDecoder().decode([LogStretch].self, from: Data($0.utf8)) })
    }

    static func entry(_ row: Row) throws -> LedgerEntry {
        let name: String = row["event"]
        guard let event = LedgerEntry.Event(rawValue: name) else {
            throw RegistryError(.illegalMove, "the ledger names an event '\(name)' that this Tidewatch does not know")
        }
        let predictions: Int64? = row.hasColumn("predictions_us") ? row["predictions_us"] : nil
        let pairs: Int64? = row.hasColumn("pairs_us") ? row["pairs_us"] : nil
        return LedgerEntry(
            sequence: row["sequence"], atMicroseconds: row["at_us"], model: row["model"], version: row["version"],
            previous: row["previous"], event: event, reason: row["reason"],
            inForceFrom: predictions.map {
                StreamPosition(predictionsMicroseconds: $0, pairsMicroseconds: pairs ?? .min)
            })
    }
}
