import CRdKafka
import Synchronization

/// The library parses a message's headers on first sight, inside the message; two threads may hold the same batch.
private let headerParsing = Mutex(())

/// One message of a ``MessageBatch``: a look into the library's memory, valid as long as the batch.
public struct MessageView {
    public let offset: Int64
    /// The key's bytes, or `nil` if the message has none.
    public let key: UnsafeRawBufferPointer?
    /// The body's bytes, or `nil` for a tombstone.
    public let value: UnsafeRawBufferPointer?
    private let message: UnsafeMutablePointer<rd_kafka_message_t>

    init(_ message: UnsafeMutablePointer<rd_kafka_message_t>) {
        self.message = message
        offset = message.pointee.offset
        key = message.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.key_len) }
        value = message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
    }

    /// The record's time in microseconds since 1970 UTC (milliseconds on the wire); -1 if it has none.
    public var timestampMicroseconds: Int64 {
        let milliseconds = rd_kafka_message_timestamp(message, nil)
        return milliseconds < 0 ? -1 : milliseconds &* 1000
    }

    /// Copies of the headers, in order; a null value is empty.
    public func headers() -> [(name: String, value: [UInt8])] {
        headerParsing.withLock { _ in
            var list: OpaquePointer?
            guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
            var result: [(name: String, value: [UInt8])] = []
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var length = 0
            while rd_kafka_header_get_all(list, result.count, &name, &value, &length) == RD_KAFKA_RESP_ERR_NO_ERROR {
                result.append(
                    (
                        name: name.map { String(cString: $0) } ?? "",
                        value: Array(UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : length))
                    ))
            }
            return result
        }
    }
}
