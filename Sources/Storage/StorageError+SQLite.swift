import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension StorageError {
    /// Translates what SQLite reports; other errors pass unchanged.
    ///
    /// - Parameter repair: what to do when the file is damaged, as a clause: `move the file away; …`.
    static func translating<T>(path: String, repair: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StorageError(error, path: path, repair: repair)
        }
    }

    init(_ error: DatabaseError, path: String, repair: String) {
        // SQLite's own text names tables and columns, never values: it is safe to show.
        let detail = error.message ?? "no further detail"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.full, Self.diskFullText, path: path)
        case .SQLITE_NOTADB:
            self.init(.notADatabase, "the file is no SQLite database: \(repair)", path: path)
        case .SQLITE_CORRUPT:
            self.init(.corrupt, "the database is damaged (\(detail)): \(repair)", path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, "another process holds the database's lock; try again when it has finished", path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .permission, "the database cannot be written (\(detail)); give the agent's user access to it",
                path: path)
        case .SQLITE_CANTOPEN:
            let folderExists = access(AtomicFile.folder(of: path), F_OK) == 0
            self.init(
                folderExists ? .permission : .notFound,
                folderExists
                    ? "the database cannot be opened; give the agent's user access to the file and its folder"
                    : "the database's folder does not exist; create it", path: path)
        case .SQLITE_TOOBIG:
            self.init(.malformed, "a value is larger than SQLite takes (1 GB); store it in smaller parts", path: path)
        default:
            self.init(.ioFailure, "the database failed (\(error.extendedResultCode.rawValue): \(detail))", path: path)
        }
    }
}
