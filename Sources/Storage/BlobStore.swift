import Foundation

/// Immutable contents under their own SHA-256: the same content is stored once, and what is read is what was written.
///
/// A blob lives in `<directory>/<first 2 characters of its digest>/<the other 62>`.
public struct BlobStore: Sendable {
    /// The folder that holds the blobs.
    public let directory: String

    /// Opens the store and creates its folder where needed.
    ///
    /// - Throws: `StorageError`.
    public init(directory: String) throws {
        self.directory = directory
        try Self.createFolder(directory)
    }

    /// Stores the content, durably, unless it is there already; a damaged copy is replaced.
    ///
    /// - Returns: the content's SHA-256 in 64 hexadecimal characters.
    /// - Throws: `StorageError` (`full`, `permission`, `ioFailure`).
    public func put(_ bytes: [UInt8]) throws -> String {
        let digest = ContentDigest.hex(of: bytes)
        let path = self.path(of: digest)
        if contains(digest), try read(path) == bytes { return digest }
        let folder = AtomicFile.folder(of: path)
        if !FileManager.default.fileExists(atPath: folder) {
            try Self.createFolder(folder)
            try AtomicFile.synchronizeFolder(directory)
        }
        try AtomicFile.write(bytes, to: path)
        return digest
    }

    /// Reads a blob and verifies it.
    ///
    /// - Throws: `StorageError`: `notFound`; `corrupt` when the bytes are not those of the digest; `malformed` when the
    ///   digest is no SHA-256.
    public func get(_ digest: String) throws -> [UInt8] {
        guard ContentDigest.isHex(digest) else {
            throw StorageError(
                .malformed, "\"\(digest.prefix(80))\" is no SHA-256: 64 lower-case hexadecimal characters",
                path: directory)
        }
        let path = self.path(of: digest)
        guard contains(digest) else {
            throw StorageError(
                .notFound, "there is no blob with this digest; restore the folder from a backup", path: path)
        }
        let bytes = try read(path)
        guard ContentDigest.hex(of: bytes) == digest else {
            throw StorageError(
                .corrupt, "the blob's bytes do not match its digest; restore the file from a backup", path: path)
        }
        return bytes
    }

    /// Whether a blob of this digest is stored; its bytes are not verified.
    public func contains(_ digest: String) -> Bool {
        ContentDigest.isHex(digest) && FileManager.default.fileExists(atPath: path(of: digest))
    }

    /// Where the blob of this digest lies, for publications that name a file.
    ///
    /// - Precondition: the digest is one that `put` returned.
    public func path(of digest: String) -> String {
        precondition(ContentDigest.isHex(digest), "a blob's digest is a SHA-256 in hexadecimal")
        return "\(directory)/\(digest.prefix(2))/\(digest.dropFirst(2))"
    }

    private func read(_ path: String) throws -> [UInt8] {
        do {
            return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Self.storageError(error, cannot: "read the blob", path: path)
        }
    }

    private static func createFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw storageError(error, cannot: "create the folder", path: path)
        }
    }

    /// Foundation wraps `errno`; without one its text has to do.
    private static func storageError(_ error: any Error, cannot action: String, path: String) -> StorageError {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let underlying, underlying.domain == NSPOSIXErrorDomain {
            return .failedCall(Int32(clamping: underlying.code), cannot: action, path: path)
        }
        if let underlying = (error as? CocoaError)?.underlying as? POSIXError {
            return .failedCall(underlying.code.rawValue, cannot: action, path: path)
        }
        return StorageError(.ioFailure, "cannot \(action): \((error as NSError).localizedDescription)", path: path)
    }
}
