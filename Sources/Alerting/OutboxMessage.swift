/// How much the outbox holds, and for how long. Reaching a limit is counted.
public struct OutboxLimits: Sendable, Equatable {
    /// Messages that wait to be delivered, over all endpoints. Beyond it the oldest are dropped, `resolved` ones first.
    public var maximumPending: Int
    /// Delivered or given-up messages remembered, so that a repeat after a crash is recognised.
    public var maximumFinished: Int
    /// How long those are remembered, microseconds.
    public var finishedAgeMicroseconds: Int64
    /// Age at which a message that was tried and failed is given up, microseconds; one never tried gets twice as long.
    public var giveUpAfterMicroseconds: Int64

    public init(
        maximumPending: Int = 10_000, maximumFinished: Int = 10_000,
        finishedAgeMicroseconds: Int64 = 30 * 86_400_000_000, giveUpAfterMicroseconds: Int64 = 3 * 86_400_000_000
    ) {
        precondition(
            maximumPending > 0 && maximumFinished >= 0 && finishedAgeMicroseconds > 0 && giveUpAfterMicroseconds > 0,
            "an outbox's limits are positive")
        self.maximumPending = maximumPending
        self.maximumFinished = maximumFinished
        self.finishedAgeMicroseconds = finishedAgeMicroseconds
        self.giveUpAfterMicroseconds = giveUpAfterMicroseconds
    }
}

/// One message on its way to one endpoint.
public struct OutboxMessage: Sendable, Equatable {
    /// Its place in the outbox.
    public let sequence: Int64
    /// The same in every attempt.
    public let messageID: String
    public let endpoint: String
    public let body: [UInt8]
    /// Microseconds since 1970 UTC.
    public let enqueuedMicroseconds: Int64
    /// Attempts that failed.
    public let failures: Int
}

/// What the outbox holds and what it lost since it was opened.
public struct OutboxStatistics: Sendable, Equatable {
    public var pending: Int
    /// Remembered after delivery or after being given up.
    public var finished: Int
    /// When the oldest pending message was enqueued, microseconds since 1970 UTC.
    public var oldestPendingMicroseconds: Int64?
    /// Pending messages dropped because there were too many.
    public var dropped: Int64
    /// Messages given up because of their age.
    public var givenUp: Int64
}
