import Storage
import Synchronization
import Windowing

/// The durable state of the partitions and of the coordinator: read at the start, written at every checkpoint.
final class CheckpointKeeper: Sendable {
    /// A partition's state and the offsets it goes on from.
    struct PartitionState: Sendable {
        var bytes: [UInt8]
        var nextOffsets: [Int64?]
    }

    private static let partitionPrefix = "partition/"
    private static let coordinatorPart = "coordinator"
    private static let filesPart = "files"

    private let store: CheckpointStore
    private let parts: Mutex<[String: [UInt8]]>
    /// Where followed files go on.
    let positions: FilePositions
    /// What was wrong with the newest generation, for a person to know.
    let damage: [String]

    init(path: String) throws {
        store = try CheckpointStore(path: path)
        let loaded = try store.loadLatest()
        parts = Mutex(loaded?.parts ?? [:])
        positions = try FilePositions(saved: loaded?.parts[Self.filesPart])
        damage = loaded?.damaged ?? []
    }

    /// The coordinator's state of the checkpoint.
    var coordinatorState: [UInt8]? { parts.withLock { $0[Self.coordinatorPart] } }

    /// A partition's state of the newest checkpoint that has one.
    func state(of partition: Int32) -> PartitionState? {
        guard let bytes = parts.withLock({ $0[Self.partitionPrefix + String(partition)] }),
            let offsets = try? PartitionPipeline.nextOffsets(inSnapshot: bytes)
        else { return nil }
        return PartitionState(bytes: bytes, nextOffsets: offsets)
    }

    /// Writes one checkpoint in one transaction. Partitions that are not mentioned keep the state they had.
    ///
    /// - Returns: its generation, its size in bytes, and the offsets that it covers.
    func save(
        partitions states: [Int32: [UInt8]], coordinator: [UInt8]
    ) throws -> (generation: Int64, bytes: Int, offsets: [Int32: [Int64?]]) {
        var next = parts.withLock { $0 }
        for (partition, bytes) in states { next[Self.partitionPrefix + String(partition)] = bytes }
        next[Self.coordinatorPart] = coordinator
        let covered = try states.mapValues { try PartitionPipeline.nextOffsets(inSnapshot: $0) }
        if let files = try positions.encoded(covering: covered) { next[Self.filesPart] = files }
        let generation = try store.save(parts: next)
        parts.withLock { $0 = next }
        return (generation, next.values.reduce(0) { $0 + $1.count }, covered)
    }
}
