#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a text file is known by after it was renamed, copied or packed: its first bytes. An inode alone says nothing: it is
/// given to another file as soon as its own is gone.
public struct FileFingerprint: Sendable, Equatable, Codable {
    static let maximumPrefixBytes = 4_096

    var inode: FileInode
    /// How many of its first bytes (unpacked) were known.
    var prefixBytes: Int
    /// SHA-256 of those.
    var digest: [UInt8]

    init(inode: FileInode, prefix: [UInt8]) {
        self.inode = inode
        prefixBytes = prefix.count
        digest = ContentDigest.bytes(of: prefix)
    }

    /// Whether the file at this path is the one, or a copy of it that has grown since. An empty file is like no other.
    func matches(path: String) -> Bool {
        guard prefixBytes > 0, let prefix = Self.prefix(of: path, count: prefixBytes) else { return false }
        return prefix.count == prefixBytes && ContentDigest.bytes(of: prefix) == digest
    }

    /// The first bytes of a file, unpacked; `nil` where they cannot be read.
    static func prefix(of path: String, count: Int = maximumPrefixBytes) -> [UInt8]? {
        do {
            let stream = try ByteStream(path: path)
            return try [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
                filled = try stream.read(into: UnsafeMutableRawBufferPointer(bytes))
            }
        } catch {
            return nil
        }
    }
}

/// Which file it is on its disk, and how it is.
struct FileInode: Sendable, Equatable, Codable {
    var device: UInt64
    var number: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }

    /// `nil` where there is no such file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}
