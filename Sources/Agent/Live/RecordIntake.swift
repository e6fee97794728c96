import KafkaClient

/// What a look at the sources brings.
enum IntakeEvent {
    /// Records of one partition, in offset order.
    case batch(any RecordBatch)
    /// A partition has been read to its end, for now.
    case endOfPartition(TopicPartition)
    /// Something that a person should know; reading goes on.
    case problem(String)
    /// The place at which a partition was to be read on is gone: it goes on at the earliest there is.
    case lostPlace(TopicPartition)
    /// A partition has ended for good.
    case ended(TopicPartition)
}

/// Where the consumer's loop gets records from. Owned by that loop's thread.
protocol RecordIntake: AnyObject {
    /// What it reads, as the agent says at its start.
    var name: String { get }

    /// What there is, waiting a moment where there is nothing.
    func poll() throws -> [IntakeEvent]

    /// Tells the source which offsets a checkpoint covers; only a hint for others.
    func commit(_ offsets: [TopicPartition: Int64]) throws

    /// How far reading is behind.
    func statistics() -> ConsumerStatistics

    /// Gives everything back; returns what went wrong with that.
    func close() -> (any Error)?
}

/// Kafka, through a consumer group.
final class KafkaIntake: RecordIntake {
    let name: String
    private let consumer: KafkaConsumer

    init(settings: ConsumerSettings, owner: any PartitionOwner) throws {
        name = settings.bootstrapServers
        consumer = try KafkaConsumer(settings: settings, owner: owner)
    }

    func poll() throws -> [IntakeEvent] {
        try consumer.poll(maximum: 2_000, timeoutMilliseconds: 50).flatMap { event -> [IntakeEvent] in
            switch event {
            case .batch(let batch): return [.batch(batch)]
            case .endOfPartition(let position, _): return [.endOfPartition(position)]
            case .offsetOutOfRange(let position, let offset):
                let text =
                    "\(position.topic)[\(position.partition)] no longer holds offset \(offset): retention has removed "
                    + "events that were not read yet, or the topic was made anew. Reading goes on at the earliest offset "
                    + "there is."
                return [.lostPlace(position), .problem(text)]
            case .error(let error): return [.problem(error.description)]
            }
        }
    }

    func commit(_ offsets: [TopicPartition: Int64]) throws { try consumer.commit(offsets) }

    func statistics() -> ConsumerStatistics { consumer.statistics() }

    func close() -> (any Error)? { consumer.close() }
}
