import KafkaClient

/// Where a stream that has no checkpoint is read again.
struct Rewind: Sendable, Equatable {
    var offset: Int64
    /// Whether nothing lies before it. Else what it cannot rebuild is a gap.
    var isWhole: Bool
}

/// Says where streams without a checkpoint are read again; a stream that this group has not read before is none of them.
typealias Rewinding = @Sendable (_ places: [TopicPartition]) throws -> [TopicPartition: Rewind]

/// What the brokers know of offsets.
protocol OffsetLookup {
    /// The offsets up to which the group has read; absent where it has not.
    func committed(_ places: [TopicPartition]) throws -> [TopicPartition: Int64]
    func range(of place: TopicPartition) throws -> OffsetRange
    /// The timestamp of the first record from an offset on, microseconds since 1970 UTC; `nil` where there is none.
    func time(of place: TopicPartition, offset: Int64) throws -> Int64?
    /// The first offset whose record is of this time or later; absent where there is none, or where times cannot be looked up.
    func offsets(of places: [TopicPartition], atMicroseconds: Int64) throws -> [TopicPartition: Int64]
}

/// Goes back from where the group had come by what was open there: a window, and the label delay before it, since a pair
/// counts when its outcome comes. Everything that is still to be said is rebuilt then, as far as the log reaches.
struct RewindPlanner {
    /// By how much, in the records' time, microseconds.
    let spanMicroseconds: Int64

    func plan(_ places: [TopicPartition], _ lookup: some OffsetLookup) throws -> [TopicPartition: Rewind] {
        let committed = try lookup.committed(places)
        var plan: [TopicPartition: Rewind] = [:]
        for streams in Dictionary(grouping: places, by: \.partition).values
        where streams.contains(where: { committed[$0] != nil }) {
            let ranges = try streams.map { try lookup.range(of: $0) }
            // The slower of both streams says what was open.
            let times = try zip(streams, ranges).compactMap { place, range -> Int64? in
                guard let next = committed[place], range.high > range.low else { return nil }
                return try lookup.time(of: place, offset: min(max(next - 1, range.low), range.high - 1))
            }
            let found = try times.min().map {
                try lookup.offsets(of: streams, atMicroseconds: max(0, $0 - spanMicroseconds))
            }
            for (place, range) in zip(streams, ranges) {
                let start = min(max(range.low, found?[place] ?? range.low), max(range.low, committed[place] ?? .max))
                plan[place] = Rewind(offset: start, isWhole: start == 0)
            }
        }
        return plan
    }
}

/// Asks with a client that belongs to no group, so that it can do so while the group rebalances.
final class KafkaOffsetLookup: OffsetLookup {
    private let consumer: KafkaConsumer

    /// - Parameter settings: of the group whose offsets are asked for.
    init(_ settings: ConsumerSettings) throws { consumer = try KafkaConsumer(withoutGroup: settings) }

    deinit { consumer.close() }

    func committed(_ places: [TopicPartition]) throws -> [TopicPartition: Int64] {
        try consumer.committedOffsets(of: places)
    }

    func range(of place: TopicPartition) throws -> OffsetRange { try consumer.offsetRange(of: place) }

    func offsets(of places: [TopicPartition], atMicroseconds microseconds: Int64) throws -> [TopicPartition: Int64] {
        try consumer.offsets(of: places, atMicroseconds: microseconds)
    }

    func time(of place: TopicPartition, offset: Int64) throws -> Int64? {
        try consumer.read(from: [place: offset])
        let begun = ContinuousClock.now
        while ContinuousClock.now - begun < .seconds(10) {
            for event in try consumer.poll(maximum: 1, timeoutMilliseconds: 100) {
                switch event {
                case .batch(let batch): return batch[0].timestampMicroseconds
                // Markers of transactions may be all there is.
                case .endOfPartition: return nil
                case .offsetOutOfRange: break
                case .error(let error): if !error.isRetryable { throw error }
                }
            }
        }
        throw KafkaError(.timedOut, "no record came for 10 s", topicPartition: place)
    }
}

extension AgentConfiguration {
    /// How far back what is open reaches, in the records' time: the longest window, a pane that is not over, the label delay,
    /// and how far events may be late or ahead of their records.
    var rewindSpan: Int64 {
        let open = models.map { $0.window.length + 2 * $0.window.slide + $0.maximumLabelDelay }.max() ?? 0
        return open + sources.allowedLateness + sources.maximumSkew
    }

    /// - Parameter brokers: those that the sources are read from.
    func rewinding(brokers: String) -> Rewinding {
        let settings = ConsumerSettings(
            bootstrapServers: brokers, groupID: kafka.group, topics: sources.topics,
            properties: kafka.consumerProperties)
        let planner = RewindPlanner(spanMicroseconds: rewindSpan)
        return { try planner.plan($0, KafkaOffsetLookup(settings)) }
    }
}
