import Detection
import Foundation
import GRDB
public import Storage
import Windowing

/// The judged windows, newest first to ask for and bounded in number: what the agent said, and of which numbers.
public struct WindowHistory: Sendable {
    /// The table of the history, for the database's owner.
    public static let migrations = [
        SchemaMigration(
            name: "window-history-1",
            sql: """
                CREATE TABLE window (
                    model TEXT NOT NULL,
                    version TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    end_us INTEGER NOT NULL,
                    start_us INTEGER NOT NULL,
                    count INTEGER NOT NULL,
                    verdicts TEXT NOT NULL,
                    PRIMARY KEY (model, version, kind, end_us)
                ) STRICT;
                """),
        SchemaMigration(
            name: "window-history-2", sql: "ALTER TABLE window ADD COLUMN incomplete INTEGER NOT NULL DEFAULT 0"),
    ]

    /// One window as it is kept.
    public struct Entry: Sendable, Equatable {
        public var version: String
        public var kind: String
        public var endMicroseconds: Int64
        public var count: Int64
        /// Whether events of it may have been lost before they were read, or left out.
        public var isIncomplete: Bool
        /// The verdicts as JSON, keys sorted; of estimates and reconciliations an object with both.
        public var verdicts: String
    }

    private struct Estimates: Encodable {
        var estimates: [EstimatedMetric]
        var labelMaturity: Double?
        var verdicts: [Verdict]

        init(_ window: JudgedWindow) {
            (estimates, labelMaturity, verdicts) = (window.estimates, window.labelMaturity, window.verdicts)
        }
    }

    private static let maximumWindows = 100_000
    private let database: StateDatabase

    public init(database: StateDatabase) {
        self.database = database
    }

    /// Keeps a window; the same window said again replaces itself.
    ///
    /// Of drift by segment only what says more than that nothing was found: segments times columns are many verdicts.
    public func append(_ window: JudgedWindow) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let verdicts = String(
            decoding: window.estimates.isEmpty
                ? try encoder.encode(window.verdicts.filter(\.isKept)) : try encoder.encode(Estimates(window)),
            as: UTF8.self)
        try database.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO window VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    window.key.model, window.key.version, window.kind.rawValue, window.endMicroseconds,
                    window.startMicroseconds, window.count, verdicts, window.isIncomplete,
                ])
            guard db.lastInsertedRowID % 1_000 == 0 else { return }
            try db.execute(
                sql: """
                    DELETE FROM window WHERE rowid IN
                    (SELECT rowid FROM window ORDER BY end_us DESC LIMIT -1 OFFSET ?)
                    """, arguments: [Self.maximumWindows])
        }
    }

    /// What was said of a model, in the order of the windows' ends.
    func spoken(of model: String) throws -> [SpokenWindow] {
        let decoder = JSONDecoder()
        return try windows(of: model).map { entry in
            let bytes = Data(entry.verdicts.utf8)
            let verdicts =
                entry.verdicts.hasPrefix("[")
                ? try decoder.decode([Verdict].self, from: bytes)
                : try decoder.decode(Judged.self, from: bytes).verdicts
            return SpokenWindow(
                version: entry.version, kind: entry.kind, endMicroseconds: entry.endMicroseconds, verdicts: verdicts)
        }
    }

    private struct Judged: Decodable { var verdicts: [Verdict] }

    /// The newest end of a model's windows, by kind.
    func newestEnds(of model: String) throws -> [String: Int64] {
        try database.read { db -> [String: Int64] in
            let rows = try Row.fetchAll(
                db, sql: "SELECT kind, max(end_us) AS newest FROM window WHERE model = ? GROUP BY kind",
                arguments: [model])
            var ends: [String: Int64] = [:]
            for row in rows {
                let kind: String = row["kind"]
                let newest: Int64 = row["newest"]
                ends[kind] = newest
            }
            return ends
        }
    }

    /// All windows of a model in the order of their ends.
    public func windows(of model: String) throws -> [Entry] {
        try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM window WHERE model = ? ORDER BY end_us, kind, version", arguments: [model]
            ).map {
                Entry(
                    version: $0["version"], kind: $0["kind"], endMicroseconds: $0["end_us"], count: $0["count"],
                    isIncomplete: $0["incomplete"], verdicts: $0["verdicts"])
            }
        }
    }
}

extension Verdict {
    fileprivate var isKept: Bool { segment == nil || column == nil || isTelling }
}
