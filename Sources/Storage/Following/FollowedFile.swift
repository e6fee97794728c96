#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A text file that is read as it grows, through its rotation: renamed and created anew, or copied and cut off; packed with
/// gzip behind the reader's back. Where reading begins again after a restart, the files that rotation has made since are
/// read first, oldest first.
///
/// A line is whole with its line feed; what stands behind the last one waits, and is the last line of a file only when
/// rotation has put that aside.
public final class FollowedFile: LineFeed {
    /// Where reading begins.
    public enum Start: Sendable, Equatable {
        /// With the oldest file that rotation has left.
        case beginning
        /// Behind the last whole line that is there now.
        case end
        /// Where it had come to before; if that file is gone, at the beginning of the one after it.
        case place(FilePlace)
    }

    public let name: String
    public private(set) var fileNumber = 0
    public let hasEnded = false

    private let path: String
    private let nowMicroseconds: () -> Int64
    private let lines: LineCutter
    private var file: OpenFile?
    private var start: Start
    /// Since when another file has been in its place.
    private var replacedSince: Int64?
    /// The file that was read last: when it was last written to, and which it was.
    private var finished: FilePlace?
    private var lastLook: RotatedFiles.Look?
    private var notices: [String] = []
    private var saysItIsMissing = true

    /// A writer that has not noticed the rotation yet may go on writing to the old file for so long.
    public static let rotationMicroseconds: Int64 = 5_000_000

    /// - Parameters:
    ///   - path: of the file that is written to; it need not be there yet.
    ///   - nowMicroseconds: the wall clock, to wait for writers after a rotation.
    public init(
        path: String, start: Start = .beginning, maximumLineBytes: Int = 64 << 20,
        nowMicroseconds: @escaping () -> Int64
    ) {
        name = path
        self.path = path
        self.start = start
        lines = LineCutter(maximumLineBytes: maximumLineBytes)
        self.nowMicroseconds = nowMicroseconds
    }

    public var isFirstLine: Bool { lines.isFirstLine }

    public var currentPath: String? { file?.path }

    public var position: Int64 { lines.lineEnd }

    public func place(at position: Int64) -> FilePlace? {
        if let file { return file.place(at: position) }
        if let finished { return finished }
        if case .place(let place) = start { return place }
        return nil
    }

    public func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }

    /// Files tell nobody that they have grown.
    public func wait(milliseconds: Int32) { usleep(useconds_t(milliseconds) * 1_000) }

    public func next() throws(StorageError) -> UnsafeRawBufferPointer? {
        while true {
            if let line = lines.next() { return line }
            guard let file else {
                // Nothing to go on with was found, and nothing has changed: no need to look at all files again.
                let look = RotatedFiles.Look(path: path)
                guard look != lastLook else { return nil }
                guard try openNext() else {
                    lastLook = look
                    return nil
                }
                continue
            }
            if file.isOverwritten {
                try reopen(file)
            } else if try fill(from: file) {
                replacedSince = nil
            } else if file.isPacked || isPutAside(file) {
                if let rest = lines.rest() { return rest }
                leave(file)
            } else {
                return nil
            }
        }
    }

    private func fill(from file: OpenFile) throws(StorageError) -> Bool {
        do {
            return try lines.fill(with: file.read)
        } catch {
            // What is packed wrongly stays so; other failures may pass.
            if error.code == .corrupt { leave(file) }
            throw error
        }
    }

    // MARK: - Files

    private func leave(_ file: OpenFile) {
        finished = file.place(at: position)
        self.file = nil
    }

    /// Opens the file to go on with; false where there is none yet.
    private func openNext() throws(StorageError) -> Bool {
        if let finished { return try open(after: finished) }
        if case .place(let place) = start {
            if try open(place) { return true }
            guard try open(after: place) else { return isWaiting() }
            if place.file.prefixBytes > 0 {
                notices.append(
                    "\(path): the file that was being read is gone, and with it what had not been read of it. Reading "
                        + "goes on with \(currentPath ?? path); the windows in between miss events.")
            }
            return true
        }
        let entries = try RotatedFiles(of: path).entries
        let isAtEnd = start == .end
        let entry = isAtEnd ? entries.last { $0.isCurrent } : entries.first
        // What is written to a file that was not there, or is empty, is new.
        start = .beginning
        guard let entry else { return isWaiting() }
        let file = try OpenFile(path: entry.path)
        guard !(entry.isCurrent && file.isEmpty) else {
            finished = file.place(at: 0)
            return false
        }
        begin(file, at: isAtEnd ? try file.skipToLastLineEnd() : 0)
        return true
    }

    private func isWaiting() -> Bool {
        if saysItIsMissing, FileInode(path: path) == nil {
            notices.append("\(path): there is no such file yet; it is waited for.")
            saysItIsMissing = false
        }
        return false
    }

    /// Finds the file of a place, wherever it is now.
    private func open(_ place: FilePlace, except inode: FileInode? = nil) throws(StorageError) -> Bool {
        let found = try RotatedFiles(of: path).entries.filter { $0.inode != inode && place.file.matches(path: $0.path) }
        let itself = found.filter { $0.inode == place.file.inode }
        for entry in itself + found.filter({ $0.inode != place.file.inode }) {
            let file = try OpenFile(path: entry.path)
            guard try file.skip(to: place.byte) else { continue }
            begin(file, at: place.byte)
            return true
        }
        return false
    }

    private func open(after place: FilePlace) throws(StorageError) -> Bool {
        guard let entry = try RotatedFiles(of: path).successor(of: place) else { return false }
        let file = try OpenFile(path: entry.path)
        // Nothing would tell it from another yet, were it put aside with something in it before the next look.
        guard !(entry.isCurrent && file.isEmpty) else { return false }
        begin(file, at: 0)
        return true
    }

    private func begin(_ file: OpenFile, at byte: Int64) {
        self.file = file
        start = .beginning
        lines.begin(at: byte)
        fileNumber += 1
        replacedSince = nil
        finished = nil
        lastLook = nil
        saysItIsMissing = false
    }

    /// Whether another file has taken this one's place, and nobody writes to this one any more.
    private func isPutAside(_ file: OpenFile) -> Bool {
        guard let current = FileInode(path: path), current != file.inode else {
            replacedSince = nil
            return false
        }
        let now = nowMicroseconds()
        guard file.path == path else {
            // It was put aside before reading began; perhaps only just.
            let age = now - file.modifiedNanoseconds / 1_000
            return age < 0 || age >= Self.rotationMicroseconds
        }
        let since = replacedSince ?? now
        replacedSince = since
        return now - since >= Self.rotationMicroseconds
    }

    /// The file was cut off under the reader. What it had not read may be in a copy that was made before.
    private func reopen(_ file: OpenFile) throws(StorageError) {
        let place = file.place(at: position)
        self.file = nil
        if try open(place, except: file.inode) { return }
        notices.append(
            "\(path): the file was cut off, and no copy of it is there: what had not been read of it is lost; the "
                + "windows of that time miss events.")
        finished = place
    }
}
