#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files that are there whole or not at all, also after a crash or a power failure.
public enum AtomicFile {
    /// Replaces the file's content: a temporary file in the same folder, fsync, rename, fsync of the folder.
    ///
    /// A reader sees the old content or the new one. On failure the old content stays and the temporary file is gone.
    /// The file is readable by all and writable by its owner, as far as the folder lets others in.
    ///
    /// A symbolic link is followed, not replaced. What is no regular file (`/dev/stdout`, `/dev/null`, a pipe) is
    /// written to as it is: there is nothing to replace, and a rename would destroy it.
    ///
    /// - Throws: `StorageError` (`notFound` for a missing folder, `permission`, `full`, `ioFailure`).
    public static func write(_ bytes: [UInt8], to path: String) throws {
        if isSpecial(path) { return try writeThrough(bytes, to: path) }
        try replace(resolved(path), with: bytes)
    }

    private static func replace(_ path: String, with bytes: [UInt8]) throws {
        // The kernel picks the name, so that two processes writing the same path never share a temporary file.
        var template = Array((path + ".tmp.XXXXXX").utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let start = buffer.baseAddress else { return -1 }
            return mkstemp(start)
        }
        guard descriptor >= 0 else {
            throw StorageError.failedCall(errno, cannot: "create a temporary file", path: path)
        }
        do {
            try fill(descriptor, with: bytes, path: path)
        } catch {
            unlink(template)
            throw error
        }
        guard rename(template, path) == 0 else {
            let number = errno
            unlink(template)
            throw StorageError.failedCall(number, cannot: "put the file into its place", path: path)
        }
        try synchronizeFolder(folder(of: path))
    }

    /// Whether the path leads to something that is there and neither a regular file nor a folder.
    private static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        let kind = status.st_mode & S_IFMT
        return kind != S_IFREG && kind != S_IFDIR
    }

    /// Where the path's links lead; the path itself where nothing is there yet.
    private static func resolved(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    private static func writeThrough(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.failedCall(errno, cannot: "open the file", path: path) }
        defer { close(descriptor) }
        try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
    }

    /// The folder part of a path; `.` for a bare name.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes created, renamed and removed names in the folder durable.
    static func synchronizeFolder(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.failedCall(errno, cannot: "open the folder", path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StorageError.failedCall(errno, cannot: "write the folder to disk", path: path)
        }
    }

    /// Writes, synchronises and closes; the descriptor is closed whatever happens.
    private static func fill(_ descriptor: Int32, with bytes: [UInt8], path: String) throws {
        do {
            try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
            guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0 else {
                throw StorageError.failedCall(errno, cannot: "write the file to disk", path: path)
            }
        } catch {
            close(descriptor)
            throw error
        }
        // Some file systems report a failed write only here.
        guard close(descriptor) == 0 else {
            throw StorageError.failedCall(errno, cannot: "write the file to disk", path: path)
        }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            if written < 0 {
                if errno == EINTR { continue }
                throw StorageError.failedCall(errno, cannot: "write the file", path: path)
            }
            rest = rest.dropFirst(written)
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
