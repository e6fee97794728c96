import Foundation
import Testing
import TidewatchTestKit

@testable import Storage

struct CheckpointFilesTests {
    /// Saves a generation of one part with these segments, new ones and old ones.
    @discardableResult
    private func save(
        _ files: CheckpointFiles, _ text: String, new: [[UInt8]] = [], old: [[UInt8]] = []
    ) throws -> (saved: CheckpointFiles.Saved, names: [[UInt8]]) {
        var names = old
        let saved = try files.save {
            for segment in new { names.append(try files.put(segment)) }
            return [
                "a": CheckpointPart(bytes: Array(text.utf8), segments: names), "same": CheckpointPart(bytes: [7]),
            ]
        }
        return (saved, names)
    }

    private func content(of loaded: CheckpointFiles.Loaded?) -> String? {
        loaded?.parts["a"].map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func theNewestIsLoadedWithItsSegments() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("c")
        let files = CheckpointFiles(path: path)
        #expect(try files.load() == nil)
        let (first, kept) = try save(files, "one", new: [[1, 2, 3], []])
        #expect(first.generation == 1 && first.bytesWritten > 3)
        let (second, all) = try save(files, "two", new: [[4]], old: kept)
        #expect(second.generation == 2)
        let again = CheckpointFiles(path: path)
        let loaded = try #require(try again.load())
        #expect(content(of: loaded) == "two" && loaded.damaged.isEmpty)
        #expect(loaded.parts["a"]?.segments == all && loaded.parts["same"] == CheckpointPart(bytes: [7]))
        #expect(try all.map { try again.get($0) } == [[1, 2, 3], [], [4]])
        #expect(try save(again, "three").saved.generation == 3)
    }

    /// A segment lives as long as one of the two newest generations names it.
    @Test func segmentsGoWithTheLastGenerationThatNamesThem() throws {
        let folder = try TemporaryFolder()
        let files = CheckpointFiles(path: folder.file("c"))
        let (_, names) = try save(files, "one", new: [[1], [2]])
        // What a write that never came to its end has left.
        try AtomicFile.write([9], to: folder.file("c.segments/left.tmp.Ab12"))
        try AtomicFile.write([9], to: folder.file("c.0.tmp.Ab12"))
        try save(files, "two", new: [[3]], old: [names[1]])
        #expect(try self.names(in: folder.file("c.segments")).count == 3)
        try save(files, "three", old: [names[1]])
        #expect(try self.names(in: folder.file("c.segments")).count == 2)
        try save(files, "four")
        #expect(try self.names(in: folder.file("c.segments")) == [ContentDigest.hex(names[1].prefix(32))])
        try save(files, "five")
        #expect(try self.names(in: folder.file("c.segments")).isEmpty)
        let reopened = CheckpointFiles(path: folder.file("c"))
        #expect(content(of: try reopened.load()) == "five")
        try save(reopened, "six")
        #expect(try self.names(in: folder.path) == ["c.0", "c.1", "c.segments"])
    }

    /// A flipped byte, a torn end, or a file that is not there: of the manifest, or of a segment that only the newer
    /// generation names.
    @Test func aDamagedGenerationIsPassedOverForTheOneBefore() throws {
        for victim in ["c.0", "segment"] {
            for damage in ["flipped", "torn", "missing"] {
                let folder = try TemporaryFolder()
                let files = CheckpointFiles(path: folder.file("c"))
                let (_, old) = try save(files, "one", new: [[1, 1, 1]])
                let (_, all) = try save(files, "two", new: [[2, 2, 2]], old: old)
                let path =
                    victim == "segment"
                    ? folder.file("c.segments/" + ContentDigest.hex(all[1].prefix(32))) : folder.file(victim)
                var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                switch damage {
                case "flipped": bytes[bytes.count - 1] ^= 1
                case "torn": bytes = bytes.dropLast()
                default: break
                }
                try bytes.write(to: URL(fileURLWithPath: path))
                if damage == "missing" { try FileManager.default.removeItem(atPath: path) }
                let again = CheckpointFiles(path: folder.file("c"))
                let loaded = try #require(try again.load())
                #expect(content(of: loaded) == "one", "\(victim) \(damage)")
                #expect(try again.get(old[0]) == [1, 1, 1])
                // A manifest that was never renamed into its place is no damage.
                let isSaid = victim == "segment" || damage != "missing"
                #expect(loaded.damaged.count == (isSaid ? 1 : 0), "\(victim) \(damage): \(loaded.damaged)")
                #expect(loaded.damaged.allSatisfy { $0.contains("damaged") })
                // Work goes on from there; the damaged one does not come back.
                #expect(try save(again, "three", old: old).saved.generation == 2)
                let reloaded = try #require(try CheckpointFiles(path: folder.file("c")).load())
                #expect(content(of: reloaded) == "three" && reloaded.damaged.isEmpty)
            }
        }
    }

