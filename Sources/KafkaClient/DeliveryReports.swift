import CRdKafka
import Synchronization

/// Where a message went.
public struct DeliveredMessage: Sendable, Equatable {
    public let topicPartition: TopicPartition
    /// Its offset; -1 for a message that was retried, whose place the broker did not repeat.
    public let offset: Int64

    public init(topicPartition: TopicPartition, offset: Int64) {
        self.topicPartition = topicPartition
        self.offset = offset
    }
}

/// What became of a message; called once, on the producer's own thread, and must return soon.
public typealias DeliveryHandler = @Sendable (Result<DeliveredMessage, KafkaError>) -> Void

/// Counts delivery reports and passes them on to those who asked.
final class DeliveryReports: Sendable {
    struct Counts: Sendable {
        var delivered: Int64 = 0
        var failed: Int64 = 0
    }

    private final class Ticket {
        let handler: DeliveryHandler
        init(_ handler: @escaping DeliveryHandler) { self.handler = handler }
    }

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    /// The opaque pointer that carries a handler through the library; ``handle(_:)`` or ``discard(_:)`` takes it back.
    static func ticket(_ handler: DeliveryHandler?) -> UnsafeMutableRawPointer? {
        handler.map { Unmanaged.passRetained(Ticket($0)).toOpaque() }
    }

    /// For a message that the library did not take.
    static func discard(_ ticket: UnsafeMutableRawPointer?) {
        if let ticket { Unmanaged<Ticket>.fromOpaque(ticket).release() }
    }

    func handle(_ message: UnsafePointer<rd_kafka_message_t>) {
        let error = message.pointee.err
        let isDelivered = error == RD_KAFKA_RESP_ERR_NO_ERROR
        state.withLock { counts in
            if isDelivered { counts.delivered += 1 } else { counts.failed += 1 }
        }
        guard let ticket = message.pointee._private else { return }
        let handler = Unmanaged<Ticket>.fromOpaque(ticket).takeRetainedValue().handler
        let topic = message.pointee.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? ""
        let place = TopicPartition(topic: topic, partition: message.pointee.partition)
        handler(
            isDelivered
                ? .success(DeliveredMessage(topicPartition: place, offset: max(-1, message.pointee.offset)))
                : .failure(KafkaError(error, "the message was not delivered", topicPartition: place)))
    }
}
