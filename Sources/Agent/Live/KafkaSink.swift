import Events
import KafkaClient
import Synchronization

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
final class DeadLetterQueue: Sendable {
    private struct Undelivered {
        var letters: [DeadLetter] = []
        /// Those beyond the limit: no checkpoint covers them, so that the next start reads them again.
        var dropped = 0
        var count: Int { letters.count + dropped }
    }

    private static let maximumUndelivered = 10_000
    private let producer: KafkaProducer
    private let topic: String
    private let undelivered = Mutex(Undelivered())

    init(producer: KafkaProducer, topic: String) {
        self.producer = producer
        self.topic = topic
    }

    /// Queues a rejected message. A full queue is waited for: the stream slows down rather than lose one. What the
    /// broker will not take is kept, and sent again by ``flush()``.
    func send(_ letter: DeadLetter) throws {
        do {
            while try !isQueued(letter) {
                try producer.flush(timeoutMilliseconds: 5_000)
            }
        } catch {
            keep(letter)
            throw error
        }
    }

    private func keep(_ letter: DeadLetter) {
        undelivered.withLock { undelivered in
            if undelivered.letters.count < Self.maximumUndelivered {
                undelivered.letters.append(letter)
            } else {
                undelivered.dropped += 1
            }
        }
    }

    /// False while the producer's queue is full.
    private func isQueued(_ letter: DeadLetter) throws -> Bool {
        let record = letter.record(topic: topic)
        do {
            try producer.send(
                topic: topic, key: letter.key, value: record.value,
                headers: record.headers.map { (name: $0.name, value: Array($0.value.utf8)) },
                onDelivery: { [self] result in
                    if case .failure = result { keep(letter) }
                })
            return true
        } catch {
            guard error.code == .queueFull else { throw error }
            return false
        }
    }

    /// Returns when everything sent so far is delivered. Sends again what was not, so that a later call may succeed.
    func flush() throws {
        let again = undelivered.withLock { undelivered in
            defer { undelivered.letters = [] }
            return undelivered.letters
        }
        for (index, letter) in again.enumerated() {
            do {
                try send(letter)
            } catch {
                for rest in again[(index + 1)...] { keep(rest) }
                throw error
            }
        }
        try producer.flush(timeoutMilliseconds: 5_000)
        let missing = undelivered.withLock { $0.count }
        guard missing == 0 else { throw KafkaDeliveryFailure(topic: topic, count: Int64(missing)) }
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