    @Test func damageToWhatBothShareIsSaidAndNotGuessedAround() throws {
        let folder = try TemporaryFolder()
        let files = CheckpointFiles(path: folder.file("c"))
        let (_, names) = try save(files, "one", new: [[1]])
        try save(files, "two", old: names)
        try FileManager.default.removeItem(atPath: folder.file("c.segments/" + ContentDigest.hex(names[0].prefix(32))))
        let again = CheckpointFiles(path: folder.file("c"))
        let error = #expect(throws: StorageError.self) { try again.load() }
        #expect(error?.code == .corrupt && error?.isRetryable == false)
        let message = error.map { "\($0)" } ?? ""
        #expect(message.contains("c.*") && message.contains("checkpoint 2") && message.contains("checkpoint 1"))
        #expect(message.contains("move these files away; the agent rebuilds its windows from Kafka"))
        // Whoever goes on all the same starts afresh, and soundly.
        try save(again, "afresh", new: [[5]])
        #expect(content(of: try CheckpointFiles(path: folder.file("c")).load()) == "afresh")
        // And whoever wants to go on with the files that are there is told that a segment is gone.
        #expect(throws: StorageError.self) { try save(files, "three", old: names) }
    }

    /// The disk refuses the n-th file, for every n: nothing is lost, nothing stays behind, and it goes on later.
    @Test func aFullDiskLeavesTheGenerationBefore() throws {
        for refused in 1...4 {
            let folder = try TemporaryFolder()
            let left = Countdown()
            let files = CheckpointFiles(path: folder.file("c"), willWrite: { try left.write($0) })
            let (_, old) = try save(files, "one", new: [[1]])
            let before = try names(in: folder.file("c.segments"))
            left.remaining = refused - 1
            if refused < 4 {
                let error = #expect(throws: StorageError.self) {
                    try save(files, "two", new: [[2], [3]], old: old)
                }
                #expect(error?.code == .full)
                #expect(try names(in: folder.file("c.segments")) == before)
            } else {
                try save(files, "two", new: [[2], [3]], old: old)
            }
            left.remaining = .max
            #expect(content(of: try CheckpointFiles(path: folder.file("c")).load()) == (refused < 4 ? "one" : "two"))
            let (saved, all) = try save(files, "later", new: [[4]], old: old)
            #expect(saved.generation == (refused < 4 ? 2 : 3))
            let reopened = CheckpointFiles(path: folder.file("c"))
            #expect(content(of: try reopened.load()) == "later")
            #expect(try all.map { try reopened.get($0) } == [[1], [4]])
        }
    }

    @Test func whoeverHasBeenOvertakenWritesNoMore() throws {
        let folder = try TemporaryFolder()
        let first = CheckpointFiles(path: folder.file("c"))
        try save(first, "one")
        let second = CheckpointFiles(path: folder.file("c"))
        _ = try second.load()
        try save(second, "two", new: [[2]])
        let error = #expect(throws: StorageError.self) { try save(first, "late", new: [[1]]) }
        #expect(error?.code == .busy)
        #expect(content(of: try CheckpointFiles(path: folder.file("c")).load()) == "two")
    }

    /// The earlier owner goes on, and removes what it needs no more: what was taken over stays.
    @Test func whatWasTakenOverIsNobodyElses() throws {
        let folder = try TemporaryFolder()
        let earlier = CheckpointFiles(path: folder.file("1"))
        let (_, names) = try save(earlier, "theirs", new: [[1, 2], [3]])
        let later = CheckpointFiles(path: folder.file("2"))
        let taken = try #require(try later.take(over: earlier))
        #expect(content(of: taken) == "theirs" && taken.generation == 1)
        for text in ["x", "y", "z"] { try save(earlier, text, new: [Array(text.utf8)]) }
        earlier.remove()
        let loaded = try #require(try CheckpointFiles(path: folder.file("2")).load())
        #expect(content(of: loaded) == "theirs")
        #expect(try names.map { try later.get($0) } == [[1, 2], [3]])
        try save(later, "ours", old: [names[0]])
        #expect(content(of: try CheckpointFiles(path: folder.file("2")).load()) == "ours")
        #expect(try CheckpointFiles(path: folder.file("3")).take(over: earlier) == nil)
    }

    @Test func theSoundGenerationIsTakenOver() throws {
        let folder = try TemporaryFolder()
        let earlier = CheckpointFiles(path: folder.file("1"))
        let (_, old) = try save(earlier, "one", new: [[1]])
        let (_, all) = try save(earlier, "two", new: [[2]], old: old)
        try AtomicFile.write([0], to: folder.file("1.segments/" + ContentDigest.hex(all[1].prefix(32))))
        let taken = try #require(try CheckpointFiles(path: folder.file("2")).take(over: earlier))
        #expect(content(of: taken) == "one" && taken.damaged.count == 1)
        try AtomicFile.write([0], to: folder.file("1.segments/" + ContentDigest.hex(all[0].prefix(32))))
        #expect(throws: StorageError.self) { try CheckpointFiles(path: folder.file("3")).take(over: earlier) }
    }

    /// Files of earlier versions held a state and nothing around it.
    @Test func filesFromBeforeManifestsAreOnePart() throws {
        let folder = try TemporaryFolder()
        let earlier = GenerationFiles(path: folder.file("1"))
        try earlier.save([6, 1, 2], generation: 5)
        let files = CheckpointFiles(path: folder.file("1"))
        #expect(try files.load(legacyPart: "state")?.parts == ["state": CheckpointPart(bytes: [6, 1, 2])])
        #expect(try CheckpointFiles(path: folder.file("2")).take(over: files, legacyPart: "state")?.parts.count == 1)
        try earlier.save([], generation: 6)
        #expect(try CheckpointFiles(path: folder.file("1")).load(legacyPart: "state")?.parts == [:])
    }

    /// Whatever is done to the bytes of a manifest, it is refused or says the same.
    @Test func manifestsAreReadWithoutTrust() {
        let parts = [
            "a": CheckpointPart(bytes: [1, 2, 3], segments: [[UInt8](repeating: 5, count: 40)]),
            "b": CheckpointPart(bytes: []),
        ]
        let bytes = CheckpointManifest.encode(parts)
        #expect(CheckpointManifest.decode(bytes, legacyPart: nil) == parts)
        for length in bytes.indices {
            #expect(CheckpointManifest.decode(Array(bytes.prefix(length)), legacyPart: nil) == nil)
        }
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            var damaged = bytes
            damaged[Int.random(in: 8..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            _ = CheckpointManifest.decode(damaged, legacyPart: nil)
        }
    }
}

/// A disk that takes some more files. `@unchecked Sendable`: used on one thread.
private final class Countdown: @unchecked Sendable {
    var remaining = Int.max

    func write(_ bytes: Int) throws {
        guard remaining > 0 else { throw StorageError(.full, "no room", path: "disk") }
        remaining -= 1
    }
}
