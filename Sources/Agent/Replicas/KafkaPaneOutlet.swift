import KafkaClient
import Synchronization

/// Sends through a producer of its own that never gives a message up: while no broker answers, the stream waits.
final class KafkaPaneOutlet: PaneOutlet, Sendable {
    private let producer: KafkaProducer
    private let topic: String
    private let failure = Mutex<KafkaError?>(nil)

    init(configuration: AgentConfiguration, brokers: String) throws {
        topic = configuration.replicas.panesTopic
        // No limit in time: a pane that is left out would make windows wrong without anybody noticing.
        let properties = configuration.kafka.producerProperties.merging(["delivery.timeout.ms": "0"]) { $1 }
        producer = try KafkaProducer(settings: ProducerSettings(bootstrapServers: brokers, properties: properties))
    }

    deinit { producer.close(timeoutMilliseconds: 0) }

    func send(key: [UInt8], value: [UInt8], to evaluator: Int32) throws {
        while true {
            if let failure = failure.withLock(\.self) { throw failure }
            do {
                return try producer.send(
                    topic: topic, partition: evaluator, key: key, value: value,
                    onDelivery: { [weak self] result in
                        if case .failure(let error) = result { self?.fail(error) }
                    })
            } catch {
                guard error.code == .queueFull else { throw error }
                try? producer.flush(timeoutMilliseconds: 1_000)
            }
        }
    }

    func flush() throws {
        try producer.flush(timeoutMilliseconds: 5_000)
        if let failure = failure.withLock(\.self) { throw failure }
    }

    private func fail(_ error: KafkaError) {
        failure.withLock { $0 = $0 ?? error }
    }
}
