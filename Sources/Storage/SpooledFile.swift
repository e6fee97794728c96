import Foundation

/// A file that can be read from its start as often as needed: the file itself, or, where its name stands for a pipe or a
/// device that gives its bytes once, a temporary copy of them (as they are: gzip stays gzip), which goes with the value.
///
/// The copy is bounded by the disk only. One owner.
public final class SpooledFile {
    /// What to read: the name given, or the copy.
    public let path: String
    private let isCopy: Bool

    /// - Parameter original: a path; `-` is standard input.
    /// - Throws: `notFound`, `permission`, `full` or `ioFailure`.
    public init(path original: String) throws(StorageError) {
        if original != "-", !Self.isReadOnce(original) {
            (path, isCopy) = (original, false)
            return
        }
        let isStandardInput = original == "-"
        let name = isStandardInput ? "standard input" : original
        errno = 0
        let source = isStandardInput ? STDIN_FILENO : open(original, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw StorageError(opening: name, errorNumber: errno) }
        defer { if !isStandardInput { close(source) } }
        let folder = FileManager.default.temporaryDirectory.path
        var template = Array("\(folder)/tidewatch-XXXXXX".utf8CString)
        let copy = mkstemp(&template)
        guard copy >= 0 else { throw StorageError(opening: folder, errorNumber: errno) }
        defer { close(copy) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        isCopy = true
        try Self.copy(from: source, name: name, to: copy, folder: folder)
    }

    deinit {
        if isCopy { unlink(path) }
    }

    /// Neither a regular file nor a folder; what is not there is for the reader to say.
    private static func isReadOnce(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        let kind = status.st_mode & S_IFMT
        return kind != S_IFREG && kind != S_IFDIR
    }

    private static func copy(
        from source: Int32, name: String, to copy: Int32, folder: String
    ) throws(StorageError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(source, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StorageError(reading: name, errorNumber: errno) }
            guard count > 0 else { return }
            var written = 0
            while written < count {
                let step = write(copy, buffer.baseAddress?.advanced(by: written), count - written)
                if step < 0, errno == EINTR { continue }
                guard step >= 0 else { throw failedCopy(of: name, in: folder, errorNumber: errno) }
                written += step
            }
        }
    }

    private static func failedCopy(of name: String, in folder: String, errorNumber: Int32) -> StorageError {
        let reason = String(cString: strerror(errorNumber))
        return StorageError(
            errorNumber == ENOSPC || errorNumber == EDQUOT ? .full : .ioFailure,
            "its bytes cannot be kept in \(folder) (\(reason)); set TMPDIR to a folder with room", path: name)
    }
}
