import Foundation
import GRDB
import Testing
import TidewatchTestKit

@testable import Storage

struct CheckpointDamageTests {
    private func row(_ position: Int64, _ text: String) -> AppendedRecord {
        AppendedRecord(series: "panes", position: position, bytes: Array(text.utf8))
    }

    /// Two checkpoints that share `same`.
    private func twoCheckpoints(_ path: String) throws -> CheckpointStore {
        let store = try CheckpointStore(path: path)
        try store.save(parts: ["same": [7], "state": Array("old".utf8)], appending: [row(1, "a"), row(2, "b")])
        try store.save(
            parts: ["same": [7], "state": Array("new".utf8)], appending: [row(3, "c")],
            deletingBefore: ["panes": 2])
        return store
    }

    private let damages: [(name: String, sql: String)] = [
        ("state", "UPDATE part_blob SET bytes = CAST('bad' AS BLOB) WHERE bytes = CAST('new' AS BLOB)"),
        ("missing", "DELETE FROM part_blob WHERE bytes = CAST('new' AS BLOB)"),
        ("1 of its 2 parts", "DELETE FROM checkpoint_part WHERE generation = 2 AND name = 'state'"),
        ("row 3", "UPDATE appended SET bytes = CAST('x' AS BLOB) WHERE position = 3"),
    ]

    @Test func aDamagedCheckpointIsPassedOverForTheOneBefore() throws {
        for damage in damages {
            let folder = try TemporaryFolder()
            try twoCheckpoints(folder.file("c.db")).queue.write { try $0.execute(sql: damage.sql) }
            let store = try CheckpointStore(path: folder.file("c.db"))
            let loaded = try #require(try store.loadLatest())
            #expect(loaded.generation == 1 && loaded.parts == ["same": [7], "state": Array("old".utf8)])
            // As it was then: with the row since deleted, without the row since added.
            #expect(loaded.appended == [row(1, "a"), row(2, "b")])
            #expect(loaded.damaged.count == 1)
            #expect(loaded.damaged[0].contains("checkpoint 2") && loaded.damaged[0].contains(damage.name))

            // Work goes on from there; the damaged one does not come back.
            let next = try store.save(
                parts: ["same": [7], "state": Array("new".utf8)], appending: [row(3, "c again")])
            #expect(next > 2)
            let reloaded = try #require(try CheckpointStore(path: folder.file("c.db")).loadLatest())
            #expect(reloaded.generation == next && reloaded.damaged.isEmpty)
            #expect(reloaded.parts["state"] == Array("new".utf8))
            #expect(reloaded.appended == [row(1, "a"), row(2, "b"), row(3, "c again")])
        }
    }

    @Test func damageToWhatBothShareIsSaidAndNotGuessedAround() throws {
        let folder = try TemporaryFolder()
        try twoCheckpoints(folder.file("c.db")).queue.write {
            try $0.execute(sql: "UPDATE part_blob SET bytes = x'08' WHERE bytes = x'07'")
        }
        let store = try CheckpointStore(path: folder.file("c.db"))
        let error = #expect(throws: StorageError.self) { try store.loadLatest() }
        #expect(error?.code == .corrupt && error?.isRetryable == false)
        #expect(error?.message.contains("move the file away; the agent rebuilds its windows from Kafka") == true)
        #expect(error?.message.contains("checkpoint 2") == true && error?.message.contains("checkpoint 1") == true)
        // Whoever goes on all the same starts afresh, and soundly.
        try store.save(parts: ["same": [7]], appending: [row(9, "z")])
        let loaded = try #require(try CheckpointStore(path: folder.file("c.db")).loadLatest())
        #expect(loaded.parts == ["same": [7]] && loaded.appended == [row(9, "z")] && loaded.damaged.isEmpty)
    }

    @Test func overwrittenBytesOfTheFileAreNoticed() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("c.db")
        var generator = SeededGenerator(seed: 2)
        let old = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let new = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        do {
            let store = try CheckpointStore(path: path)
            try store.save(parts: ["state": old])
            try store.save(parts: ["state": new])
            try store.queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        }
        let content = try bytes(of: path)
        // Eight bytes from the middle of the newer part, found in the file: its blob lies there unencoded.
        let offset = try #require(
            content.indices.dropLast(8).first { Array(content[$0..<$0 + 8]) == Array(new[50_000..<50_008]) })
        try overwrite(path, at: offset, with: [0, 0, 0, 0, 0, 0, 0, 0])
        let loaded = try #require(try CheckpointStore(path: path).loadLatest())
        #expect(loaded.parts == ["state": old])
        #expect(loaded.damaged.count == 1 && loaded.damaged[0].contains("does not match its checksum"))
    }

    @Test func damageAnywhereNeverTrapsOrGivesWrongBytes() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("c.db")
        try twoCheckpoints(path).queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        let content = try bytes(of: path)
        var generator = SeededGenerator(seed: 17)
        var outcomes: [String: Int] = [:]
        for trial in 0..<300 {
            let copy = folder.file("damaged-\(trial).db")
            try AtomicFile.write(content, to: copy)
            let junk = (0..<Int.random(in: 1...600, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            try overwrite(copy, at: Int.random(in: 0..<content.count - 600, using: &generator), with: junk)
            do {
                let loaded = try CheckpointStore(path: copy).loadLatest()
                let states = [Array("old".utf8), Array("new".utf8)]
                if let loaded {
                    #expect(loaded.parts["same"] == [7] && states.contains(loaded.parts["state"] ?? []))
                }
                outcomes[loaded == nil ? "empty" : "loaded", default: 0] += 1
            } catch let error as StorageError {
                outcomes[error.code.rawValue, default: 0] += 1
            }
        }
        #expect(outcomes["loaded", default: 0] > 0 && outcomes["corrupt", default: 0] > 0)
    }

    @Test func aFileThatIsNoDatabaseSaysWhatToDo() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("c.db")
        try AtomicFile.write([UInt8](repeating: 0x41, count: 10_000), to: path)
        let error = #expect(throws: StorageError.self) { try CheckpointStore(path: path) }
        #expect(error?.code == .notADatabase)
        #expect(error?.message.contains("move the file away; the agent rebuilds its windows from Kafka") == true)
        // Having done so:
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        #expect(try CheckpointStore(path: path).loadLatest() == nil)
    }
}
