import Foundation
import Synchronization

extension CheckpointFiles {
    /// A generation with all its segments.
    private struct Whole {
        var generation: Int64
        var parts: [String: CheckpointPart]
        /// Its manifest's names.
        var segments: Set<[UInt8]> { Set(parts.values.flatMap(\.segments)) }
    }

    /// Loads the newest generation that is whole, verified segment by segment; `nil` when none was ever saved. Saving
    /// afterwards continues from it.
    ///
    /// - Parameter legacyPart: the name of the one part that files from before manifests hold; `nil` where there are none.
    /// - Throws: `StorageError`: `corrupt` when no generation is whole, with what to do; `ioFailure`.
    public func load(legacyPart: String? = nil) throws -> Loaded? {
        try memory.withLock { memory in
            var damaged: [String] = []
            let found = try manifests.load { damaged.append($0) }
            memory = Memory()
            guard let whole = newestWhole(of: found, legacyPart: legacyPart, damaged: &damaged) else {
                if damaged.isEmpty { return nil }
                memory.isNextDoubtful = true
                throw noneIsWhole(damaged)
            }
            memory.isNextDoubtful = !damaged.isEmpty
            memory.base = whole.generation
            memory.named = whole.segments
            // The one before is written over next; until then it may be needed.
            memory.namedBefore = Set(
                found.lazy.filter { $0.generation < whole.generation }
                    .compactMap { CheckpointManifest.decode($0.bytes, legacyPart: legacyPart) }
                    .flatMap { $0.values.flatMap(\.segments) })
            return Loaded(generation: whole.generation, parts: whole.parts, damaged: damaged)
        }
    }

    /// Begins with the newest whole generation of other files, which somebody may still be writing to. Nothing that he
    /// writes or removes from then on changes anything here.
    ///
    /// - Returns: `nil` when those files hold none.
    /// - Throws: `StorageError`: `corrupt` when no generation of theirs is whole; what writing throws.
    public func take(over other: CheckpointFiles, legacyPart: String? = nil) throws -> Loaded? {
        var damaged: [String] = []
        var seen: [Int64] = []
        while true {
            var passedOver: [String] = []
            let found = try other.manifests.load { passedOver.append($0) }
            // Their writer may have removed what an older manifest names while it was read: then there are newer ones.
            guard found.map(\.generation) != seen else {
                if found.isEmpty { damaged = passedOver }
                break
            }
            damaged = passedOver
            seen = found.map(\.generation)
            for generation in found {
                guard let parts = CheckpointManifest.decode(generation.bytes, legacyPart: legacyPart) else {
                    damaged.append("checkpoint \(generation.generation) is damaged: it is no manifest")
                    continue
                }
                do {
                    let names = parts.values.flatMap(\.segments)
                    try segments.take(names, from: other.segments)
                    for name in names { _ = try segments.get(name) }
                } catch let error as StorageError where error.code == .notFound || error.code == .corrupt {
                    damaged.append("checkpoint \(generation.generation) is damaged: \(error)")
                    continue
                }
                let saved = try save { parts }
                return Loaded(generation: saved.generation, parts: parts, damaged: damaged)
            }
        }
        guard damaged.isEmpty else { throw other.noneIsWhole(damaged) }
        return nil
    }

    private func newestWhole(
        of found: [GenerationFiles.Loaded], legacyPart: String?, damaged: inout [String]
    ) -> Whole? {
        for generation in found {
            guard let parts = CheckpointManifest.decode(generation.bytes, legacyPart: legacyPart) else {
                damaged.append("checkpoint \(generation.generation) is damaged: it is no manifest")
                continue
            }
            do {
                for name in parts.values.flatMap(\.segments) { _ = try get(name) }
                return Whole(generation: generation.generation, parts: parts)
            } catch {
                damaged.append("checkpoint \(generation.generation) is damaged: \(error)")
            }
        }
        return nil
    }

    private func noneIsWhole(_ damaged: [String]) -> StorageError {
        StorageError(
            .corrupt, "no checkpoint is whole (\(damaged.joined(separator: "; "))): \(Self.repair)", path: path + ".*")
    }
}
