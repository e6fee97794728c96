import Foundation
import GRDB
public import Storage

/// Versions of models, which of them serves, and how it came to that. Several processes may share it: every change is
/// one transaction.
public final class ModelRegistry: Sendable {
    let database: StateDatabase
    let blobs: BlobStore

    /// Version numbers beyond this are no counts (build times, hashes): ours do not go on from them.
    public static let largestForeignNumber: Int64 = 1_000_000_000

    /// - Parameter database: one opened with `ModelRegistry.migrations`.
    public init(database: StateDatabase, blobs: BlobStore) {
        self.database = database
        self.blobs = blobs
    }

    /// Adds a version. The same artifact with the same lineage is added once: the second call returns the first record.
    ///
    /// - Parameters:
    ///   - artifact: the model as bytes; `nil` for one that lives elsewhere.
    ///   - reference: the profile of its training data as JSON; `nil` lets the version learn one.
    ///   - state: `.registered`, or `.rejected` for one that lost against the champion.
    ///   - stretches: where in the log its training rows lie; no part of what makes it the same version, as the same rows lie
    ///     in longer stretches too.
    ///   - numberAbove: version numbers up to this are taken elsewhere, by versions that events carry already.
    public func register(
        model: String, artifact: [UInt8]?, reference: [UInt8]?, lineage: Lineage, state: VersionState = .registered,
        reason: String? = nil, numberAbove: Int64 = 0, stretches: [LogStretch] = [], now: Int64
    ) throws -> VersionRecord {
        guard state == .registered || state == .rejected else {
            throw RegistryError(.illegalMove, "a new version of \(model) cannot be \(state.rawValue)")
        }
        let artifactDigest = try artifact.map(blobs.put)
        let referenceDigest = try reference.map(blobs.put)
        let lineageText = try Self.text(of: lineage)
        return try database.write { db in
            let same = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM version WHERE model = ? AND artifact IS ? AND reference IS ? AND lineage = ?
                    """,
                arguments: [model, artifactDigest, referenceDigest, lineageText])
            if let same { return try Self.record(same) }
            let last = try Int64.fetchOne(
                db, sql: "SELECT max(number) FROM version WHERE model = ?", arguments: [model])
            let number = max(last ?? 0, numberAbove <= Self.largestForeignNumber ? numberAbove : 0) + 1
            try db.execute(
                sql: "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    model, number, state.rawValue, now, artifactDigest, artifact?.count ?? 0, referenceDigest,
                    lineageText, stretches.isEmpty ? nil : try Self.text(of: stretches),
                ])
            if let referenceDigest {
                try Self.offerAnchor(db, model: model, version: String(number), digest: referenceDigest)
            }
            try Self.log(
                db, model, String(number), previous: nil, event: state == .rejected ? .rejected : .registered,
                reason: reason ?? lineage.trigger, now: now)
            return try Self.version(db, String(number), of: model)
        }
    }

    /// Makes a version the champion; its predecessor goes on in shadow, and one that was in shadow is archived.
    ///
    /// - Parameter expected: the champion that the version has beaten; if somebody has promoted another one meanwhile,
    ///   nothing happens.
    public func promote(
        model: String, version: String, expected: String? = nil, reason: String, now: Int64
    ) throws {
        try database.write { db in
            let target = try Self.version(db, version, of: model)
            guard target.state != .champion else {
                throw RegistryError(.illegalMove, "\(model) v\(version) is the champion already")
            }
            let champion = try Self.champion(db, of: model)
            guard expected == nil || expected == champion?.version else {
                throw RegistryError(
                    .illegalMove,
                    "\(model) v\(version) was compared with v\(expected ?? ""), but "
                        + (champion.map { "v\($0.version) is the champion by now" } ?? "there is no champion by now"))
            }
            try Self.archiveShadows(db, of: model, except: version, reason: "superseded by v\(version)", now: now)
            if let champion { try Self.setState(db, .shadow, model: model, version: champion.version) }
            try Self.setState(db, .champion, model: model, version: version)
            try Self.log(
                db, model, version, previous: champion?.version, event: .promoted, reason: reason, now: now)
        }
    }

    /// Goes back to the champion's predecessor: the one in shadow, else the newest that served before and was not
    /// rolled back itself.
    ///
    /// - Parameter expected: the champion that is meant; if somebody has promoted another one meanwhile, nothing happens.
    /// - Returns: the version that serves again.
    public func rollback(
        model: String, expected: String? = nil, reason: String, now: Int64
    ) throws -> VersionRecord {
        try database.write { db in
            guard let champion = try Self.champion(db, of: model) else {
                throw RegistryError(.unknownModel, "\(model) has no champion; see 'tidewatch models list'")
            }
            guard expected == nil || expected == champion.version else {
                throw RegistryError(
                    .illegalMove,
                    "\(model) v\(expected ?? "") was to be rolled back, but v\(champion.version) is the champion by now"
                )
            }
            guard let target = try Self.predecessor(db, of: model) else {
                throw RegistryError(
                    .nothingToRollBackTo,
                    "\(model) v\(champion.version) has no predecessor to go back to; promote another version instead")
            }
            try Self.setState(db, .rolledBack, model: model, version: champion.version)
            try Self.setState(db, .champion, model: model, version: target.version)
            try Self.log(
                db, model, target.version, previous: champion.version, event: .rolledBack, reason: reason, now: now)
            return try Self.version(db, target.version, of: model)
        }
    }

    /// Ends the comparison in shadow: the predecessor is archived.
    public func archiveShadow(of model: String, reason: String, now: Int64) throws {
        try database.write { try Self.archiveShadows($0, of: model, reason: reason, now: now) }
    }

    private static func archiveShadows(
        _ db: Database, of model: String, except version: String? = nil, reason: String, now: Int64
    ) throws {
        let shadows = try Row.fetchAll(
            db, sql: "SELECT * FROM version WHERE model = ? AND state = 'shadow'", arguments: [model])
        for shadow in try shadows.map(record) where shadow.version != version {
            try setState(db, .archived, model: model, version: shadow.version)
            try log(db, model, shadow.version, previous: nil, event: .archived, reason: reason, now: now)
        }
    }

    static func text(of lineage: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(lineage), as: UTF8.self)
    }
}
