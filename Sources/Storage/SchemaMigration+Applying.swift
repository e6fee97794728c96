import GRDB

extension SchemaMigration {
    /// Applies those that the database lacks: all of them, or none where one fails.
    ///
    /// They run in one transaction that takes the write lock first and looks again then: of two processes that open a new
    /// file at once the second waits, and finds the first one's tables. The list of what was applied is kept as GRDB's
    /// `DatabaseMigrator` keeps it, which files of earlier versions have; it reads the list before it has the lock.
    ///
    /// - Throws: `DatabaseError`.
    static func apply(_ migrations: [SchemaMigration], to writer: any DatabaseWriter) throws {
        try writer.writeWithoutTransaction { database in
            // A file that lacks nothing is opened without the write lock, whoever holds it.
            guard try !missing(migrations, in: database).isEmpty else { return }
            try database.inTransaction(.immediate) {
                let missing = try missing(migrations, in: database)
                try database.execute(
                    sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
                for migration in missing {
                    try database.execute(sql: migration.sql)
                    try database.execute(
                        sql: "INSERT INTO grdb_migrations (identifier) VALUES (?)", arguments: [migration.name])
                }
                return .commit
            }
        }
    }

    private static func missing(_ migrations: [SchemaMigration], in database: Database) throws -> [SchemaMigration] {
        let hasList = try Bool.fetchOne(
            database, sql: "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'grdb_migrations'")
        guard hasList == true else { return migrations }
        let applied = try String.fetchSet(database, sql: "SELECT identifier FROM grdb_migrations")
        return migrations.filter { !applied.contains($0.name) }
    }
}
