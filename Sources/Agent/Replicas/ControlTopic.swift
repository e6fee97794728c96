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
        guard type == Self.referenceType else { return }
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

/// Puts the references that are announced on the control topic into a catalog.
final class ReferenceFollower: @unchecked Sendable {
    // `@unchecked Sendable`: after `catchUp` only the follower's own thread touches the consumer.
    private let consumer: KafkaConsumer
    private let topic: String
    private let catalog: ReferenceCatalog
    private let observer: AgentObserver
    private let isStopping = Atomic<Bool>(false)
    private var unread: Set<TopicPartition> = []

    /// - Throws: `KafkaError`: no broker answers, or the topic is not there.
    init(
        configuration: AgentConfiguration, brokers: String, catalog: ReferenceCatalog,
        observer: @escaping AgentObserver
    ) throws {
        topic = configuration.replicas.controlTopic
        self.catalog = catalog
        self.observer = observer
        consumer = try KafkaConsumer(
            withoutGroup: ConsumerSettings(
                bootstrapServers: brokers, groupID: configuration.kafka.group + "-control", topics: [topic],
                properties: configuration.kafka.consumerProperties))
    }

    /// Reads what there is: references that states of partitions may speak of.
    func catchUp(timeout: Duration = .seconds(30)) throws {
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
            try poll(milliseconds: 100)
            guard ContinuousClock.now - begun < timeout else {
                throw KafkaError(.timedOut, "topic '\(topic)' could not be read to its end within \(timeout)")
            }
        }
    }

    /// Follows the topic until ``stop()``.
    func run() {
        while !isStopping.load(ordering: .acquiring) {
            do {
                try poll(milliseconds: 250)
            } catch {
                observer(.problem("References of other replicas cannot be read: \(error)"))
                return
            }
        }
        consumer.close()
    }

    func stop() { isStopping.store(true, ordering: .releasing) }

    private func poll(milliseconds: Int) throws {
        for event in try consumer.poll(maximum: 100, timeoutMilliseconds: milliseconds) {
            switch event {
            case .batch(let batch): batch.visitRecords(take)
            case .endOfPartition(let partition, _): unread.remove(partition)
            case .offsetOutOfRange: break
            case .error(let error): observer(.problem(error.description))
            }
        }
    }

    private func take(_ record: BatchRecord) {
        guard let value = record.value else { return }
        do {
            try JSONDecoder().decode(ControlRecord.self, from: Data(value)).apply(to: catalog)
        } catch {
            observer(.problem("Message \(record.offset) of topic \(topic) is no reference and was left out: \(error)"))
        }
    }
}
