import Foundation
public import Storage
import Synchronization
public import Windowing

/// A partition's state and the offsets it goes on from.
struct PartitionState: Sendable {
    var bytes: [UInt8]
    /// Holds the segments that the state names.
    var store: any SnapshotStore
    var nextOffsets: [Int64?]
}

/// A checkpoint that has been written.
struct SavedCheckpoint: Sendable {
    var generation: Int64
    /// Written for it; what earlier checkpoints have left is not among them.
    var bytes: Int
    /// By partition.
    var offsets: [Int32: [Int64?]]
}

/// Keeps state where a crash cannot take it.
protocol StateKeeper: Sendable {
    func state(of partition: Int32) -> PartitionState?

    /// Writes one checkpoint. Partitions that are not mentioned keep the state they had.
    func save(partitions states: [Int32: any FrozenState], coordinator: [UInt8]) throws -> SavedCheckpoint
}

extension CheckpointFiles: SnapshotStore {}

extension CheckpointFiles {
    /// Commits a checkpoint of frozen states, and lets them know.
    func save(_ states: [any FrozenState], _ makeParts: () throws -> [String: CheckpointPart]) throws -> Saved {
        do {
            let saved = try save(makeParts)
            for state in states { state.commit() }
            return saved
        } catch let error as StorageError where error.code == .notFound {
            for state in states { state.forgetStored() }
            throw error
        }
    }
}

extension CheckpointPart {
    init(_ written: WrittenState) { self.init(bytes: written.bytes, segments: written.segments) }
}

/// The durable state of the partitions and of the coordinator: read at the start, committed at every checkpoint as one
/// generation.
final class CheckpointKeeper: StateKeeper {
    /// Reads the next offsets out of a partition's state.
    typealias OffsetReading = @Sendable ([UInt8]) throws -> [Int64?]

    private static let partitionPrefix = "partition/"
    private static let coordinatorPart = "coordinator"
    private static let filesPart = "files"

    private let files: CheckpointFiles
    private let parts: Mutex<[String: CheckpointPart]>
    /// Where followed files go on.
    let positions: FilePositions
    /// What was wrong with the newest generation, for a person to know.
    let damage: [String]
    private let nextOffsets: OffsetReading

    /// - Parameters:
    ///   - path: of the checkpoint's files without their endings. With `.sqlite` it is that of an earlier version's
    ///     checkpoint, which is read where there is no other.
    ///   - willWrite: called before each file with its length.
    init(
        path: String, willWrite: @escaping @Sendable (Int) throws -> Void = { _ in },
        nextOffsets: @escaping OffsetReading = { try PartitionPipeline.nextOffsets(inSnapshot: $0) }
    ) throws {
        self.nextOffsets = nextOffsets
        files = CheckpointFiles(path: path, willWrite: willWrite)
        let loaded: [String: CheckpointPart]
        if let found = try files.load() {
            loaded = found.parts
            damage = found.damaged
        } else {
            let earlier = try SQLiteCheckpoint.load(path: Self.earlierPath(path))
            loaded = earlier?.parts.mapValues { CheckpointPart(bytes: $0) } ?? [:]
            damage = earlier?.damaged ?? []
        }
        parts = Mutex(loaded)
        positions = try FilePositions(saved: loaded[Self.filesPart]?.bytes)
    }

    private static func earlierPath(_ path: String) -> String { path + ".sqlite" }

    /// Copies a checkpoint that its owner may be writing to.
    static func copy(_ path: String, to target: String) throws {
        guard try CheckpointFiles(path: target).take(over: CheckpointFiles(path: path)) == nil else { return }
        let earlier = earlierPath(path)
        guard FileManager.default.fileExists(atPath: earlier) else { return }
        try StateDatabase.copy(earlier, to: earlierPath(target))
    }

    /// The coordinator's state of the checkpoint.
    var coordinatorState: [UInt8]? { parts.withLock { $0[Self.coordinatorPart]?.bytes } }

    func state(of partition: Int32) -> PartitionState? {
        guard let part = parts.withLock({ $0[Self.partitionPrefix + String(partition)] }),
            let offsets = try? nextOffsets(part.bytes)
        else { return nil }
        return PartitionState(bytes: part.bytes, store: files, nextOffsets: offsets)
    }

    func save(partitions states: [Int32: any FrozenState], coordinator: [UInt8]) throws -> SavedCheckpoint {
        var next = parts.withLock { $0 }
        var covered: [Int32: [Int64?]] = [:]
        let saved = try files.save(Array(states.values)) {
            for (partition, state) in states.sorted(by: { $0.key < $1.key }) {
                let written = try state.write(into: files)
                next[Self.partitionPrefix + String(partition)] = CheckpointPart(written)
                covered[partition] = try nextOffsets(written.bytes)
            }
            next[Self.coordinatorPart] = CheckpointPart(bytes: coordinator)
            if let places = try positions.encoded(covering: covered) {
                next[Self.filesPart] = CheckpointPart(bytes: places)
            }
            return next
        }
        parts.withLock { $0 = next }
        // Both generations are in the new form; an old one must not come back when these are moved away.
        if saved.generation == 2 { SQLiteCheckpoint.remove(path: Self.earlierPath(files.path)) }
        return SavedCheckpoint(generation: saved.generation, bytes: saved.bytesWritten, offsets: covered)
    }
}
