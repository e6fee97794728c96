public import GRDB

/// The SQLite database that the agent and the command line share: ledger, outbox.
///
/// WAL, `synchronous = FULL` (a committed transaction survives a power failure), and a busy timeout of 5 s, because
/// other processes use the same file.
public final class StateDatabase: Sendable {
    /// The database's file; empty in memory.
    public let path: String
    private let writer: any DatabaseWriter

    /// Opens or creates the database and applies the migrations that it lacks. Several processes may do so at once.
    ///
    /// - Parameters:
    ///   - migrations: every module's migrations, names unique; those of other programs' versions are left alone.
    ///   - maximumBytes: the size the file may reach; a write beyond it throws `full` and changes nothing.
    /// - Throws: `StorageError`: `notADatabase` or `corrupt` with what to do, `notFound`, `permission`, `full`, `busy`.
    public convenience init(
        path: String, migrations: [SchemaMigration], maximumBytes: Int64? = nil
    ) throws(StorageError) {
        try self.init(path: path, migrations: migrations) {
            let pool = try Self.pool(path: path, configuration: Self.configuration(maximumBytes: maximumBytes))
            // After GRDB's own set-up, which chooses NORMAL for WAL.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            return pool
        }
    }

    /// A database of this process alone, gone with the object: for replays and tests.
    public static func inMemory(migrations: [SchemaMigration]) throws(StorageError) -> StateDatabase {
        try StateDatabase(path: "", migrations: migrations) { try DatabaseQueue() }
    }

    private init(
        path: String, migrations: [SchemaMigration], opening open: () throws -> any DatabaseWriter
    ) throws(StorageError) {
        self.path = path
        do {
            writer = try open()
            try SchemaMigration.apply(migrations, to: writer)
        } catch let error as DatabaseError {
            throw StorageError(error, path: path, repair: Self.repair)
        } catch {
            throw StorageError(.ioFailure, "the database cannot be opened: \(error)", path: path)
        }
    }

    /// Reads a consistent snapshot; runs beside a writer.
    ///
    /// - Throws: what the body throws; SQLite's errors as `StorageError`.
    public func read<T>(_ body: (Database) throws -> T) throws -> T {
        try StorageError.translating(path: path, repair: Self.repair) { try writer.read(body) }
    }

    /// Runs the body in one transaction: all of it, or nothing when it throws.
    ///
    /// - Throws: what the body throws; SQLite's errors as `StorageError`.
    public func write<T>(_ body: (Database) throws -> T) throws -> T {
        try StorageError.translating(path: path, repair: Self.repair) { try writer.write(body) }
    }

    /// Copies a database as it is at this moment, also while another process writes to it or holds its locks.
    ///
    /// - Throws: `StorageError`: `notADatabase`, `corrupt`, `full`, `permission`, `ioFailure`.
    public static func copy(_ path: String, to destination: String) throws {
        try StorageError.translating(path: path, repair: repair) {
            var configuration = configuration(maximumBytes: nil)
            configuration.readonly = true
            let source = try DatabaseQueue(path: path, configuration: configuration)
            try source.backup(to: try DatabaseQueue(path: destination))
        }
    }

    private static let repair =
        "restore it from a backup, or move the file away; the agent then starts with an empty registry and outbox"

    /// Of two processes that give a new file its write-ahead log, SQLite refuses one at once whatever its busy timeout:
    /// both have read the file, and each would wait for the other to let go of it. The one that is refused waits with
    /// nothing in its hands, and finds the log there when it tries again.
    private static func pool(path: String, configuration: Configuration) throws -> DatabasePool {
        for _ in 1..<openings {
            do {
                return try DatabasePool(path: path, configuration: configuration)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                try DatabaseQueue(path: path, configuration: configuration).writeWithoutTransaction {
                    try $0.inTransaction(.immediate) { .commit }
                }
            }
        }
        return try DatabasePool(path: path, configuration: configuration)
    }

    /// The second succeeds unless the process that was waited for has died.
    private static let openings = 5

    /// What every connection to a file of ours is set to.
    static func configuration(maximumBytes: Int64?) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // One large transaction must not leave a large log behind for ever.
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
            guard let maximumBytes else { return }
            let pageSize = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
            try database.execute(sql: "PRAGMA max_page_count = \(max(1, maximumBytes / pageSize))")
        }
        return configuration
    }
}
