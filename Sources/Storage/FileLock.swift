#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that one process at a time may hold, to keep two from writing the same state. The system lets go of it when
/// the process ends, however it ends.
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Takes the lock, and creates the file where it is missing. Where the file system knows no locks there is none.
    ///
    /// - Throws: `StorageError` (`busy` while another process, or another lock of this one, holds it; `permission`, …).
    public init(path: String) throws {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw StorageError.failedCall(errno, cannot: "open the lock", path: path) }
        if flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(opened)
            throw StorageError(
                .busy,
                "another agent works with this state directory; stop it, or give this one a directory of its own",
                path: path)
        }
        // Last: once the lock has its descriptor it closes it, also when this initialiser throws.
        descriptor = opened
    }

    deinit { close(descriptor) }
}
