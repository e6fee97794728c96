import Foundation
import Storage
import Synchronization
import Windowing

/// The state of each source partition in files of its own, so that whoever is given the partition next finds it, if the
/// folder is shared.
final class PartitionFiles: StateKeeper {
    private let folder: String
    private let observer: AgentObserver
    /// By partition, of the state that this process read or wrote last.
    private let generations = Mutex<[Int32: Int64]>([:])

    /// - Throws: the folder cannot be made.
    init(folder: String, observer: @escaping AgentObserver) throws {
        self.folder = folder
        self.observer = observer
        try StateDirectory.makeFolder(folder)
    }

    /// Read anew each time: another replica may have written it since.
    func state(of partition: Int32) -> PartitionState? {
        do {
            guard let loaded = try files(of: partition).load(report: { observer(.problem($0)) }) else { return nil }
            generations.withLock { $0[partition] = loaded.generation }
            return PartitionState(
                bytes: loaded.bytes, nextOffsets: try PartitionPipeline.nextOffsets(inSnapshot: loaded.bytes))
        } catch {
            observer(.problem("The checkpoint of partition \(partition) cannot be read: \(error)"))
            return nil
        }
    }

    func save(partitions states: [Int32: [UInt8]], coordinator: [UInt8]) throws -> SavedCheckpoint {
        var saved = SavedCheckpoint(generation: 0, bytes: 0, offsets: [:])
        for (partition, bytes) in states.sorted(by: { $0.key < $1.key }) {
            let generation = generations.withLock { ($0[partition] ?? 0) + 1 }
            try files(of: partition).save(bytes, generation: generation)
            generations.withLock { $0[partition] = generation }
            saved.generation = max(saved.generation, generation)
            saved.bytes += bytes.count
            saved.offsets[partition] = try PartitionPipeline.nextOffsets(inSnapshot: bytes)
        }
        return saved
    }

    private func files(of partition: Int32) -> GenerationFiles { GenerationFiles(path: "\(folder)/\(partition)") }
}
