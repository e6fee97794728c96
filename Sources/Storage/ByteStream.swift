import CZlib

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file's bytes from front to back; gzip is recognised by its magic bytes and unpacked on the way.
///
/// zlib's own file layer does both, concatenated gzip members included. One owner, one thread.
final class ByteStream {
    let path: String
    private let file: gzFile
    /// What is wrong behind the bytes that were read.
    private var failure: StorageError?

    /// - Throws: `notFound`, `permission` or `ioFailure`.
    init(path: String) throws(StorageError) {
        errno = 0
        guard let file = gzopen(path, "rb") else { throw StorageError(opening: path, errorNumber: errno) }
        gzbuffer(file, 256 << 10)
        self.path = path
        self.file = file
    }

    deinit {
        gzclose_r(file)
    }

    /// Fills `buffer` from its start; returns the number of bytes, fewer than asked for only at the end or before damage,
    /// which the next call throws.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) -> Int {
        if let failure { throw failure }
        errno = 0
        let wanted = min(buffer.count, 1 << 30)
        let count = gzread(file, buffer.baseAddress, UInt32(wanted))
        guard count < wanted else { return wanted }
        failure = failure(count: Int(count), errorNumber: errno)
        if let failure, count <= 0 { throw failure }
        return Int(count)
    }

    /// Why a read brought fewer bytes than asked for; `nil` at the end.
    private func failure(count: Int, errorNumber: Int32) -> StorageError? {
        var code: Int32 = 0
        let text = gzerror(file, &code)
        switch code {
        case Z_OK, Z_STREAM_END:
            return count >= 0 ? nil : StorageError(reading: path, errorNumber: errorNumber)
        case Z_ERRNO:
            return StorageError(reading: path, errorNumber: errorNumber)
        case Z_BUF_ERROR:
            return StorageError(
                .corrupt, "the gzip stream ends before its end; copy or write the file again", path: path)
        default:
            let reason = text.map { String(cString: $0) } ?? "error \(code)"
            return StorageError(
                .corrupt, "the gzip stream is damaged (\(reason)); copy or write the file again", path: path)
        }
    }
}

extension StorageError {
    /// A file that could not be opened, by the operating system's error number.
    init(opening path: String, errorNumber: Int32) {
        switch errorNumber {
        case ENOENT, ENOTDIR: self.init(.notFound, "there is no such file", path: path)
        case EACCES, EPERM: self.init(.permission, "the file may not be read; check its permissions", path: path)
        default: self.init(.ioFailure, "the file cannot be opened: \(Self.text(errorNumber))", path: path)
        }
    }

    /// A file that could be opened and not be read.
    init(reading path: String, errorNumber: Int32) {
        switch errorNumber {
        case EISDIR: self.init(.notFound, "this is a folder, not a file", path: path)
        default: self.init(.ioFailure, "the file cannot be read: \(Self.text(errorNumber))", path: path)
        }
    }

    private static func text(_ errorNumber: Int32) -> String {
        errorNumber == 0 ? "no reason given" : String(cString: strerror(errorNumber))
    }
}
