import CRdKafka
import Dispatch
import Synchronization

extension KafkaProducer {
    /// The one way into the library's queue.
    func enqueue(
        topic: String, partition: Int32?, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: [(name: String, value: [UInt8])], timestampMicroseconds: Int64?, onDelivery: DeliveryHandler?
    ) throws(KafkaError) {
        let client = try handle.borrow()
        defer { handle.giveBack() }
        let ticket = DeliveryReports.ticket(onDelivery)
        let list = Self.list(headers)
        let result = tidewatch_rdkafka_produce(
            client, topic, partition ?? Int32(RD_KAFKA_PARTITION_UA), Self.address(key), key?.count ?? 0,
            Self.address(value), value?.count ?? 0, (timestampMicroseconds ?? 0) / 1000, list, ticket)
        guard result != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        if let list { rd_kafka_headers_destroy(list) }
        DeliveryReports.discard(ticket)
        if let fatal = handle.callbacks.fatalError { throw fatal }
        let size = (key?.count ?? 0) + (value?.count ?? 0)
        throw KafkaError(result, "a message of \(size) bytes to '\(topic)' was not accepted")
    }

    static func withBytes<R>(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> R) -> R {
        guard let bytes else { return body(nil) }
        return bytes.withUnsafeBytes { body($0) }
    }

    /// The library takes a null address for an absent key or value, so empty ones need an address all the same.
    private static func address(_ bytes: UnsafeRawBufferPointer?) -> UnsafeRawPointer? {
        guard let bytes else { return nil }
        return bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
    }

    private static func list(_ headers: [(name: String, value: [UInt8])]) -> OpaquePointer? {
        guard !headers.isEmpty, let list = rd_kafka_headers_new(headers.count) else { return nil }
        for header in headers {
            header.value.withUnsafeBytes { value in
                _ = rd_kafka_header_add(list, header.name, -1, address(value), value.count)
            }
        }
        return list
    }
}

/// Tells the producer's thread to stop.
final class ServiceFlag: Sendable {
    private let flag = Atomic(false)
    var isStopping: Bool { flag.load(ordering: .acquiring) }
    func stop() { flag.store(true, ordering: .releasing) }
}

/// One delivery report, waited for by one thread.
final class DeliveryAnswer: Sendable {
    private let result = Mutex<Result<DeliveredMessage, KafkaError>?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func give(_ answer: Result<DeliveredMessage, KafkaError>) {
        result.withLock { $0 = answer }
        isThere.signal()
    }

    func wait(milliseconds: Int) -> Result<DeliveredMessage, KafkaError>? {
        guard isThere.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
        return result.withLock { $0 }
    }
}
