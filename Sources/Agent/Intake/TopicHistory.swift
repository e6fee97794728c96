public import Events
import Foundation
public import KafkaClient
import Windowing

/// The history of the configured topics: every record from the earliest there is to where the partitions ended when
/// reading began, in the order of the records' timestamps as far as each partition keeps to it.
///
/// Nobody notices the reader: no group is joined and no offset committed. `SourceMessage.source` is the raw value of the
/// `StreamRole`. Owned by one thread.
public final class TopicHistory: EventSource {
    /// What there is to read of one partition of one topic.
    public struct Stream: Sendable, Equatable {
        public var topicPartition: TopicPartition
        /// The first offset that is read.
        public var start: Int64
        /// Behind the last offset that is read.
        public var end: Int64
        /// Offsets before `start` that the interval may have needed, and that the log no longer holds.
        public var removed: Int64
    }

    /// All partitions, as they were when reading began.
    public let streams: [Stream]
    /// Offsets that retention took away before they could be read.
    public private(set) var removedOffsets: Int64
    /// What retention took away while it was being read: sentences for a person.
    public private(set) var notices: [String] = []

    private let consumer: KafkaConsumer
    private let predictionsTopic: String
    private let stallLimit: Duration
    private var lanes: [HistoryLane]
    private var laneOfPartition: [TopicPartition: Int] = [:]
    private var buffered = 0

    /// Messages held so that partitions can be read side by side in time.
    static let maximumBuffered = 300_000

    /// Asks the brokers for the partitions and their ends.
    ///
    /// - Parameters:
    ///   - fromMicroseconds: events before this need not be read; where the broker can look times up they are not.
    ///   - stallLimit: how long to wait for records that must be there.
    /// - Throws: `KafkaError`: an unknown topic, no broker, wrong properties.
    public convenience init(
        configuration: AgentConfiguration, brokers: String, fromMicroseconds: Int64? = nil,
        stallLimit: Duration = .seconds(60)
    ) throws(KafkaError) {
        let sources = configuration.sources
        let consumer = try KafkaConsumer(
            withoutGroup: ConsumerSettings(
                bootstrapServers: brokers, groupID: configuration.kafka.group + "-replay", topics: sources.topics,
                properties: configuration.kafka.consumerProperties))
        var found: [Stream] = []
        for topic in sources.topics {
            let partitions = try consumer.partitions(of: topic)
            // A record may be `max_skew` older than its event.
            var starts: [TopicPartition: Int64] = [:]
            if let fromMicroseconds {
                starts = try consumer.offsets(
                    of: partitions, atMicroseconds: max(0, fromMicroseconds) - sources.maximumSkew)
            }
            for partition in partitions {
                let range = try consumer.offsetRange(of: partition)
                let start = max(range.low, starts[partition] ?? range.low)
                found.append(
                    Stream(
                        topicPartition: partition, start: min(start, range.high), end: range.high,
                        removed: start == range.low ? range.low : 0))
            }
        }
        try self.init(
            consumer, streams: found, predictionsTopic: sources.predictionsTopic, stallLimit: stallLimit)
    }

    /// Parts of partitions, and no others.
    ///
    /// - Parameter stretches: offsets; what the log no longer holds of them is counted in `removedOffsets`.
    convenience init(
        configuration: AgentConfiguration, brokers: String, stretches: [TopicPartition: Range<Int64>],
        stallLimit: Duration = .seconds(60)
    ) throws(KafkaError) {
        let consumer = try KafkaConsumer(
            withoutGroup: ConsumerSettings(
                bootstrapServers: brokers, groupID: configuration.kafka.group + "-training",
                topics: configuration.sources.topics, properties: configuration.kafka.consumerProperties))
        var streams: [Stream] = []
        for (place, stretch) in stretches {
            let range = try consumer.offsetRange(of: place)
            let start = max(range.low, stretch.lowerBound)
            let end = min(range.high, stretch.upperBound)
            streams.append(
                Stream(
                    topicPartition: place, start: min(start, end), end: end,
                    removed: stretch.lowerBound == 0
                        ? 0 : max(0, min(range.low, stretch.upperBound) - stretch.lowerBound)))
        }
        try self.init(
            consumer, streams: streams, predictionsTopic: configuration.sources.predictionsTopic,
            stallLimit: stallLimit)
    }

