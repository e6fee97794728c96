import Foundation

/// A folder of immutable files, each under the SHA-256 of its content. What is read is what was written, or an error.
struct SegmentFiles: Sendable {
    /// SHA-256 and length (64-bit little-endian) of a segment.
    static let nameLength = 32 + 8

    let folder: String

    /// Stores the content durably. A file of that name is written anew: it may be damaged.
    ///
    /// - Returns: its name.
    /// - Throws: `StorageError` (`full`, `permission`, `ioFailure`).
    func put(_ bytes: [UInt8]) throws -> [UInt8] {
        let digest = ContentDigest.bytes(of: bytes)
        try makeFolder()
        try AtomicFile.write(bytes, to: path(digest))
        return digest + withUnsafeBytes(of: UInt64(bytes.count).littleEndian, Array.init)
    }

    /// - Throws: `StorageError`: `notFound`, `corrupt`, `ioFailure`.
    func get(_ name: [UInt8]) throws -> [UInt8] {
        let path = try place(of: name)
        guard FileManager.default.fileExists(atPath: path) else {
            throw StorageError(.notFound, "the segment is missing", path: path)
        }
        let bytes: [UInt8]
        do {
            bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw StorageError(.ioFailure, error.localizedDescription, path: path)
        }
        guard ContentDigest.bytes(of: bytes).elementsEqual(name.prefix(32)) else {
            throw StorageError(.corrupt, "the segment does not match its checksum", path: path)
        }
        return bytes
    }

    /// Whether there is a file of this name and length; what is in it is not looked at.
    func contains(_ name: [UInt8]) -> Bool {
        guard let path = try? place(of: name),
            let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        else { return false }
        let length = name.dropFirst(32).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size.uint64Value == length
    }

    /// Takes over segments of another folder: the same file under a second name where the file system can do that, so
    /// that nobody who removes the first takes it away; a copy elsewhere.
    ///
    /// - Throws: `StorageError`: `notFound` and what reading and writing throws.
    func take(_ names: [[UInt8]], from other: SegmentFiles) throws {
        guard !names.isEmpty else { return }
        try makeFolder()
        for name in names {
            let (from, to) = (try other.place(of: name), try place(of: name))
            try? FileManager.default.removeItem(atPath: to)
            do {
                try FileManager.default.linkItem(atPath: from, toPath: to)
            } catch {
                _ = try put(try other.get(name))
            }
        }
        try AtomicFile.synchronizeFolder(folder)
    }

    /// Removes all files but these, and what writes that never came to their end have left.
    func remove(except names: Set<[UInt8]>) {
        let kept = Set(names.map { ContentDigest.hex($0.prefix(32)) })
        for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !kept.contains(file) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(file)")
        }
    }

    /// Removes the folder.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private func makeFolder() throws {
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw StorageError(.ioFailure, "cannot create the folder: \(error.localizedDescription)", path: folder)
        }
        try AtomicFile.synchronizeFolder(AtomicFile.folder(of: folder))
    }

    private func place(of name: [UInt8]) throws -> String {
        guard name.count == Self.nameLength else {
            throw StorageError(
                .malformed, "a segment's name has \(Self.nameLength) bytes, not \(name.count)", path: folder)
        }
        return path(name.prefix(32))
    }

    func path(_ digest: some Sequence<UInt8>) -> String { "\(folder)/\(ContentDigest.hex(digest))" }
}
