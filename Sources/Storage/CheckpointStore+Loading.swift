import Foundation
import GRDB
import Synchronization

extension CheckpointStore {
    /// Loads the newest checkpoint that is whole, verified part by part; `nil` when none was ever saved.
    ///
    /// Saving afterwards continues from the loaded one; damaged newer ones are dropped then.
    ///
    /// - Throws: `StorageError`: `corrupt` when no checkpoint is whole, with what to do; `notADatabase`, `busy`,
    ///   `ioFailure`.
    public func loadLatest() throws -> LoadedCheckpoint? {
        try memory.withLock { memory in
            let search = try StorageError.translating(path: path, repair: Self.repair) {
                try queue.read { try Self.newestWhole(in: $0) }
            }
            memory.damagedDigests.formUnion(search.damagedDigests)
            memory.damagedGenerations.formUnion(search.damagedGenerations)
            if let loaded = search.loaded {
                memory.base = loaded.generation
                return loaded
            }
            guard search.messages.isEmpty else {
                // Whoever saves now starts afresh: nothing of the damaged state may show through.
                memory.base = 0
                throw StorageError(
                    .corrupt, "no checkpoint is whole (\(search.messages.joined(separator: "; "))): \(Self.repair)",
                    path: path)
            }
            return nil
        }
    }

    private struct Search {
        var loaded: LoadedCheckpoint?
        var messages: [String] = []
        var damagedDigests: Set<[UInt8]> = []
        var damagedGenerations: Set<Int64> = []
    }

    /// Why a checkpoint cannot be used.
    private struct Damage: Error {
        var message: String
        var digest: [UInt8]?
    }

    private static func newestWhole(in database: Database) throws -> Search {
        var search = Search()
        let checkpoints = try Row.fetchAll(
            database, sql: "SELECT generation, created_us, part_count FROM checkpoint ORDER BY generation DESC")
        for checkpoint in checkpoints {
            let generation = Int64.fromDatabaseValue(checkpoint[0]) ?? 0
            do {
                let partCount: Int = try field(2, of: checkpoint)
                let parts = try Self.parts(of: generation, in: database)
                guard parts.count == partCount else {
                    throw Damage(message: "it has \(parts.count) of its \(partCount) parts", digest: nil)
                }
                let appended = try Self.rows(of: generation, in: database)
                search.loaded = LoadedCheckpoint(
                    generation: generation, createdMicroseconds: Int64.fromDatabaseValue(checkpoint[1]),
                    parts: parts, appended: appended, damaged: search.messages)
                return search
            } catch let damage as Damage {
                search.damagedGenerations.insert(generation)
                search.messages.append("checkpoint \(generation) is damaged: \(damage.message)")
                if let digest = damage.digest { search.damagedDigests.insert(digest) }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                // A page of this checkpoint; the other one may lie on sound pages.
                search.damagedGenerations.insert(generation)
                search.messages.append(
                    "checkpoint \(generation) is damaged: \(error.message ?? "the database image is malformed")")
            }
        }
        return search
    }

    private static func parts(of generation: Int64, in database: Database) throws -> [String: [UInt8]] {
        var parts: [String: [UInt8]] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT part.name, part.sha256, blob.bytes
                FROM checkpoint_part part LEFT JOIN part_blob blob ON blob.sha256 = part.sha256
                WHERE part.generation = ? ORDER BY part.name
                """, arguments: [generation])
        while let row = try rows.next() {
            let name: String = try field(0, of: row)
            let digest: Data = try field(1, of: row)
            guard let stored = Data.fromDatabaseValue(row[2]) else {
                throw Damage(message: "part \"\(name)\" is missing", digest: Array(digest))
            }
            let bytes = Array(stored)
            guard ContentDigest.bytes(of: bytes) == Array(digest) else {
                throw Damage(message: "part \"\(name)\" does not match its checksum", digest: Array(digest))
            }
            parts[name] = bytes
        }
        return parts
    }

    private static func rows(of generation: Int64, in database: Database) throws -> [AppendedRecord] {
        var records: [AppendedRecord] = []
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT series, position, sha256, bytes FROM appended
                WHERE generation <= :generation AND NOT EXISTS (
                    SELECT 1 FROM deletion
                    WHERE deletion.series = appended.series AND deletion.generation <= :generation
                        AND deletion.before > appended.position AND deletion.generation > appended.generation)
                ORDER BY series, position, generation
                """, arguments: ["generation": generation])
        while let row = try rows.next() {
            let series: String = try field(0, of: row)
            let position: Int64 = try field(1, of: row)
            let digest: Data = try field(2, of: row)
            let bytes = Array(try field(3, of: row) as Data)
            guard ContentDigest.bytes(of: bytes) == Array(digest) else {
                throw Damage(message: "row \(position) of \"\(series)\" does not match its checksum", digest: nil)
            }
            let record = AppendedRecord(series: series, position: position, bytes: bytes)
            // Of several with the same place the newest counts, and it comes last.
            if let last = records.last, last.series == series, last.position == position { records.removeLast() }
            records.append(record)
        }
        return records
    }

    /// A damaged page may hold a value of another type, which GRDB's own subscript takes for a bug.
    private static func field<Value: DatabaseValueConvertible>(_ index: Int, of row: Row) throws -> Value {
        guard let value = Value.fromDatabaseValue(row[index]) else {
            throw Damage(message: "a row of it cannot be read", digest: nil)
        }
        return value
    }
}
