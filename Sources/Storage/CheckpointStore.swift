import GRDB
import Synchronization

/// The agent's state in a SQLite file of its own: each checkpoint is one transaction, the two newest are kept.
///
/// Every part and appended row carries its SHA-256, verified when loaded: a damaged checkpoint is passed over for the
/// one before it. What both share (unchanged parts, appended rows) is stored once; damage there costs both, and the
/// agent then rebuilds its windows from Kafka. One process at a time uses the file.
public final class CheckpointStore: Sendable {
    /// The checkpoint file.
    public let path: String
    let queue: DatabaseQueue
    let memory = Mutex(Memory())

    /// What the store knows beyond the file.
    struct Memory {
        /// The checkpoint that the caller's state continues; newer ones in the file are damaged and to be dropped.
        var base: Int64?
        /// Part digests whose stored bytes were found damaged: to be written anew rather than referred to.
        var damagedDigests: Set<[UInt8]> = []
        /// Checkpoints newer than the base that were found damaged: those may be dropped.
        var damagedGenerations: Set<Int64> = []
    }

    static let repair = "move the file away; the agent rebuilds its windows from Kafka"

    /// Opens or creates the file.
    ///
    /// - Parameter maximumBytes: the size the file may reach; a save beyond it throws `full` and changes nothing.
    /// - Throws: `StorageError`: `notADatabase` or `corrupt` with what to do, `notFound`, `permission`, `full`, `busy`.
    public init(path: String, maximumBytes: Int64? = nil) throws {
        self.path = path
        queue = try StorageError.translating(path: path, repair: Self.repair) {
            var configuration = StateDatabase.configuration(maximumBytes: maximumBytes)
            configuration.journalMode = .wal
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // After GRDB's own set-up, which chooses NORMAL for WAL.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            var migrator = DatabaseMigrator()
            for migration in CheckpointSchema.migrations {
                migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
            }
            try migrator.migrate(queue)
            return queue
        }
    }
}
