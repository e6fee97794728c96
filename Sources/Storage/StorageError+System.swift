#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension StorageError {
    /// A failed system call.
    ///
    /// - Parameters:
    ///   - number: `errno`, read on the thread of the call before anything else was called.
    ///   - action: what was being done, to follow "cannot": `write the file`.
    static func failedCall(_ number: Int32, cannot action: String, path: String) -> StorageError {
        let reason = String(cString: strerror(number))
        switch number {
        case ENOENT, ENOTDIR:
            return StorageError(.notFound, "cannot \(action): \(reason); check the path", path: path)
        case EACCES, EPERM, EROFS:
            return StorageError(
                .permission, "cannot \(action): \(reason); give the agent's user access to it", path: path)
        case ENOSPC, EDQUOT:
            return StorageError(.full, "cannot \(action): \(diskFullText)", path: path)
        default:
            return StorageError(.ioFailure, "cannot \(action): \(reason)", path: path)
        }
    }

    static let diskFullText = "disk full: free space or move state_directory"
}
