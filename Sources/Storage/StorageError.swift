/// What went wrong with a file or a database: what happened, where, and what to do about it.
public struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for decisions; the text is for people.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// There is no such file, folder, blob or row.
        case notFound = "not_found"
        /// The operating system refuses access.
        case permission
        /// The bytes are there and are not what was written: a checksum, a compressed stream or a page is damaged.
        case corrupt
        /// The file is no SQLite database.
        case notADatabase = "not_a_database"
        /// The disk, the quota or the size limit is used up.
        case full
        /// Another process or connection holds the lock.
        case busy
        /// Any other failure of the operating system.
        case ioFailure = "io_failure"
        /// The content breaks its format's rules: a ragged CSV row, text that is not UTF-8.
        case malformed
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence: what happened, and what to do where that is known.
    public let message: String
    /// The file or folder concerned; empty for what lives in memory.
    public let path: String
    /// The line of a text file, counted from 1, where the failure stands.
    public let line: Int?

    public init(_ code: Code, _ message: String, path: String, line: Int? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.line = line
    }

    /// Whether the same call may succeed later without anyone changing its arguments:
    /// a lock is released, a disk is cleaned, a device comes back.
    public var isRetryable: Bool {
        switch code {
        case .busy, .full, .ioFailure: true
        case .notFound, .permission, .corrupt, .notADatabase, .malformed: false
        }
    }

    public var description: String {
        let place = line.map { "\(path):\($0)" } ?? path
        return place.isEmpty ? message : "\(place): \(message)"
    }
}
