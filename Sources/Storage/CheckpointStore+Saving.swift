import Foundation
import GRDB
import Synchronization

extension CheckpointStore {
    /// Saves a checkpoint: all of it, durably, or nothing. The two newest are kept.
    ///
    /// Deletions concern rows of earlier saves; then the new rows are added. A failed save leaves the file as it was,
    /// and a later one may succeed.
    ///
    /// - Parameters:
    ///   - parts: the whole state but for the appended rows. A part with the bytes of the last checkpoint is stored by
    ///     reference.
    ///   - appending: rows that this and later checkpoints shall hold.
    ///   - deletingBefore: by series, the first position to keep.
    ///   - createdMicroseconds: the time to note, microseconds since 1970 UTC.
    /// - Returns: the checkpoint's generation, larger than any before.
    /// - Throws: `StorageError`: `full`, `busy` (also when another process has saved since this one did), `corrupt`,
    ///   `ioFailure`.
    @discardableResult
    public func save(
        parts: [String: [UInt8]], appending: [AppendedRecord] = [], deletingBefore: [String: Int64] = [:],
        createdMicroseconds: Int64? = nil
    ) throws -> Int64 {
        let digests = parts.mapValues(ContentDigest.bytes(of:))
        // Held throughout: two savers would otherwise build on the same base.
        return try memory.withLock { memory in
            let generation = try StorageError.translating(path: path, repair: Self.repair) {
                try queue.write { database in
                    let newest = try Int64.fetchOne(database, sql: "SELECT max(generation) FROM checkpoint")
                    let base = memory.base ?? newest
                    if let newest, newest > base ?? 0, !memory.damagedGenerations.contains(newest) {
                        throw StorageError(
                            .busy,
                            "another process has saved checkpoint \(newest) meanwhile: it has taken over, and this "
                                + "state is out of date", path: path)
                    }
                    try Self.dropCheckpoints(after: base, in: database)
                    try database.execute(
                        sql: "INSERT INTO checkpoint (created_us, part_count) VALUES (?, ?)",
                        arguments: [createdMicroseconds, parts.count])
                    let generation = database.lastInsertedRowID
                    for (name, bytes) in parts.sorted(by: { $0.key < $1.key }) {
                        guard let digest = digests[name] else { preconditionFailure("every part has its digest") }
                        try Self.insertPart(
                            name, bytes: bytes, digest: digest, generation: generation,
                            rewriting: memory.damagedDigests.contains(digest), in: database)
                    }
                    try Self.insertRows(
                        appending, deletingBefore: deletingBefore, generation: generation, in: database)
                    try Self.dropCheckpoints(before: base ?? generation, in: database)
                    return generation
                }
            }
            memory.base = generation
            memory.damagedDigests.subtract(digests.values)
            return generation
        }
    }

    /// Drops damaged checkpoints newer than the one that the state continues, with the rows and deletions they brought.
    private static func dropCheckpoints(after base: Int64?, in database: Database) throws {
        try database.execute(sql: "DELETE FROM checkpoint WHERE generation > ?", arguments: [base ?? 0])
        // The rare case: looking for their rows reads the whole table.
        guard database.changesCount > 0 else { return }
        for table in ["checkpoint_part", "appended", "deletion"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE generation > ?", arguments: [base ?? 0])
        }
    }

    private static func insertPart(
        _ name: String, bytes: [UInt8], digest: [UInt8], generation: Int64, rewriting: Bool, in database: Database
    ) throws {
        let key = Data(digest)
        let stored = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM part_blob WHERE sha256 = ?)", arguments: [key])
        if rewriting || stored != true {
            try database.execute(
                sql: """
                    INSERT INTO part_blob (sha256, bytes) VALUES (?, ?)
                    ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes
                    """, arguments: [key, Data(bytes)])
        }
        try database.execute(
            sql: "INSERT INTO checkpoint_part (generation, name, sha256) VALUES (?, ?, ?)",
            arguments: [generation, name, key])
    }

    private static func insertRows(
        _ rows: [AppendedRecord], deletingBefore: [String: Int64], generation: Int64, in database: Database
    ) throws {
        for (series, before) in deletingBefore.sorted(by: { $0.key < $1.key }) {
            try database.execute(
                sql: "INSERT INTO deletion (generation, series, before) VALUES (?, ?, ?)",
                arguments: [generation, series, before])
        }
        guard !rows.isEmpty else { return }
        let insert = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO appended (series, position, generation, sha256, bytes) VALUES (?, ?, ?, ?, ?)
                """)
        for row in rows {
            try insert.execute(arguments: [
                row.series, row.position, generation, Data(ContentDigest.bytes(of: row.bytes)), Data(row.bytes),
            ])
        }
    }

    /// Drops what only checkpoints older than `oldest` needed.
    private static func dropCheckpoints(before oldest: Int64, in database: Database) throws {
        try database.execute(sql: "DELETE FROM checkpoint WHERE generation < ?", arguments: [oldest])
        try database.execute(sql: "DELETE FROM checkpoint_part WHERE generation < ?", arguments: [oldest])
        try database.execute(
            sql: "DELETE FROM part_blob WHERE sha256 NOT IN (SELECT sha256 FROM checkpoint_part)")
        let marks = try Row.fetchAll(
            database, sql: "SELECT generation, series, before FROM deletion WHERE generation <= ?",
            arguments: [oldest])
        for mark in marks {
            let (generation, series, before): (Int64, String, Int64) = (mark[0], mark[1], mark[2])
            try database.execute(
                sql: "DELETE FROM appended WHERE series = ? AND position < ? AND generation < ?",
                arguments: [series, before, generation])
        }
        try database.execute(sql: "DELETE FROM deletion WHERE generation <= ?", arguments: [oldest])
    }
}
