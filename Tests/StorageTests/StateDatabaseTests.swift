import Foundation
import GRDB
import Synchronization
import Testing

@testable import Storage

struct StateDatabaseTests {
    private let first = SchemaMigration(name: "things-1", sql: "CREATE TABLE thing (name TEXT UNIQUE, bytes BLOB);")
    private let second = SchemaMigration(
        name: "things-2", sql: "ALTER TABLE thing ADD COLUMN size INTEGER; CREATE INDEX sizes ON thing (size);")

    private func count(_ database: StateDatabase) throws -> Int {
        try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM thing") ?? -1 }
    }

    @Test func commitsSurviveAndOnlyMissingMigrationsRun() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.db")
        do {
            let database = try StateDatabase(path: path, migrations: [first])
            try database.write { try $0.execute(sql: "INSERT INTO thing (name) VALUES ('a')") }
        }
        let database = try StateDatabase(path: path, migrations: [first, second])
        #expect(try count(database) == 1)
        #expect(try database.read { try Int.fetchOne($0, sql: "SELECT count(size) FROM thing") } == 0)
        // A program that knows fewer modules opens the same file.
        #expect(try count(try StateDatabase(path: path, migrations: [])) == 1)
    }

    @Test func itIsDurableAndSharedSafely() throws {
        let folder = try TemporaryFolder()
        let database = try StateDatabase(path: folder.file("state.db"), migrations: [first])
        let settings = try database.write { database in
            try ["journal_mode", "synchronous", "busy_timeout"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)") ?? ""
            }
        }
        // synchronous 2 is FULL; GRDB shows its timeout through SQLite's own setting.
        #expect(settings == ["wal", "2", "5000"])
    }

    @Test func aThrowingTransactionChangesNothing() throws {
        struct Stop: Error {}
        let database = try StateDatabase.inMemory(migrations: [first])
        #expect(throws: Stop.self) {
            try database.write { database in
                try database.execute(sql: "INSERT INTO thing (name) VALUES ('a')")
                throw Stop()
            }
        }
        #expect(try count(database) == 0)
    }

    @Test func twoConnectionsShareTheFile() throws {
        let folder = try TemporaryFolder()
        let one = try StateDatabase(path: folder.file("state.db"), migrations: [first])
        let other = try StateDatabase(path: folder.file("state.db"), migrations: [first])
        for index in 0..<50 {
            try (index.isMultiple(of: 2) ? one : other).write {
                try $0.execute(sql: "INSERT INTO thing (name) VALUES (?)", arguments: ["\(index)"])
            }
        }
        #expect(try count(one) == 50)
        #expect(try count(other) == 50)
    }

    /// Two trainings that began at once made the registry at once; one failed in a migration, and its model was lost.
    @Test func severalMayCreateTheFileAtOnce() throws {
        let failures = Mutex<[String]>([])
        for _ in 0..<60 {
            let folder = try TemporaryFolder()
            let path = folder.file("state.db")
            DispatchQueue.concurrentPerform(iterations: 4) { opener in
                do {
                    let database = try StateDatabase(path: path, migrations: [first, second])
                    try database.write {
                        try $0.execute(sql: "INSERT INTO thing (name) VALUES (?)", arguments: ["\(opener)"])
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(try count(try StateDatabase(path: path, migrations: [first, second])) == 4)
        }
        #expect(failures.withLock { $0 } == [])
    }

    /// SQLite does not let its busy timeout run where a file that another writes to shall get its write-ahead log.
    @Test func aFileThatIsBeingMadeIsWaitedFor() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.db")
        let hasBegun = DispatchSemaphore(value: 0)
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 2) { process in
            do {
                if process == 0 {
                    defer { hasBegun.signal() }
                    var configuration = Configuration()
                    // Or the lock would grow with the pages that are written, and be one that is waited for.
                    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_spill = OFF") }
                    try DatabaseQueue(path: path, configuration: configuration).write { database in
                        try database.execute(sql: first.sql)
                        hasBegun.signal()
                        try database.execute(
                            sql: """
                                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
                                INSERT INTO thing (name) SELECT i FROM n
                                """)
                    }
                } else {
                    hasBegun.wait()
                    let migration = SchemaMigration(name: "other-1", sql: "CREATE TABLE other (name TEXT)")
                    let database = try StateDatabase(path: path, migrations: [migration])
                    #expect(try count(database) == 200_000)
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
    }

    /// A migration that fails takes with it those before it that had not run yet: the file is as it was.
    @Test func aFailedMigrationChangesNothing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.db")
        let wrong = SchemaMigration(name: "things-3", sql: "ALTER TABLE nothing ADD COLUMN size INTEGER")
        _ = try StateDatabase(path: path, migrations: [first])
        #expect(throws: StorageError.self) { try StateDatabase(path: path, migrations: [first, second, wrong]) }
        let database = try StateDatabase(path: path, migrations: [first])
        let columns = try database.read { try $0.columns(in: "thing").map(\.name) }
        #expect(columns == ["name", "bytes"])
    }

    @Test func aFullDiskIsSaidAndLeavesTheDatabaseUsable() throws {
        let folder = try TemporaryFolder()
        let database = try StateDatabase(path: folder.file("state.db"), migrations: [first], maximumBytes: 100_000)
        let error = #expect(throws: StorageError.self) {
            try database.write { database in
                try database.execute(sql: "INSERT INTO thing (name) VALUES ('small')")
                try database.execute(sql: "INSERT INTO thing (name, bytes) VALUES ('large', zeroblob(1000000))")
            }
        }
        #expect(error?.code == .full && error?.isRetryable == true && error?.path == folder.file("state.db"))
        #expect(error?.message == "disk full: free space or move state_directory")
        #expect(try count(database) == 0)
        try database.write { try $0.execute(sql: "INSERT INTO thing (name) VALUES ('small')") }
        #expect(try count(database) == 1)
    }

    @Test func aFileThatIsNoDatabaseSaysWhatToDo() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.db")
        try AtomicFile.write(Array(String(repeating: "not a database ", count: 500).utf8), to: path)
        let error = #expect(throws: StorageError.self) { try StateDatabase(path: path, migrations: [first]) }
        #expect(error?.code == .notADatabase && error?.isRetryable == false)
        #expect(error?.description.contains("backup") == true && error?.path == path)
    }

    @Test func aMissingFolderSaysWhatToDo() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: StorageError.self) {
            try StateDatabase(path: folder.file("no/state.db"), migrations: [])
        }
        #expect(error?.code == .notFound && error?.message.contains("create it") == true)
    }

    @Test(arguments: [
        (ResultCode.SQLITE_FULL, StorageError.Code.full, true), (.SQLITE_BUSY, .busy, true),
        (.SQLITE_LOCKED, .busy, true), (.SQLITE_CORRUPT, .corrupt, false), (.SQLITE_NOTADB, .notADatabase, false),
        (.SQLITE_READONLY, .permission, false), (.SQLITE_IOERR, .ioFailure, true),
        (.SQLITE_BUSY_SNAPSHOT, .busy, true), (.SQLITE_TOOBIG, .malformed, false),
    ])
    func everyResultHasItsCode(_ result: ResultCode, _ code: StorageError.Code, _ isRetryable: Bool) {
        let error = StorageError(DatabaseError(resultCode: result), path: "/p", repair: "repair it")
        #expect(error.code == code && error.isRetryable == isRetryable && error.path == "/p")
    }

    /// Whoever takes over cannot wait for a process that sleeps in the middle of a transaction.
    @Test func aDatabaseIsCopiedWhileAnotherHoldsItsLock() throws {
        let folder = try TemporaryFolder()
        let migration = SchemaMigration(name: "t-1", sql: "CREATE TABLE t (n INTEGER NOT NULL) STRICT")
        let database = try StateDatabase(path: folder.file("a.db"), migrations: [migration])
        try database.write { try $0.execute(sql: "INSERT INTO t VALUES (1)") }
        try database.write { connection in
            try connection.execute(sql: "INSERT INTO t VALUES (2)")
            try StateDatabase.copy(folder.file("a.db"), to: folder.file("b.db"))
        }
        let copy = try StateDatabase(path: folder.file("b.db"), migrations: [migration])
        let numbers = try copy.read { try Int.fetchAll($0, sql: "SELECT n FROM t") }
        #expect(numbers == [1], "what was not committed is not there")
    }
}
