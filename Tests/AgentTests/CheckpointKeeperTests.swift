import Events
import Foundation
import Statistics
import Testing
import Windowing

@testable import Agent
@testable import Storage

/// The checkpoints that earlier versions have left. `Fixtures/checkpoint.sqlite` was written by the version before segments
/// (partitions in format 6): 60 predictions, of which 20 have met their outcomes.
struct CheckpointKeeperTests {
    private static func folder() throws -> String {
        let folder = NSTemporaryDirectory() + "tidewatch-keeper-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func pipeline() -> PartitionPipeline {
        let hour: Int64 = 3_600_000_000
        return PartitionPipeline(
            partition: 0,
            models: [
                ModelSettings(
                    name: "fraud", task: .binary(positive: "fraud"),
                    geometry: PaneGeometry(windowMicroseconds: hour, slideMicroseconds: hour),
                    maximumLabelDelayMicroseconds: 12 * hour)
            ], catalog: ReferenceCatalog(), limits: .unlimited, allowedLatenessMicroseconds: 300_000_000)
    }

    private static func restored(_ state: PartitionState) throws -> PartitionPipeline {
        let pipeline = pipeline()
        try pipeline.restore(from: state.bytes, store: state.store)
        return pipeline
    }

    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/checkpoint.sqlite").path()

    @Test func theCheckpointOfTheVersionBeforeIsGoneOnWith() throws {
        let folder = try Self.folder()
        defer { RealData.remove(folder) }
        let path = folder + "/checkpoint"
        try FileManager.default.copyItem(atPath: Self.fixture, toPath: path + ".sqlite")
        let keeper = try CheckpointKeeper(path: path)
        #expect(keeper.damage.isEmpty && keeper.coordinatorState != nil)
        let state = try #require(keeper.state(of: 0))
        #expect(state.nextOffsets == [80, nil])
        let pipeline = try Self.restored(state)
        #expect(pipeline.counters.predictions == 60 && pipeline.counters.outcomes == 20)
        #expect(pipeline.snapshot() == state.bytes, "format 6 is written as it was read")

        // The first checkpoint in the new form leaves the old one, the second takes it away.
        for generation in 1...2 as ClosedRange<Int64> {
            let saved = try keeper.save(partitions: [0: pipeline.frozen()], coordinator: [1, 2])
            #expect(saved.generation == generation && saved.offsets == [0: [80, nil]])
            #expect(FileManager.default.fileExists(atPath: path + ".sqlite") == (generation == 1))
            let again = try CheckpointKeeper(path: path)
            #expect(again.coordinatorState == [1, 2])
            #expect(try Self.restored(try #require(again.state(of: 0))).snapshot() == state.bytes)
        }
        #expect(!FileManager.default.fileExists(atPath: path + ".sqlite-wal"))
    }

    /// Whoever takes the folder over gets it, whichever form it has; what its earlier owner writes is nobody's business.
    @Test func aCheckpointIsCopiedInEitherForm() throws {
        let folder = try Self.folder()
        defer { RealData.remove(folder) }
        try FileManager.default.copyItem(atPath: Self.fixture, toPath: folder + "/1.sqlite")
        try CheckpointKeeper.copy(folder + "/1", to: folder + "/2")
        let earlier = try CheckpointKeeper(path: folder + "/2")
        let state = try #require(earlier.state(of: 0))
        let pipeline = try Self.restored(state)
        _ = try earlier.save(partitions: [0: pipeline.frozen()], coordinator: [1])
        try CheckpointKeeper.copy(folder + "/2", to: folder + "/3")
        for number in 0..<4 as Range<UInt8> {
            _ = try earlier.save(partitions: [0: Self.pipeline().frozen()], coordinator: [number])
        }
        let later = try CheckpointKeeper(path: folder + "/3")
        #expect(later.coordinatorState == [1])
        #expect(try Self.restored(try #require(later.state(of: 0))).snapshot() == state.bytes)
    }

    /// A partition's files of the version before: the state and nothing around it.
    @Test func aPartitionOfTheVersionBeforeIsTakenOver() throws {
        let folder = try Self.folder()
        defer { RealData.remove(folder) }
        let parts = try #require(try SQLiteCheckpoint.load(path: Self.fixture)?.parts)
        let bytes = try #require(parts["partition/0"])
        let problems = EventLog()
        try GenerationFiles(path: folder + "/0.5").save(bytes, generation: 1)
        let files = try PartitionFiles(
            folder: folder, wallClockMicroseconds: { 100 }, observer: problems.append)
        let state = try #require(files.state(of: 0))
        let pipeline = try Self.restored(state)
        #expect(pipeline.snapshot() == bytes)
        _ = try files.save(partitions: [0: pipeline.frozen()], coordinator: [])
        // A successor, and one more: the sleeper between them loses nothing of theirs.
        let second = try PartitionFiles(folder: folder, wallClockMicroseconds: { 101 }, observer: problems.append)
        let taken = try #require(second.state(of: 0))
        for _ in 0..<3 { _ = try files.save(partitions: [0: Self.pipeline().frozen()], coordinator: []) }
        #expect(try Self.restored(taken).snapshot() == bytes)
        let third = try PartitionFiles(folder: folder, wallClockMicroseconds: { 102 }, observer: problems.append)
        #expect(try Self.restored(try #require(third.state(of: 0))).snapshot() == bytes)
        #expect(try !FileManager.default.contentsOfDirectory(atPath: folder).contains { $0.hasPrefix("0.5.") })
        #expect(problems.problems.isEmpty)
    }

    /// A claim of which only segments are there, as a crash leaves it, is none.
    @Test func aClaimThatNeverCameToItsManifestIsNone() throws {
        let folder = try Self.folder()
        defer { RealData.remove(folder) }
        let parts = try #require(try SQLiteCheckpoint.load(path: Self.fixture)?.parts)
        let bytes = try #require(parts["partition/0"])
        try GenerationFiles(path: folder + "/0.5").save(bytes, generation: 1)
        try FileManager.default.createDirectory(
            atPath: folder + "/0.7.segments", withIntermediateDirectories: true)
        let files = try PartitionFiles(folder: folder, wallClockMicroseconds: { 6 }, observer: { _ in })
        let state = try #require(files.state(of: 0))
        #expect(try Self.restored(state).snapshot() == bytes)
        #expect(FileManager.default.fileExists(atPath: folder + "/0.8.1"))
    }

}
