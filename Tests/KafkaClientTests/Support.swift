import Foundation
import KafkaClient
import Testing

/// An owner that answers as it is told and writes down what it is asked. Used by the polling thread alone.
final class RecordingOwner: PartitionOwner {
    var starts: [TopicPartition: StartPosition]
    var start: StartPosition
    /// What has been read: the answer to a revocation.
    var next: [TopicPartition: Int64] = [:]
    var commitsOnRevoke = true
    /// What has to come next, as long as the partition stays.
    var expected: [TopicPartition: Int64] = [:]
    private(set) var assigned: [[TopicPartition]] = []
    private(set) var revoked: [[TopicPartition]] = []
    private(set) var lost: [[TopicPartition]] = []

    init(start: StartPosition = .committedOrEarliest, starts: [TopicPartition: StartPosition] = [:]) {
        self.start = start
        self.starts = starts
    }

    func assign(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition] {
        assigned.append(partitions.sorted())
        expected = [:]
        return Dictionary(uniqueKeysWithValues: partitions.map { ($0, starts[$0] ?? start) })
    }

    func revoke(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] {
        revoked.append(partitions.sorted())
        return commitsOnRevoke ? next.filter { partitions.contains($0.key) } : [:]
    }

    func lose(_ partitions: [TopicPartition]) { lost.append(partitions.sorted()) }
}

/// A message copied out of its batch.
struct Received: Equatable {
    let offset: Int64
    let value: String
}

/// A consumer with its owner and everything that it has handed out.
final class Reader {
    let owner: RecordingOwner
    let consumer: KafkaConsumer
    private(set) var messages: [TopicPartition: [Received]] = [:]
    private(set) var ends: [TopicPartition: Int64] = [:]
    private(set) var outOfRange: [TopicPartition: Int64] = [:]
    private(set) var errors: [KafkaError] = []
    /// How often a batch did not begin where the one before had ended.
    private(set) var jumps = 0

    init(
        _ bootstrapServers: String, group: String = "tests", topics: [String] = ["events"],
        owner: RecordingOwner = RecordingOwner(), properties: [String: String] = [:]
    ) throws {
        self.owner = owner
        let quick = ["fetch.wait.max.ms": "10", "session.timeout.ms": "3000", "heartbeat.interval.ms": "200"]
        consumer = try KafkaConsumer(
            settings: ConsumerSettings(
                bootstrapServers: bootstrapServers, groupID: group, topics: topics,
                properties: quick.merging(properties) { _, own in own }),
            owner: owner)
    }

    var count: Int { messages.values.reduce(0) { $0 + $1.count } }

    /// One poll; what it brings is written down.
    func poll(maximum: Int = 2_000, timeoutMilliseconds: Int = 50) throws {
        for event in try consumer.poll(maximum: maximum, timeoutMilliseconds: timeoutMilliseconds) {
            switch event {
            case .batch(let batch):
                batch.visit { message in
                    let value = message.value.map { String(decoding: $0, as: UTF8.self) } ?? "<null>"
                    messages[batch.topicPartition, default: []].append(Received(offset: message.offset, value: value))
                }
                if let expected = owner.expected[batch.topicPartition], expected != batch.firstOffset { jumps += 1 }
                owner.expected[batch.topicPartition] = batch.nextOffset
                owner.next[batch.topicPartition] = batch.nextOffset
            case .endOfPartition(let partition, let offset): ends[partition] = offset
            case .offsetOutOfRange(let partition, let offset): outOfRange[partition] = offset
            case .error(let error): errors.append(error)
            }
        }
    }

    /// Polls until the condition holds; about 40 s of waiting at most.
    func poll(until isDone: () -> Bool) throws {
        for _ in 0..<800 where !isDone() { try poll() }
        try #require(isDone(), "nothing more came; errors: \(errors)")
    }
}

func place(_ partition: Int32, _ topic: String = "events") -> TopicPartition {
    TopicPartition(topic: topic, partition: partition)
}

func producer(_ broker: EmbeddedBroker, _ properties: [String: String] = [:]) throws -> KafkaProducer {
    try KafkaProducer(settings: ProducerSettings(bootstrapServers: broker.bootstrapServers, properties: properties))
}

/// Sends `values` to one partition and waits for their delivery.
func fill(_ broker: EmbeddedBroker, _ values: some Sequence<String>, partition: Int32 = 0) throws {
    let producer = try producer(broker)
    for value in values { try producer.send(topic: "events", partition: partition, value: Array(value.utf8)) }
    try producer.flush(timeoutMilliseconds: 20_000)
    #expect(producer.close() == nil)
}
