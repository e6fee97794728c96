import Events
import KafkaClient

/// Publishes records through a Kafka producer and waits for each delivery report.
struct KafkaSink: RecordSink {
    let producer: KafkaProducer
    var timeoutMilliseconds = 30_000

    func publish(_ record: PublishedRecord) throws {
        try producer.sendAndWait(
            topic: record.topic, key: Array(record.key.utf8), value: record.value,
            headers: record.headers.map { (name: $0.name, value: Array($0.value.utf8)) },
            timeoutMilliseconds: timeoutMilliseconds)
    }
}

/// Sends rejected messages on without waiting; a checkpoint waits for their delivery reports before it commits offsets.
struct DeadLetterQueue: Sendable {
    let producer: KafkaProducer
    let topic: String

    /// Queues a rejected message. A full queue is waited for: the stream slows down rather than lose one.
    func send(_ letter: DeadLetter) throws {
        while try !isQueued(letter) {
            try producer.flush(timeoutMilliseconds: 30_000)
        }
    }

    /// False while the producer's queue is full.
    private func isQueued(_ letter: DeadLetter) throws -> Bool {
        let record = letter.record(topic: topic)
        do {
            try producer.send(
                topic: topic, key: letter.key, value: record.value,
                headers: record.headers.map { (name: $0.name, value: Array($0.value.utf8)) })
            return true
        } catch {
            guard error.code == .queueFull else { throw error }
            return false
        }
    }

    /// Returns when everything sent so far is delivered.
    func flush() throws {
        try producer.flush(timeoutMilliseconds: 30_000)
        guard producer.deliveryFailures == 0 else {
            throw KafkaDeliveryFailure(topic: topic, count: producer.deliveryFailures)
        }
    }
}

/// Rejected messages that the broker would not take.
struct KafkaDeliveryFailure: Error, CustomStringConvertible {
    let topic: String
    let count: Int64

    var description: String {
        "\(count) rejected messages could not be delivered to the dead-letter topic \(topic); check that it exists and "
            + "that the agent may write to it"
    }
}
