import Foundation
import GRDB
import Testing

@testable import Storage

/// Checkpoints of earlier versions, written here as those did.
struct SQLiteCheckpointTests {
    private func write(_ path: String, _ generations: [[String: [UInt8]]], damage: String? = nil) throws {
        try DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: """
                    CREATE TABLE checkpoint (
                        generation INTEGER PRIMARY KEY AUTOINCREMENT, created_us INTEGER, part_count INTEGER NOT NULL
                    ) STRICT;
                    CREATE TABLE part_blob (sha256 BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
                    CREATE TABLE checkpoint_part (
                        generation INTEGER NOT NULL, name TEXT NOT NULL, sha256 BLOB NOT NULL,
                        PRIMARY KEY (generation, name)
                    ) STRICT, WITHOUT ROWID;
                    """)
            for parts in generations {
                try database.execute(sql: "INSERT INTO checkpoint (part_count) VALUES (?)", arguments: [parts.count])
                let generation = database.lastInsertedRowID
                for (name, bytes) in parts {
                    let digest = Data(ContentDigest.bytes(of: bytes))
                    try database.execute(
                        sql: "INSERT OR IGNORE INTO part_blob VALUES (?, ?)", arguments: [digest, Data(bytes)])
                    try database.execute(
                        sql: "INSERT INTO checkpoint_part VALUES (?, ?, ?)", arguments: [generation, name, digest])
                }
            }
            if let damage { try database.execute(sql: damage) }
        }
    }

    private let generations: [[String: [UInt8]]] = [["same": [7], "state": [1, 1]], ["same": [7], "state": [2, 2]]]

    @Test func theNewestIsLoaded() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("c.sqlite")
        #expect(try SQLiteCheckpoint.load(path: path) == nil)
        try write(path, generations)
        #expect(try SQLiteCheckpoint.load(path: path) == SQLiteCheckpoint(parts: generations[1]))
        SQLiteCheckpoint.remove(path: path)
        #expect(try folder.names().isEmpty)
        try AtomicFile.write([], to: path)
        #expect(try SQLiteCheckpoint.load(path: path) == nil)
    }

    @Test func aDamagedOneIsPassedOverForTheOneBefore() throws {
        let damages: [(name: String, sql: String)] = [
            ("does not match", "UPDATE part_blob SET bytes = x'03' WHERE bytes = x'0202'"),
            ("missing", "DELETE FROM part_blob WHERE bytes = x'0202'"),
            ("parts", "DELETE FROM checkpoint_part WHERE generation = 2 AND name = 'state'"),
        ]
        for damage in damages {
            let folder = try TemporaryFolder()
            try write(folder.file("c"), generations, damage: damage.sql)
            let loaded = try #require(try SQLiteCheckpoint.load(path: folder.file("c")))
            #expect(loaded.parts == generations[0])
            #expect(loaded.damaged.count == 1)
            #expect(loaded.damaged[0].contains("checkpoint 2") && loaded.damaged[0].contains(damage.name))
        }
    }

    @Test func damageToBothAndWhatIsNoDatabaseSayWhatToDo() throws {
        let folder = try TemporaryFolder()
        try write(folder.file("c"), generations, damage: "UPDATE part_blob SET bytes = x'08' WHERE bytes = x'07'")
        let error = #expect(throws: StorageError.self) { try SQLiteCheckpoint.load(path: folder.file("c")) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("move the file away; the agent rebuilds its windows from Kafka") == true)
        try AtomicFile.write([UInt8](repeating: 0x41, count: 10_000), to: folder.file("d"))
        let other = #expect(throws: StorageError.self) { try SQLiteCheckpoint.load(path: folder.file("d")) }
        #expect(other?.code == .notADatabase)
        #expect(other?.message.contains("move the file away; the agent rebuilds its windows from Kafka") == true)
    }
}
