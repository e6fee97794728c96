/// Where a file's reading has come to.
public struct FilePlace: Sendable, Equatable, Codable {
    /// Which file it is, wherever it lies now.
    public var file: FileFingerprint
    /// Bytes from its beginning, unpacked.
    public var byte: Int64
    /// When the file was last written to then, nanoseconds since 1970 UTC.
    var modifiedNanoseconds: Int64
}

/// Lines that come as they are written. One owner, one thread.
public protocol LineFeed: AnyObject {
    /// What it is called in messages.
    var name: String { get }

    /// The next whole line without its line feed, or `nil` while there is none. Valid until the next call. Of a line that is
    /// longer than the feed's limit its beginning, one byte more than the limit.
    /// - Throws: `StorageError` where something cannot be read now; the next call tries again or goes on behind it.
    func next() throws(StorageError) -> UnsafeRawBufferPointer?

    /// Waits after `next` had none: until there may be more, and so long at most.
    func wait(milliseconds: Int32)

    /// Whether nothing will ever come any more.
    var hasEnded: Bool { get }

    /// Counts the files that lines were taken from; the line returned last is of this one.
    var fileNumber: Int { get }

    /// Whether the line returned last is the first of its file.
    var isFirstLine: Bool { get }

    /// The path of the file that is being read; `nil` where there is none, or where it has no path.
    var currentPath: String? { get }

    /// Where the next line begins: bytes from the beginning of its file, or of the input, unpacked.
    var position: Int64 { get }

    /// How to come back to a position in the file that is being read; `nil` where there is no going back.
    func place(at position: Int64) -> FilePlace?

    /// What a person should know and was not told yet.
    func takeNotices() -> [String]
}
