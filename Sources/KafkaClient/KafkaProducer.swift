import CRdKafka
import Dispatch
import Foundation

/// An idempotent producer with a bounded queue: what it accepts arrives once and in order, or is reported as failed.
///
/// A thread of its own serves delivery reports; all methods may be called from any thread.
public final class KafkaProducer: Sendable {
    let handle: ClientHandle
    private let reports: DeliveryReports
    private let hasStopped = DispatchSemaphore(value: 0)
    private let service: ServiceFlag

    /// Starts the client without waiting for a broker.
    ///
    /// - Throws: a configuration error that names the property.
    public init(settings: ProducerSettings) throws(KafkaError) {
        reports = DeliveryReports()
        let callbacks = ClientCallbacks(logHandler: settings.logHandler, delivery: reports)
        let configuration = try Configuration.make(properties: settings.resolvedProperties(), callbacks: callbacks)
        let handle = ClientHandle(
            takingOwnership: try configuration.start(RD_KAFKA_PRODUCER), callbacks: callbacks)
        self.handle = handle
        let service = ServiceFlag()
        self.service = service
        let stopped = hasStopped
        Thread.detachNewThread {
            while !service.isStopping { rd_kafka_poll(handle.client, 50) }
            rd_kafka_poll(handle.client, 0)  // reports of what was given up last
            stopped.signal()
        }
    }

    /// Without ``close(timeoutMilliseconds:)`` what is queued is reported as failed. Does not wait: the last reference
    /// may go in a delivery handler, on the very thread that would be waited for.
    deinit {
        guard handle.isOpen else { return }
        rd_kafka_purge(handle.client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        service.stop()
    }

    /// Messages that arrived.
    public var deliveredCount: Int64 { reports.counts.delivered }
    /// Messages that were accepted and then failed for good.
    public var deliveryFailures: Int64 { reports.counts.failed }
    /// Messages accepted and not reported on yet.
    public var queuedCount: Int {
        guard let client = handle.borrowIfOpen() else { return 0 }
        defer { handle.giveBack() }
        return Int(rd_kafka_outq_len(client))
    }
    /// Errors of the connection since the last call, newest last.
    public func takeErrors() -> [KafkaError] { handle.callbacks.takeErrors() }

    /// Puts a message into the queue and returns at once; the bytes are copied.
    ///
    /// - Parameters:
    ///   - partition: `nil` lets the key decide (Java's murmur2), or chance if there is no key.
    ///   - value: `nil` is a tombstone.
    ///   - timestampMicroseconds: since 1970 UTC, cut to milliseconds; `nil` is now.
    ///   - onDelivery: told what became of the message, exactly once, if this call does not throw.
    /// - Throws: `queueFull`, `messageTooLarge`, `closed`, or the fatal error that ended the producer.
    public func send(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?,
        headers: [(name: String, value: [UInt8])] = [], timestampMicroseconds: Int64? = nil,
        onDelivery: DeliveryHandler? = nil
    ) throws(KafkaError) {
        let result = Self.withBytes(key) { key in
            Self.withBytes(value) { value in
                Result { () throws(KafkaError) in
                    try enqueue(
                        topic: topic, partition: partition, key: key, value: value, headers: headers,
                        timestampMicroseconds: timestampMicroseconds, onDelivery: onDelivery)
                }
            }
        }
        try result.get()
    }

    /// Sends one message and waits until the broker has it. Blocks its thread.
    ///
    /// - Throws: why it was not accepted or not delivered; `timedOut` if that is not known yet: it may still arrive.
    @discardableResult public func sendAndWait(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?,
        headers: [(name: String, value: [UInt8])] = [], timestampMicroseconds: Int64? = nil,
        timeoutMilliseconds: Int = 30_000
    ) throws(KafkaError) -> DeliveredMessage {
        let answer = DeliveryAnswer()
        try send(
            topic: topic, partition: partition, key: key, value: value, headers: headers,
            timestampMicroseconds: timestampMicroseconds, onDelivery: { answer.give($0) })
        guard let result = answer.wait(milliseconds: timeoutMilliseconds) else {
            throw KafkaError(
                .timedOut,
                "no delivery report for a message to '\(topic)' within \(timeoutMilliseconds) ms; it may "
                    + "still arrive")
        }
        return try result.get()
    }

    /// Waits until everything accepted so far has been reported on.
    public func flush(timeoutMilliseconds: Int) throws(KafkaError) {
        let client = try handle.borrow()
        defer { handle.giveBack() }
        let result = rd_kafka_flush(client, Int32(timeoutMilliseconds))
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(result, "\(queuedCount) message(s) are still in the producer's queue")
        }
    }

    /// The partitions of a topic, as the brokers say.
    public func partitions(of topic: String, timeoutMilliseconds: Int = 10_000) throws(KafkaError) -> [TopicPartition] {
        let client = try handle.borrow()
        defer { handle.giveBack() }
        return try KafkaMetadata.partitions(of: topic, client: client, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// Delivers what is queued within the timeout, reports the rest as failed, and ends the client within 10 s.
    ///
    /// - Returns: an error if messages were given up or the client did not end in time.
    @discardableResult public func close(timeoutMilliseconds: Int = 10_000) -> KafkaError? {
        guard let client = handle.borrowToClose() else { return nil }
        var problem: KafkaError?
        if rd_kafka_flush(client, Int32(timeoutMilliseconds)) != RD_KAFKA_RESP_ERR_NO_ERROR {
            problem = KafkaError(
                .timedOut, "\(rd_kafka_outq_len(client)) message(s) were given up when the producer closed",
                isRetryable: false)
            rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
            rd_kafka_flush(client, 1_000)  // serves the reports of what was given up
        }
        service.stop()
        hasStopped.wait()
        handle.giveBack()
        return handle.waitUntilDestroyed(seconds: 10) ?? problem
    }
}
