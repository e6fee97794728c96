import KafkaClient
import Windowing

/// Says when a status is due and makes it, from what is known on the consumer's thread. Times are of the wall clock,
/// microseconds since 1970 UTC.
struct StatusReporter {
    private let intervalMicroseconds: Int64
    private var lastMicroseconds: Int64
    private var lastRecords: Int64 = 0
    /// The timestamp of the newest record read of each partition.
    private var newest: [TopicPartition: Int64] = [:]

    /// - Parameter intervalMicroseconds: between two statuses; 0 for none at all.
    init(intervalMicroseconds: Int64, nowMicroseconds: Int64) {
        self.intervalMicroseconds = intervalMicroseconds
        lastMicroseconds = nowMicroseconds
    }

    /// A record with this timestamp has been read.
    mutating func read(_ position: TopicPartition, timestampMicroseconds: Int64) {
        newest[position] = max(newest[position] ?? .min, timestampMicroseconds)
    }

    /// Forgets partitions that others read now.
    mutating func keep(_ isOwned: (TopicPartition) -> Bool) {
        newest = newest.filter { isOwned($0.key) }
    }

    /// The status, where one is due.
    mutating func status(
        nowMicroseconds now: Int64, statistics: ConsumerStatistics, progress: () -> AgentProgress
    ) -> StreamStatus? {
        guard intervalMicroseconds > 0, now - lastMicroseconds >= intervalMicroseconds else { return nil }
        let progress = progress()
        let seconds = Double(now - lastMicroseconds) / 1_000_000
        let behind = statistics.partitions.filter { $0.value.lag ?? 0 > 0 }.keys.sorted()
            .compactMap { position in
                newest[position].map { (position: position, seconds: Double(now - $0) / 1_000_000) }
            }
            .max { $0.seconds < $1.seconds }
        let isKnown = statistics.partitions.values.contains { $0.lag != nil }
        let isDone = isKnown && statistics.totalLag == 0
        defer {
            lastMicroseconds = now
            lastRecords = progress.records
        }
        return StreamStatus(
            records: progress.records, recordsPerSecond: Double(progress.records - lastRecords) / seconds,
            lag: isKnown ? statistics.totalLag : nil,
            // A producer's clock may be ahead of ours.
            lagSeconds: isDone ? 0 : behind.map { max(0, $0.seconds) }, slowest: isDone ? nil : behind?.position,
            counters: progress.counters)
    }
}

/// What has gone through the whole path so far.
struct AgentProgress {
    var records: Int64
    var counters: PipelineCounters
}
