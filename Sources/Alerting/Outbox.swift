import Foundation
import GRDB
public import Storage
import Synchronization

/// Messages to be delivered at least once, kept in SQLite until they are.
///
/// A message is known by its endpoint and id: enqueuing it again does nothing, also after its delivery. Messages of one
/// subject (the id up to its last dot: an alert) reach an endpoint in the order they were enqueued.
public final class Outbox: Sendable {
    /// The table of the outbox, for the database's owner.
    public static let migrations = [
        SchemaMigration(
            name: "outbox-1",
            sql: """
                CREATE TABLE outbox (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    endpoint TEXT NOT NULL,
                    message_id TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    body BLOB NOT NULL,
                    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up')),
                    enqueued_us INTEGER NOT NULL,
                    next_attempt_us INTEGER NOT NULL,
                    failures INTEGER NOT NULL DEFAULT 0,
                    last_error TEXT,
                    finished_us INTEGER,
                    UNIQUE (endpoint, message_id)
                ) STRICT;
                CREATE INDEX outbox_pending ON outbox (endpoint, subject, sequence) WHERE state = 'pending';
                CREATE INDEX outbox_finished ON outbox (finished_us) WHERE state <> 'pending';
                """)
    ]

    public let limits: OutboxLimits
    let database: StateDatabase
    let counters = Mutex((dropped: Int64(0), givenUp: Int64(0)))

    /// - Parameter database: one opened with `Outbox.migrations`.
    public init(database: StateDatabase, limits: OutboxLimits = OutboxLimits()) {
        self.database = database
        self.limits = limits
    }

    /// Adds a message to be delivered at once, unless it is known.
    ///
    /// - Returns: whether it was new.
    /// - Throws: `StorageError`.
    @discardableResult
    public func enqueue(
        messageID: String, endpoint: String, body: [UInt8], nowMicroseconds: Int64
    ) throws -> Bool {
        try insert([(messageID, endpoint, body)], nowMicroseconds: nowMicroseconds) == 1
    }

    /// Adds the messages of all transitions for all endpoints in one transaction.
    ///
    /// - Returns: how many were new.
    /// - Throws: `StorageError`; then none was added.
    @discardableResult
    public func enqueue(
        _ transitions: [AlertTransition], endpoints: [String], nowMicroseconds: Int64
    ) throws -> Int {
        let messages = transitions.flatMap { transition in
            let (id, body) = (AlertMessage.id(for: transition.alert), AlertMessage.body(for: transition.alert))
            return endpoints.map { (id, $0, body) }
        }
        return messages.isEmpty ? 0 : try insert(messages, nowMicroseconds: nowMicroseconds)
    }

    /// The messages that may be tried now, oldest first; one per subject.
    ///
    /// - Throws: `StorageError`.
    public func due(endpoint: String, nowMicroseconds: Int64, limit: Int = 100) throws -> [OutboxMessage] {
        try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, message_id, endpoint, body, enqueued_us, failures FROM outbox
                    WHERE state = 'pending' AND endpoint = ? AND next_attempt_us <= ? AND NOT EXISTS (
                        SELECT 1 FROM outbox earlier
                        WHERE earlier.state = 'pending' AND earlier.endpoint = outbox.endpoint
                            AND earlier.subject = outbox.subject AND earlier.sequence < outbox.sequence)
                    ORDER BY sequence LIMIT ?
                    """, arguments: [endpoint, nowMicroseconds, limit]
            ).map { row in
                OutboxMessage(
                    sequence: row[0], messageID: row[1], endpoint: row[2], body: Array(row[3] as Data),
                    enqueuedMicroseconds: row[4], failures: row[5])
            }
        }
    }

    /// Remembers that the endpoint has the message; its body is no longer kept.
    ///
    /// - Throws: `StorageError`; the message will be sent again then, under the same id.
    public func markDelivered(_ message: OutboxMessage, nowMicroseconds: Int64) throws {
        try database.write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'delivered', finished_us = ?, body = x'', last_error = NULL
                    WHERE sequence = ?
                    """, arguments: [nowMicroseconds, message.sequence])
        }
    }

    /// Remembers a failed attempt and when to try again.
    ///
    /// - Throws: `StorageError`.
    public func markFailed(_ message: OutboxMessage, nextAttemptMicroseconds: Int64, error: String) throws {
        try database.write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET failures = failures + 1, next_attempt_us = ?, last_error = ?
                    WHERE sequence = ? AND state = 'pending'
                    """, arguments: [nextAttemptMicroseconds, error, message.sequence])
        }
    }

    private func insert(_ messages: [(id: String, endpoint: String, body: [UInt8])], nowMicroseconds: Int64) throws
        -> Int
    {
        let (added, dropped) = try database.write { database in
            var added = 0
            for message in messages {
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO outbox (endpoint, message_id, subject, body, enqueued_us, next_attempt_us)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        message.endpoint, message.id, Self.subject(of: message.id), Data(message.body), nowMicroseconds,
                        nowMicroseconds,
                    ])
                added += database.changesCount
            }
            return (added, added == 0 ? 0 : try dropExcess(in: database))
        }
        counters.withLock { $0.dropped += Int64(dropped) }
        return added
    }

    private static func subject(of messageID: String) -> String {
        messageID.lastIndex(of: ".").map { String(messageID[..<$0]) } ?? messageID
    }
}
