import Storage
import Synchronization
import Windowing

/// A partition's state and the offsets it goes on from.
struct PartitionState: Sendable {
    var bytes: [UInt8]
    var nextOffsets: [Int64?]
}

/// A checkpoint that has been written.
struct SavedCheckpoint: Sendable {
    var generation: Int64
    var bytes: Int
    /// By partition.
    var offsets: [Int32: [Int64?]]
}

/// Keeps state where a crash cannot take it.
protocol StateKeeper: Sendable {
    func state(of partition: Int32) -> PartitionState?

    /// Writes one checkpoint. Partitions that are not mentioned keep the state they had.
    func save(partitions states: [Int32: [UInt8]], coordinator: [UInt8]) throws -> SavedCheckpoint
}

/// The durable state of the partitions and of the coordinator in one file: read at the start, written at every checkpoint
/// in one transaction.
final class CheckpointKeeper: StateKeeper {
    /// Reads the next offsets out of a partition's state.
    typealias OffsetReading = @Sendable ([UInt8]) throws -> [Int64?]

    private static let partitionPrefix = "partition/"
    private static let coordinatorPart = "coordinator"
    private static let filesPart = "files"

    private let store: CheckpointStore
    private let parts: Mutex<[String: [UInt8]]>
    /// Where followed files go on.
    let positions: FilePositions
    /// What was wrong with the newest generation, for a person to know.
    let damage: [String]
    private let nextOffsets: OffsetReading

    init(
        path: String,
        nextOffsets: @escaping OffsetReading = { try PartitionPipeline.nextOffsets(inSnapshot: $0) }
    ) throws {
        self.nextOffsets = nextOffsets
        store = try CheckpointStore(path: path)
        let loaded = try store.loadLatest()
        parts = Mutex(loaded?.parts ?? [:])
        positions = try FilePositions(saved: loaded?.parts[Self.filesPart])
        damage = loaded?.damaged ?? []
    }

    /// The coordinator's state of the checkpoint.
    var coordinatorState: [UInt8]? { parts.withLock { $0[Self.coordinatorPart] } }

    func state(of partition: Int32) -> PartitionState? {
        guard let bytes = parts.withLock({ $0[Self.partitionPrefix + String(partition)] }),
            let offsets = try? nextOffsets(bytes)
        else { return nil }
        return PartitionState(bytes: bytes, nextOffsets: offsets)
    }

    func save(partitions states: [Int32: [UInt8]], coordinator: [UInt8]) throws -> SavedCheckpoint {
        var next = parts.withLock { $0 }
        for (partition, bytes) in states { next[Self.partitionPrefix + String(partition)] = bytes }
        next[Self.coordinatorPart] = coordinator
        let covered = try states.mapValues(nextOffsets)
        if let files = try positions.encoded(covering: covered) { next[Self.filesPart] = files }
        let generation = try store.save(parts: next)
        parts.withLock { $0 = next }
        return SavedCheckpoint(
            generation: generation, bytes: next.values.reduce(0) { $0 + $1.count }, offsets: covered)
    }
}
