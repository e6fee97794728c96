import Foundation
import Storage
import Synchronization
import Windowing

/// The state of each source partition in files of its own, so that whoever is given the partition next finds it, if the
/// folder is shared.
///
/// Whoever is given a partition begins files under the time of that moment, with a copy of the newest state, before it
/// publishes anything. An earlier owner that wakes up writes to its own files, which nobody reads any more: what it
/// published meanwhile was not heard, so that its state must not be continued.
final class PartitionFiles: StateKeeper {
    /// The files of an owner.
    private struct Claim {
        var files: GenerationFiles
        var generation: Int64
    }

    private let folder: String
    private let wallClockMicroseconds: @Sendable () -> Int64
    private let observer: AgentObserver
    private let claims = Mutex<[Int32: Claim]>([:])

    /// - Throws: the folder cannot be made.
    init(
        folder: String, wallClockMicroseconds: @escaping @Sendable () -> Int64, observer: @escaping AgentObserver
    ) throws {
        self.folder = folder
        self.wallClockMicroseconds = wallClockMicroseconds
        self.observer = observer
        try StateDirectory.makeFolder(folder)
    }

    /// The newest state of a partition, which is this process's from now on.
    func state(of partition: Int32) -> PartitionState? {
        let epochs = epochs(of: partition)
        // The clocks of two owners may differ.
        let epoch = max(wallClockMicroseconds(), (epochs.last ?? 0) + 1)
        let loaded = load(partition, epoch: epochs.last)
        let claim = GenerationFiles(path: path(partition, epoch: epoch))
        do {
            try claim.save(loaded ?? [], generation: 1)
            claims.withLock { $0[partition] = Claim(files: claim, generation: 1) }
        } catch {
            observer(
                .problem("Partition \(partition) cannot be claimed, and its checkpoints are not written: \(error)"))
            claims.withLock { $0[partition] = nil }
        }
        // The last owner may still be at work in its files.
        for old in epochs.dropLast() {
            for ending in [".0", ".1"] {
                try? FileManager.default.removeItem(atPath: path(partition, epoch: old) + ending)
            }
        }
        guard let loaded, let offsets = try? PartitionPipeline.nextOffsets(inSnapshot: loaded) else { return nil }
        return PartitionState(bytes: loaded, nextOffsets: offsets)
    }

    /// What the owner since `epoch` wrote last; `nil` where that is nothing, or nothing whole: then the partition is read
    /// again, because what an earlier owner left behind may go further than what was heard of it.
    private func load(_ partition: Int32, epoch: Int64?) -> [UInt8]? {
        guard let epoch else { return nil }
        do {
            let loaded = try GenerationFiles(path: path(partition, epoch: epoch)).load { observer(.problem($0)) }
            return loaded.flatMap { $0.bytes.isEmpty ? nil : $0.bytes }
        } catch {
            observer(.problem("The checkpoint of partition \(partition) cannot be read: \(error)"))
            return nil
        }
    }

    func save(partitions states: [Int32: [UInt8]], coordinator: [UInt8]) throws -> SavedCheckpoint {
        var saved = SavedCheckpoint(generation: 0, bytes: 0, offsets: [:])
        for (partition, bytes) in states.sorted(by: { $0.key < $1.key }) {
            guard let claim = claims.withLock({ $0[partition] }) else { continue }
            let generation = claim.generation + 1
            try claim.files.save(bytes, generation: generation)
            claims.withLock { $0[partition]?.generation = generation }
            saved.generation = max(saved.generation, generation)
            saved.bytes += bytes.count
            saved.offsets[partition] = try PartitionPipeline.nextOffsets(inSnapshot: bytes)
        }
        return saved
    }

    /// Since when the partition's owners have had it, ascending.
    private func epochs(of partition: Int32) -> [Int64] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Set(
            names.compactMap { name -> Int64? in
                let parts = name.split(separator: ".")
                return parts.count == 3 && parts[0] == "\(partition)" ? Int64(parts[1]) : nil
            }
        ).sorted()
    }

    private func path(_ partition: Int32, epoch: Int64) -> String { "\(folder)/\(partition).\(epoch)" }
}
