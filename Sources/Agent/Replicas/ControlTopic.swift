import Events
import Foundation
import KafkaClient
import Statistics
import Synchronization
import Windowing

/// What all replicas have to know, on the control topic: which reference the events of a version are counted on. Keyed by what it is about, so that the topic can be compacted.
struct ControlRecord: Codable {
    static let referenceType = "tidewatch.reference"

    var type = Self.referenceType
    var model: String
    var version: String
    var reference: ReferenceProfile

    var key: [UInt8] { JSONWriter.list(["reference", model, version]) }

    func apply(to catalog: ReferenceCatalog) {
        catalog.set(ReferenceEncoder(reference), for: ModelVersionKey(model: model, version: version))
    }
}

/// Tells the other replicas of references that have come into force. One evaluator's; only its coordinator's thread settles.
final class ReferenceAnnouncer: Sendable {
    private let send: @Sendable (_ key: [UInt8], _ value: [UInt8]) throws -> Void
    private let undelivered = Mutex<[ControlRecord]>([])

    /// - Parameter send: returns when the record is on the control topic.
    init(send: @escaping @Sendable (_ key: [UInt8], _ value: [UInt8]) throws -> Void) {
        self.send = send
    }

    func announce(_ encoder: ReferenceEncoder, of key: ModelVersionKey) {
        undelivered.withLock {
            $0.append(ControlRecord(model: key.model, version: key.version, reference: encoder.profile))
        }
    }

    /// Returns when all that was announced has arrived.
    func settle() throws {
        while let next = undelivered.withLock(\.first) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            try send(next.key, Array(try encoder.encode(next)))
            undelivered.withLock { _ = $0.removeFirst() }
        }
    }
}

/// What a message on the control topic says.
enum ControlMessage {
    case reference(ControlRecord)
    case command(CommandRecord)
    /// Of a later version.
    case unknown

    private struct Kind: Decodable { var type: String }

    /// - Throws: what is wrong with the message.
    init(_ value: Data) throws {
        switch try JSONDecoder().decode(Kind.self, from: value).type {
        case ControlRecord.referenceType: self = .reference(try JSONDecoder().decode(ControlRecord.self, from: value))
        case CommandRecord.commandType: self = .command(try JSONDecoder().decode(CommandRecord.self, from: value))
        default: self = .unknown
        }
    }
}

/// Reads the control topic, whoever writes to it. Owned by one thread.
final class ControlTopicReader {
    enum Event {
        case record(ControlMessage, offset: Int64)
        case unreadable(offset: Int64, any Error)
        case problem(String)
    }

    private let consumer: KafkaConsumer
    private let topic: String
    private var unread: Set<TopicPartition> = []

    /// - Throws: `KafkaError`: wrong properties.
    init(configuration: AgentConfiguration, brokers: String) throws {
        topic = configuration.replicas.controlTopic
        consumer = try KafkaConsumer(
            withoutGroup: ConsumerSettings(
                bootstrapServers: brokers, groupID: configuration.kafka.group + "-control", topics: [topic],
                properties: configuration.kafka.consumerProperties))
    }

    func close() { consumer.close() }

    /// Reads what there is.
    /// - Throws: `KafkaError`: no broker answers, or the topic is not there.
    func catchUp(timeout: Duration = .seconds(30), _ body: (Event) -> Void) throws {
        let partitions = try consumer.partitions(of: topic)
        var starts: [TopicPartition: Int64] = [:]
        for partition in partitions {
            let range = try consumer.offsetRange(of: partition)
            starts[partition] = range.low
            if range.high > range.low { unread.insert(partition) }
        }
        try consumer.read(from: starts)
        let begun = ContinuousClock.now
        while !unread.isEmpty {
            try poll(milliseconds: 100, body)
            guard ContinuousClock.now - begun < timeout else {
                throw KafkaError(.timedOut, "topic '\(topic)' could not be read to its end within \(timeout)")
            }
        }
    }

    func poll(milliseconds: Int, _ body: (Event) -> Void) throws {
        for event in try consumer.poll(maximum: 100, timeoutMilliseconds: milliseconds) {
            switch event {
            case .batch(let batch):
                batch.visitRecords { record in
                    guard let value = record.value else { return }
                    do {
                        body(.record(try ControlMessage(Data(value)), offset: record.offset))
                    } catch {
                        body(.unreadable(offset: record.offset, error))
                    }
                }
            case .endOfPartition(let partition, _): unread.remove(partition)
            case .offsetOutOfRange: break
            case .error(let error): body(.problem(error.description))
            }
        }
    }
}

/// Puts the references that are announced on the control topic into a catalog.
final class ReferenceFollower: @unchecked Sendable {
    // `@unchecked Sendable`: after `catchUp` only the follower's own thread touches the reader.
    private let reader: ControlTopicReader
    private let topic: String
    private let catalog: ReferenceCatalog
    private let observer: AgentObserver
    private let isStopping = Atomic<Bool>(false)

    /// - Throws: `KafkaError`: wrong properties.
    init(
        configuration: AgentConfiguration, brokers: String, catalog: ReferenceCatalog,
        observer: @escaping AgentObserver
    ) throws {
        topic = configuration.replicas.controlTopic
        self.catalog = catalog
        self.observer = observer
        reader = try ControlTopicReader(configuration: configuration, brokers: brokers)
    }

    /// Reads what there is: references that states of partitions may speak of.
    /// - Throws: `KafkaError`: no broker answers, or the topic is not there.
    func catchUp() throws { try reader.catchUp(take) }

    /// Follows the topic until ``stop()``.
    func run() {
        while !isStopping.load(ordering: .acquiring) {
            do {
                try reader.poll(milliseconds: 250, take)
            } catch {
                observer(.problem("References of other replicas cannot be read: \(error)"))
                return
            }
        }
        reader.close()
    }

    func stop() { isStopping.store(true, ordering: .releasing) }

    private func take(_ event: ControlTopicReader.Event) {
        switch event {
        case .record(.reference(let record), _): record.apply(to: catalog)
        // Where a version comes into force is the evaluator's business.
        case .record: break
        case .unreadable(let offset, let error):
            observer(.problem("Message \(offset) of topic \(topic) is no reference and was left out: \(error)"))
        case .problem(let text): observer(.problem(text))
        }
    }
}
