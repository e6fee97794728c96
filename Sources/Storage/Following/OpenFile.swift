#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A text file that is read while others write to it, rename it or cut it off. Gzip is recognised by its magic bytes and
/// taken to be whole already.
final class OpenFile {
    /// Where it lay when it was opened.
    let path: String
    let inode: FileInode
    let isPacked: Bool
    /// Bytes read, unpacked.
    private(set) var position: Int64 = 0
    private let descriptor: Int32
    private let unpacked: ByteStream?
    private var prefix: [UInt8] = []
    /// What the file is known by.
    private var known: FileFingerprint

    /// - Throws: `notFound`, `permission` or `ioFailure`.
    init(path: String) throws(StorageError) {
        errno = 0
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError(opening: path, errorNumber: errno) }
        var status = stat()
        fstat(descriptor, &status)
        var magic: [UInt8] = [0, 0]
        isPacked = pread(descriptor, &magic, 2, 0) == 2 && magic == [0x1F, 0x8B]
        do {
            unpacked = isPacked ? try ByteStream(path: path) : nil
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        inode = FileInode(status)
        known = FileFingerprint(inode: inode, prefix: [])
        refresh()
    }

    deinit {
        close(descriptor)
    }

    /// Fills the buffer from its start with what is there; 0 at the end, for now.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) -> Int {
        let count: Int
        if let unpacked {
            count = try unpacked.read(into: buffer)
        } else {
            errno = 0
            count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(position))
            guard count >= 0 else { throw StorageError(reading: path, errorNumber: errno) }
            // What is read now will be recognised when the file is cut off.
            if count > 0, prefix.count < FileFingerprint.maximumPrefixBytes { refresh() }
        }
        position += Int64(count)
        return count
    }

    /// Goes on from here, unpacked bytes; false where the file is shorter.
    func skip(to place: Int64) throws(StorageError) -> Bool {
        guard isPacked else {
            guard place <= Int64(status.st_size) else { return false }
            position = place
            return true
        }
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { scratch.deallocate() }
        while position < place {
            let wanted = min(scratch.count, Int(place - position))
            guard try read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<wanted])) == wanted else {
                return position == place
            }
        }
        return true
    }

    /// As long as the file is short, what is added to it belongs to what it is known by.
    private func refresh() {
        let now = currentPrefix()
        // Something else may be in it by now.
        guard now.count > prefix.count, now.starts(with: prefix) else { return }
        prefix = now
        known = FileFingerprint(inode: inode, prefix: prefix)
    }

    /// When it was last written to, nanoseconds since 1970 UTC.
    var modifiedNanoseconds: Int64 { status.modifiedNanoseconds }

    var isEmpty: Bool { status.st_size == 0 }

    /// How to come back to a position.
    func place(at position: Int64) -> FilePlace {
        if prefix.count < FileFingerprint.maximumPrefixBytes { refresh() }
        return FilePlace(file: known, byte: position, modifiedNanoseconds: status.modifiedNanoseconds)
    }

    /// Whether what has been read is no longer in it: it was cut off, and perhaps written to anew.
    var isOverwritten: Bool {
        guard !isPacked else { return false }
        return status.st_size < position || !currentPrefix().starts(with: prefix)
    }

    /// Goes on behind the last whole line that is there now, and returns where that is.
    func skipToLastLineEnd() throws(StorageError) -> Int64 {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { chunk.deallocate() }
        if isPacked {
            while try read(into: chunk) > 0 {}
            return position
        }
        var end = Int64(status.st_size)
        while end > 0 {
            position = max(0, end - Int64(chunk.count))
            let begin = position
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: chunk[..<Int(end - begin)]))
            if let index = chunk[..<count].lastIndex(of: 0x0A) {
                position = begin + Int64(index) + 1
                return position
            }
            end = begin
        }
        position = 0
        return 0
    }

    private var status: stat {
        var status = stat()
        fstat(descriptor, &status)
        return status
    }

    private func currentPrefix() -> [UInt8] {
        guard !isPacked else { return FileFingerprint.prefix(of: path) ?? prefix }
        return [UInt8](unsafeUninitializedCapacity: FileFingerprint.maximumPrefixBytes) { bytes, filled in
            filled = max(0, pread(descriptor, bytes.baseAddress, bytes.count, 0))
        }
    }
}
