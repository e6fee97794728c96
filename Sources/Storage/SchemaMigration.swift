/// One step of a database's schema. Applied once, in order; never changed after a release.
public struct SchemaMigration: Sendable, Equatable {
    /// Unique in the database, for example `outbox-1`.
    public let name: String
    /// One or more SQL statements.
    public let sql: String

    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}
