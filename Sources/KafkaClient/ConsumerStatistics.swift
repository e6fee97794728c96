/// How far a consumer is behind, and what the library holds for it.
public struct ConsumerStatistics: Sendable, Equatable {
    public struct Partition: Sendable, Equatable {
        /// Messages between the last one handed out and the end; `nil` until both are known. Transaction markers count.
        public var lag: Int64?
        /// The same behind the last committed offset.
        public var committedLag: Int64?
        /// The offset that is handed out next.
        public var position: Int64?
        /// The offset after the last message there was at the last look (`statistics.interval.ms`).
        public var endOffset: Int64?
        /// The oldest offset there was.
        public var lowOffset: Int64?
        public var committedOffset: Int64?

        public init(lag: Int64? = nil) { self.lag = lag }
    }

    /// The assigned partitions.
    public var partitions: [TopicPartition: Partition] = [:]
    /// Bytes of messages fetched and not handed out yet: the library's prefetch.
    public var fetchQueueBytes: Int64 = 0
    /// How many messages that is.
    public var fetchQueueMessages: Int64 = 0
    /// Messages received from brokers since the start, including those discarded at rebalances.
    public var totalReceivedMessages: Int64 = 0
    public var totalReceivedBytes: Int64 = 0
    /// How often the group has been rebalanced under this member.
    public var rebalances: Int64 = 0
    /// Brokers with an open connection.
    public var brokersUp: Int = 0

    /// The sum of the known lags.
    public var totalLag: Int64 { partitions.values.reduce(0) { $0 + ($1.lag ?? 0) } }

    public init() {}
}
