import Foundation
import GRDB
import Testing
import TidewatchTestKit

@testable import Storage

struct CheckpointStoreTests {
    private func row(_ position: Int64, _ text: String, series: String = "panes") -> AppendedRecord {
        AppendedRecord(series: series, position: position, bytes: Array(text.utf8))
    }

    @Test func nothingSavedIsNothingLoaded() throws {
        let folder = try TemporaryFolder()
        #expect(try CheckpointStore(path: folder.file("c.db")).loadLatest() == nil)
    }

    @Test func theNewestIsLoadedAfterARestart() throws {
        let folder = try TemporaryFolder()
        var last: Int64 = 0
        for round in 0..<5 as Range<UInt8> {
            let store = try CheckpointStore(path: folder.file("c.db"))
            let generation = try store.save(
                parts: ["offsets": [round], "empty": [], "join": [UInt8](repeating: round, count: 100_000)],
                createdMicroseconds: Int64(round))
            #expect(generation > last)
            last = generation
        }
        let loaded = try #require(try CheckpointStore(path: folder.file("c.db")).loadLatest())
        #expect(loaded.generation == last && loaded.createdMicroseconds == 4 && loaded.damaged.isEmpty)
        #expect(loaded.parts == ["offsets": [4], "empty": [], "join": [UInt8](repeating: 4, count: 100_000)])
    }

    /// Whoever was asleep while another took over must not write its older state over the newer one.
    @Test func whoeverWasTakenOverIsRefused() throws {
        let folder = try TemporaryFolder()
        let first = try CheckpointStore(path: folder.file("c.db"))
        try first.save(parts: ["a": [1]])
        let second = try CheckpointStore(path: folder.file("c.db"))
        #expect(try second.loadLatest()?.parts == ["a": [1]])
        try second.save(parts: ["a": [2]])
        let error = #expect(throws: StorageError.self) { try first.save(parts: ["a": [3]]) }
        #expect(error?.code == .busy && error?.description.contains("has taken over") == true)
        try second.save(parts: ["a": [4]])
        #expect(try CheckpointStore(path: folder.file("c.db")).loadLatest()?.parts == ["a": [4]])
    }

    @Test func aPartThatIsGoneStaysGone() throws {
        let folder = try TemporaryFolder()
        let store = try CheckpointStore(path: folder.file("c.db"))
        try store.save(parts: ["a": [1], "b": [2]])
        try store.save(parts: ["a": [1]])
        #expect(try store.loadLatest()?.parts == ["a": [1]])
        try store.save(parts: [:])
        #expect(try store.loadLatest()?.parts == [:])
    }