    private init(
        _ consumer: KafkaConsumer, streams found: [Stream], predictionsTopic: String, stallLimit: Duration
    ) throws(KafkaError) {
        self.consumer = consumer
        self.predictionsTopic = predictionsTopic
        self.stallLimit = stallLimit
        streams = found.sorted { $0.topicPartition < $1.topicPartition }
        removedOffsets = streams.reduce(0) { $0 + $1.removed }
        lanes = streams.map(HistoryLane.init)
        for (index, lane) in lanes.enumerated() { laneOfPartition[lane.stream.topicPartition] = index }
        let open = lanes.filter { !$0.isFinished }.map { ($0.stream.topicPartition, $0.stream.start) }
        try consumer.read(from: Dictionary(open) { first, _ in first })
    }

    deinit {
        consumer.close()
    }

    /// The partition numbers, in order.
    public var partitions: [Int32] { Set(streams.map(\.topicPartition.partition)).sorted() }

    /// Streams that have been handed over to their end.
    public var finished: [TopicPartition] {
        lanes.filter { $0.isFinished && $0.isEmpty }.map(\.stream.topicPartition)
    }

    /// Sentences about what retention had taken away before reading began.
    public var gaps: [String] {
        streams.filter { $0.removed > 0 }.map {
            "\($0.topicPartition) begins at offset \($0.start): retention has removed the \($0.removed) records before it, "
                + "and windows that they belong to miss them."
        }
    }

    /// - Throws: `KafkaError` when the brokers stop answering, or forbid reading.
    public func next(maximum: Int) throws -> [SourceMessage] {
        precondition(maximum > 0)
        var messages: [SourceMessage] = []
        while messages.count < maximum {
            if !canChoose {
                // What there is goes first: the caller need not wait for records that come later.
                guard messages.isEmpty else { break }
                try fill()
            }
            guard let (index, limit) = choose() else { break }
            let taken = lanes[index].take(
                maximum - messages.count, through: limit, role: role(of: lanes[index].stream.topicPartition).rawValue,
                into: &messages)
            buffered -= taken
        }
        return messages
    }

    /// Which of a partition's streams a topic is.
    func role(of partition: TopicPartition) -> StreamRole {
        partition.topic == predictionsTopic ? .predictions : .outcomes
    }

    /// Whether it is known which record comes next: every stream has one, or has ended.
    private var canChoose: Bool {
        buffered >= Self.maximumBuffered || lanes.allSatisfy { !$0.isEmpty || $0.isFinished }
    }

    /// The stream with the oldest next record, and up to which time it stays that.
    private func choose() -> (index: Int, limit: HistoryLane.Head?)? {
        var first: (index: Int, head: HistoryLane.Head)?
        var second: HistoryLane.Head?
        for index in lanes.indices {
            guard let head = lanes[index].head else { continue }
            if let oldest = first, oldest.head < head {
                second = second.map { min($0, head) } ?? head
            } else {
                if let oldest = first { second = second.map { min($0, oldest.head) } ?? oldest.head }
                first = (index, head)
            }
        }
        return first.map { ($0.index, second) }
    }

    private func fill() throws(KafkaError) {
        var begun = ContinuousClock.now
        while !canChoose {
            let events = try consumer.poll(maximum: 10_000, timeoutMilliseconds: 100)
            var failure: KafkaError?
            for event in events {
                switch event {
                case .batch(let batch):
                    begun = .now
                    accept(batch)
                case .endOfPartition(let position, let offset):
                    guard let lane = laneOfPartition[position] else { continue }
                    noteRemoved(lane, before: offset)
                    lanes[lane].end(at: offset)
                case .offsetOutOfRange(let position, let offset):
                    if let lane = laneOfPartition[position] { lanes[lane].lostOffset = offset }
                case .error(let error):
                    failure = error
                }
            }
            if let failure, !failure.isRetryable { throw failure }
            guard ContinuousClock.now - begun < stallLimit else {
                let waiting = lanes.first { $0.isEmpty && !$0.isFinished }?.stream
                throw KafkaError(
                    .timedOut, "no record came for \(stallLimit.components.seconds) s, though there are more to read",
                    topicPartition: waiting?.topicPartition)
            }
        }
    }

    private func accept(_ batch: MessageBatch) {
        guard let lane = laneOfPartition[batch.topicPartition] else { return }
        noteRemoved(lane, before: batch.firstOffset)
        buffered += lanes[lane].append(batch)
    }

    private func noteRemoved(_ lane: Int, before offset: Int64) {
        guard let removed = lanes[lane].removed(before: offset), removed > 0 else { return }
        removedOffsets += removed
        notices.append(
            "\(lanes[lane].stream.topicPartition): retention has removed \(removed) records before they could be read; "
                + "windows that they belong to miss them.")
    }
}
