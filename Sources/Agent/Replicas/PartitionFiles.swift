import Foundation
import Storage
import Synchronization
import Windowing

/// The state of each source partition in files of its own, so that whoever is given the partition next finds it, if the
/// folder is shared.
///
/// Whoever is given a partition begins files under the time of that moment, with the newest state, before it publishes
/// anything. An earlier owner that wakes up writes to its own files, which nobody reads any more: what it published
/// meanwhile was not heard, so that its state must not be continued. Segments of the newest state get a second name
/// under the new owner's files, so that the earlier owner takes nothing away when it removes its own.
final class PartitionFiles: StateKeeper {
    /// The one part in an owner's files; in those of earlier versions all there is.
    private static let part = "state"

    private let folder: String
    private let wallClockMicroseconds: @Sendable () -> Int64
    private let willWrite: @Sendable (Int) throws -> Void
    private let observer: AgentObserver
    private let claims = Mutex<[Int32: CheckpointFiles]>([:])

    /// - Parameter willWrite: called before each file with its length.
    /// - Throws: the folder cannot be made.
    init(
        folder: String, wallClockMicroseconds: @escaping @Sendable () -> Int64,
        willWrite: @escaping @Sendable (Int) throws -> Void = { _ in }, observer: @escaping AgentObserver
    ) throws {
        self.folder = folder
        self.wallClockMicroseconds = wallClockMicroseconds
        self.willWrite = willWrite
        self.observer = observer
        try StateDirectory.makeFolder(folder)
    }

    /// The newest state of a partition, which is this process's from now on.
    func state(of partition: Int32) -> PartitionState? {
        let epochs = epochs(of: partition)
        // The clocks of two owners may differ.
        let epoch = max(wallClockMicroseconds(), (epochs.begun.last ?? 0) + 1)
        let claim = CheckpointFiles(path: path(partition, epoch: epoch), willWrite: willWrite)
        let before = epochs.claimed.last.map { CheckpointFiles(path: path(partition, epoch: $0)) }
        var state: PartitionState?
        do {
            state = try take(before, into: claim, partition)
            claims.withLock { $0[partition] = claim }
        } catch {
            observer(
                .problem("Partition \(partition) cannot be claimed, and its checkpoints are not written: \(error)"))
            claims.withLock { $0[partition] = nil }
            claim.remove()
            state = readOnly(before, partition)
        }
        // The last owner may still be at work in its files.
        for old in epochs.begun where old < epochs.claimed.last ?? .min {
            CheckpointFiles(path: path(partition, epoch: old)).remove()
        }
        return state
    }

    /// Begins a claim with what the owner before wrote last; with nothing where that is nothing, or nothing whole: then the
    /// partition is read again, because what a still earlier owner left behind may go further than what was heard of it.
    private func take(
        _ before: CheckpointFiles?, into claim: CheckpointFiles, _ partition: Int32
    ) throws -> PartitionState? {
        var loaded: CheckpointFiles.Loaded?
        do {
            loaded = try before.flatMap { try claim.take(over: $0, legacyPart: Self.part) }
        } catch let error as StorageError where error.code == .corrupt {
            observer(.problem("The checkpoint of partition \(partition) cannot be read: \(error)"))
        }
        guard let loaded else {
            _ = try claim.save { [:] }
            return nil
        }
        for problem in loaded.damaged { observer(.problem(problem)) }
        return state(loaded, in: claim)
    }

    /// What the owner before wrote last, where no claim can be made.
    private func readOnly(_ before: CheckpointFiles?, _ partition: Int32) -> PartitionState? {
        guard let before else { return nil }
        do {
            guard let loaded = try before.load(legacyPart: Self.part) else { return nil }
            for problem in loaded.damaged { observer(.problem(problem)) }
            return state(loaded, in: before)
        } catch {
            observer(.problem("The checkpoint of partition \(partition) cannot be read: \(error)"))
            return nil
        }
    }

    private func state(_ loaded: CheckpointFiles.Loaded, in files: CheckpointFiles) -> PartitionState? {
        guard let bytes = loaded.parts[Self.part]?.bytes,
            let offsets = try? PartitionPipeline.nextOffsets(inSnapshot: bytes)
        else { return nil }
        return PartitionState(bytes: bytes, store: files, nextOffsets: offsets)
    }

    func save(partitions states: [Int32: any FrozenState], coordinator: [UInt8]) throws -> SavedCheckpoint {
        var total = SavedCheckpoint(generation: 0, bytes: 0, offsets: [:])
        for (partition, state) in states.sorted(by: { $0.key < $1.key }) {
            guard let claim = claims.withLock({ $0[partition] }) else { continue }
            let saved = try claim.save([state]) {
                let written = try state.write(into: claim)
                total.offsets[partition] = try PartitionPipeline.nextOffsets(inSnapshot: written.bytes)
                return [Self.part: CheckpointPart(written)]
            }
            total.generation = max(total.generation, saved.generation)
            total.bytes += saved.bytesWritten
        }
        return total
    }

    /// Since when the partition's owners have had it, ascending: those who have begun to make files, and those who came
    /// as far as a manifest, which is what counts.
    private func epochs(of partition: Int32) -> (begun: [Int64], claimed: [Int64]) {
        var begun: Set<Int64> = []
        var claimed: Set<Int64> = []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let parts = name.split(separator: ".")
            guard parts.count >= 3, parts[0] == "\(partition)", let epoch = Int64(parts[1]) else { continue }
            begun.insert(epoch)
            if parts.count == 3, parts[2] == "0" || parts[2] == "1" { claimed.insert(epoch) }
        }
        return (begun.sorted(), claimed.sorted())
    }

    private func path(_ partition: Int32, epoch: Int64) -> String { "\(folder)/\(partition).\(epoch)" }
}
