import GRDB
import Storage
import Synchronization

/// A message that was never delivered.
public struct GivenUpMessage: Sendable, Equatable {
    public let messageID: String
    public let endpoint: String
    /// Attempts that failed.
    public let failures: Int
    /// What the last one said.
    public let lastError: String?
}

extension Outbox {
    /// Gives up what is too old, and forgets what was finished long ago or is beyond the number remembered.
    ///
    /// - Returns: the messages given up.
    /// - Throws: `StorageError`.
    public func tidy(nowMicroseconds: Int64) throws -> [GivenUpMessage] {
        let age = limits.giveUpAfterMicroseconds
        let givenUp = try database.write { database in
            let givenUp = try Row.fetchAll(
                database,
                sql: """
                    UPDATE outbox SET state = 'given_up', finished_us = ?, body = x''
                    WHERE state = 'pending' AND (failures > 0 AND enqueued_us <= ? OR enqueued_us <= ?)
                    RETURNING message_id, endpoint, failures, last_error
                    """, arguments: [nowMicroseconds, nowMicroseconds - age, nowMicroseconds - 2 * age]
            ).map { GivenUpMessage(messageID: $0[0], endpoint: $0[1], failures: $0[2], lastError: $0[3]) }
            try database.execute(
                sql: "DELETE FROM outbox WHERE state <> 'pending' AND finished_us <= ?",
                arguments: [nowMicroseconds - limits.finishedAgeMicroseconds])
            try database.execute(
                sql: """
                    DELETE FROM outbox WHERE sequence IN (
                        SELECT sequence FROM outbox WHERE state <> 'pending'
                        ORDER BY finished_us DESC, sequence DESC LIMIT -1 OFFSET ?)
                    """, arguments: [limits.maximumFinished])
            return givenUp
        }
        counters.withLock { $0.givenUp += Int64(givenUp.count) }
        return givenUp
    }

    /// What is in the outbox now.
    ///
    /// - Throws: `StorageError`.
    public func statistics() throws -> OutboxStatistics {
        let (pending, finished, oldest) = try database.read { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM outbox WHERE state = 'pending'") ?? 0,
                try Int.fetchOne(database, sql: "SELECT count(*) FROM outbox WHERE state <> 'pending'") ?? 0,
                try Int64.fetchOne(database, sql: "SELECT min(enqueued_us) FROM outbox WHERE state = 'pending'")
            )
        }
        let (dropped, givenUp) = counters.withLock { $0 }
        return OutboxStatistics(
            pending: pending, finished: finished, oldestPendingMicroseconds: oldest, dropped: dropped,
            givenUp: givenUp)
    }

    /// Makes room after an insertion: pending `resolved` messages go first, since a lost alert is worse than a lost
    /// all-clear; the oldest before the newer ones.
    func dropExcess(in database: Database) throws -> Int {
        let pending = try Int.fetchOne(database, sql: "SELECT count(*) FROM outbox WHERE state = 'pending'") ?? 0
        guard pending > limits.maximumPending else { return 0 }
        try database.execute(
            sql: """
                DELETE FROM outbox WHERE sequence IN (
                    SELECT sequence FROM outbox WHERE state = 'pending'
                    ORDER BY message_id LIKE '%.resolved' DESC, sequence LIMIT ?)
                """, arguments: [pending - limits.maximumPending])
        return database.changesCount
    }
}
