import Foundation
import GRDB

/// The checkpoint of earlier versions of the agent, all of it in one SQLite file: read, never written.
///
/// Tables: `checkpoint` (generation, part_count), `checkpoint_part` (generation, name, sha256), `part_blob` (sha256, bytes).
public struct SQLiteCheckpoint: Sendable, Equatable {
    public var parts: [String: [UInt8]]
    /// One sentence per newer generation that was damaged and passed over; empty when all is well.
    public var damaged: [String] = []

    private static let repair = "move the file away; the agent rebuilds its windows from Kafka"

    /// Loads the newest generation that is whole, verified part by part; `nil` where there is no file, or nothing in it.
    ///
    /// - Throws: `StorageError`: `corrupt` when no generation is whole, with what to do; `notADatabase`, `busy`,
    ///   `ioFailure`.
    public static func load(path: String) throws -> SQLiteCheckpoint? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var damaged: [String] = []
        let parts = try StorageError.translating(path: path, repair: repair) {
            let queue = try DatabaseQueue(path: path, configuration: StateDatabase.configuration(maximumBytes: nil))
            return try queue.read { try newestWhole(in: $0, damaged: &damaged) }
        }
        if let parts { return SQLiteCheckpoint(parts: parts, damaged: damaged) }
        guard damaged.isEmpty else {
            throw StorageError(
                .corrupt, "no checkpoint is whole (\(damaged.joined(separator: "; "))): \(repair)", path: path)
        }
        return nil
    }

    /// Removes the file and what belongs to it.
    public static func remove(path: String) {
        for file in [path, path + "-wal", path + "-shm"] { try? FileManager.default.removeItem(atPath: file) }
    }

    /// Why a generation cannot be used.
    private struct Damage: Error {
        var message: String
    }

    private static func newestWhole(in database: Database, damaged: inout [String]) throws -> [String: [UInt8]]? {
        // An agent that never came to its first checkpoint has left a file without tables.
        guard try database.tableExists("checkpoint") else { return nil }
        let checkpoints = try Row.fetchAll(
            database, sql: "SELECT generation, part_count FROM checkpoint ORDER BY generation DESC")
        for checkpoint in checkpoints {
            let generation = Int64.fromDatabaseValue(checkpoint[0]) ?? 0
            do {
                let parts = try parts(of: generation, in: database)
                guard parts.count == (try field(1, of: checkpoint) as Int) else {
                    throw Damage(message: "it has \(parts.count) parts, and not as many as it says")
                }
                return parts
            } catch let damage as Damage {
                damaged.append("checkpoint \(generation) is damaged: \(damage.message)")
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                // A page of this checkpoint; the other one may lie on sound pages.
                damaged.append(
                    "checkpoint \(generation) is damaged: \(error.message ?? "the database image is malformed")")
            }
        }
        return nil
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
                throw Damage(message: "part \"\(name)\" is missing")
            }
            let bytes = Array(stored)
            guard ContentDigest.bytes(of: bytes) == Array(digest) else {
                throw Damage(message: "part \"\(name)\" does not match its checksum")
            }
            parts[name] = bytes
        }
        return parts
    }

    /// A damaged page may hold a value of another type, which GRDB's own subscript takes for a bug.
    private static func field<Value: DatabaseValueConvertible>(_ index: Int, of row: Row) throws -> Value {
        guard let value = Value.fromDatabaseValue(row[index]) else {
            throw Damage(message: "a row of it cannot be read")
        }
        return value
    }
}