    @Test func anUnchangedPartIsStoredOnceAndOldOnesGo() throws {
        let folder = try TemporaryFolder()
        let store = try CheckpointStore(path: folder.file("c.db"))
        var generator = SeededGenerator(seed: 3)
        let large = (0..<2_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for round in 0..<10 as Range<UInt8> {
            try store.save(parts: ["model": large, "window": [round] + large.prefix(50_000)])
        }
        #expect(try store.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM part_blob") } == 3)
        #expect(try store.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM checkpoint") } == 2)
        try store.queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        #expect(try bytes(of: folder.file("c.db")).count < 3_000_000)
    }

    @Test func rowsAreAppendedAndDeleted() throws {
        let folder = try TemporaryFolder()
        let store = try CheckpointStore(path: folder.file("c.db"))
        try store.save(parts: [:], appending: [row(2, "b"), row(1, "a"), row(1, "x", series: "rows"), row(-5, "")])
        try store.save(parts: [:], appending: [row(3, "c")], deletingBefore: ["panes": 2, "unknown": 9])
        #expect(try store.loadLatest()?.appended == [row(2, "b"), row(3, "c"), row(1, "x", series: "rows")])
        try store.save(parts: [:], deletingBefore: ["panes": 100])
        // A deletion concerns earlier rows only: the position may come again.
        try store.save(parts: [:], appending: [row(2, "again")])
        try store.save(parts: [:], appending: [row(2, "and again")])
        let reopened = try CheckpointStore(path: folder.file("c.db"))
        #expect(try reopened.loadLatest()?.appended == [row(2, "and again"), row(1, "x", series: "rows")])
        #expect(try store.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM deletion") } == 0)
    }

    @Test func deletedRowsLeaveTheFile() throws {
        let folder = try TemporaryFolder()
        let store = try CheckpointStore(path: folder.file("c.db"))
        for position in 0..<100 as Range<Int64> {
            try store.save(
                parts: [:], appending: [row(position, String(repeating: "x", count: 10_000))],
                deletingBefore: ["panes": position - 3])
        }
        #expect(try store.loadLatest()?.appended.map(\.position) == [96, 97, 98, 99])
        // One more, that the older of the two kept checkpoints still sees.
        #expect(try store.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM appended") } == 5)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func aRandomHistoryGivesWhatAPlainDictionaryGives(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        var store = try CheckpointStore(path: folder.file("c.db"))
        var expected: [String: [Int64: [UInt8]]] = [:]
        for round in 0..<60 {
            var deleting: [String: Int64] = [:]
            var appending: [AppendedRecord] = []
            for series in ["a", "b", "c"] {
                if Bool.random(using: &generator) {
                    let before = Int64.random(in: 0...40, using: &generator)
                    deleting[series] = before
                    expected[series] = expected[series]?.filter { $0.key >= before }
                }
                for _ in 0..<Int.random(in: 0...4, using: &generator) {
                    let position = Int64.random(in: 0...40, using: &generator)
                    let bytes = Array("\(round)".utf8)
                    appending.append(AppendedRecord(series: series, position: position, bytes: bytes))
                    expected[series, default: [:]][position] = bytes
                }
            }
            try store.save(parts: ["round": [UInt8(round)]], appending: appending, deletingBefore: deleting)
            if round.isMultiple(of: 7) { store = try CheckpointStore(path: folder.file("c.db")) }
            let loaded = try #require(try store.loadLatest())
            let rows = expected.sorted { $0.key < $1.key }.flatMap { series, rows in
                rows.sorted { $0.key < $1.key }.map {
                    AppendedRecord(series: series, position: $0.key, bytes: $0.value)
                }
            }
            #expect(loaded.appended == rows, "seed \(seed), round \(round)")
        }
    }

    @Test func aFullDiskLosesNothingAndALaterSaveWorks() throws {
        let folder = try TemporaryFolder()
        let store = try CheckpointStore(path: folder.file("c.db"), maximumBytes: 400_000)
        var generator = SeededGenerator(seed: 5)
        let noise = (0..<1_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let saved = try store.save(parts: ["state": [1]], appending: [row(1, "a")])
        for _ in 0..<3 {
            let error = #expect(throws: StorageError.self) {
                try store.save(
                    parts: ["state": noise], appending: [row(2, "b")], deletingBefore: ["panes": 2])
            }
            #expect(error?.code == .full && error?.isRetryable == true)
            #expect(error?.description.contains("free space or move state_directory") == true)
        }
        let reopened = try CheckpointStore(path: folder.file("c.db"), maximumBytes: 400_000)
        for each in [store, reopened] {
            let loaded = try #require(try each.loadLatest())
            #expect(loaded.generation == saved && loaded.parts == ["state": [1]] && loaded.damaged.isEmpty)
            #expect(loaded.appended == [row(1, "a")])
        }
        let later = try store.save(parts: ["state": Array(noise.prefix(100_000))], appending: [row(2, "b")])
        let loaded = try #require(try CheckpointStore(path: folder.file("c.db")).loadLatest())
        #expect(loaded.generation == later && loaded.appended == [row(1, "a"), row(2, "b")])
    }
}
