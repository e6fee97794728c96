import Foundation
import Synchronization

/// The agent's state in files: segments, which are written once and never changed, and two manifests written in turn,
/// each of which holds the small parts of a generation and names its segments.
///
/// `PATH.0` and `PATH.1` are the manifests (`GenerationFiles`), `PATH.segments/` holds the segments of both. A checkpoint
/// is committed by the rename of its manifest, after everything it names is on the disk; a segment is removed once
/// neither generation names it. So whatever a crash, a torn write or a full disk leaves, the generation before is whole.
/// One process at a time writes under a path.
public final class CheckpointFiles: Sendable {
    /// What ``load(legacyPart:)`` found.
    public struct Loaded: Sendable, Equatable {
        public var generation: Int64
        public var parts: [String: CheckpointPart]
        /// One sentence for each file or generation that was damaged and passed over; empty when all is well.
        public var damaged: [String]
    }

    /// What ``save(_:)`` did.
    public struct Saved: Sendable, Equatable {
        public var generation: Int64
        /// Of segments and manifest.
        public var bytesWritten: Int
    }

    /// What is known of the files.
    struct Memory {
        /// The generation that the caller's state continues, and the names that it and the one before need.
        var base: Int64 = 0
        var named: Set<[UInt8]> = []
        var namedBefore: Set<[UInt8]> = []
        /// Names of a manifest that could not be written, and may be in its place all the same.
        var doubtful: Set<[UInt8]> = []
        /// Whether the file that is written next may say a generation of our own that does not count.
        var isNextDoubtful = false
        var hasTidied = false
    }

    static let repair = "move these files away; the agent rebuilds its windows from Kafka"

    /// Of the files without their endings.
    public let path: String
    let manifests: GenerationFiles
    let segments: SegmentFiles
    let memory = Mutex(Memory())
    private let bytesWritten = Mutex(0)
    private let willWrite: @Sendable (Int) throws -> Void

    /// - Parameters:
    ///   - path: of the files without their endings.
    ///   - willWrite: called before each file with its length; what it throws is taken for an error of the disk.
    public init(path: String, willWrite: @escaping @Sendable (Int) throws -> Void = { _ in }) {
        self.path = path
        self.willWrite = willWrite
        manifests = GenerationFiles(path: path)
        segments = SegmentFiles(folder: path + ".segments")
    }

    /// Stores a segment durably. Outside ``save(_:)`` it is gone with the next one.
    ///
    /// - Returns: its name, 40 bytes.
    /// - Throws: `StorageError`: `full`, `permission`, `ioFailure`.
    public func put(_ bytes: [UInt8]) throws -> [UInt8] {
        try willWrite(bytes.count)
        let name = try segments.put(bytes)
        bytesWritten.withLock { $0 += bytes.count }
        return name
    }

    /// Reads a segment and verifies it.
    ///
    /// - Throws: `StorageError`: `notFound`, `corrupt`, `ioFailure`.
    public func get(_ name: [UInt8]) throws -> [UInt8] { try segments.get(name) }

    /// Commits a checkpoint: all of it, durably, or nothing. A later attempt may succeed.
    ///
    /// - Parameter makeParts: puts what is new into segments, and returns all parts.
    /// - Throws: what `makeParts` throws; `StorageError`: `full`, `permission`, `ioFailure`, `busy` when another process
    ///   has saved since this one did, `notFound` when a segment that is named is not there.
    public func save(_ makeParts: () throws -> [String: CheckpointPart]) throws -> Saved {
        try memory.withLock { memory in
            // Before anything is touched: what is there is the other's then.
            try refuseIfTakenOver(memory)
            bytesWritten.withLock { $0 = 0 }
            let generation = memory.base + 1
            let names: Set<[UInt8]>
            do {
                let parts = try makeParts()
                names = Set(parts.values.flatMap(\.segments))
                if let lost = names.first(where: { !segments.contains($0) }) {
                    throw StorageError(
                        .notFound, "the segment \(ContentDigest.hex(lost.prefix(32))) is gone",
                        path: segments.folder)
                }
                let content = CheckpointManifest.encode(parts)
                try willWrite(content.count)
                memory.doubtful = names
                memory.isNextDoubtful = true
                try manifests.save(content, generation: generation)
                bytesWritten.withLock { $0 += content.count }
            } catch {
                tidy(memory)
                throw error
            }
            memory = Memory(base: generation, named: names, namedBefore: memory.named, hasTidied: memory.hasTidied)
            tidy(memory)
            if !memory.hasTidied {
                manifests.removeUnfinished()
                memory.hasTidied = true
            }
            return Saved(generation: generation, bytesWritten: bytesWritten.withLock(\.self))
        }
    }

    /// Removes everything.
    public func remove() {
        manifests.remove()
        segments.remove()
    }

    private func tidy(_ memory: Memory) {
        segments.remove(except: memory.named.union(memory.namedBefore).union(memory.doubtful))
    }

    private func refuseIfTakenOver(_ memory: Memory) throws {
        let newest = manifests.writtenGenerations().max() ?? 0
        guard newest > memory.base, !memory.isNextDoubtful else { return }
        throw StorageError(
            .busy,
            "another process has saved checkpoint \(newest) meanwhile: it has taken over, and this state is out of date",
            path: path)
    }
}
