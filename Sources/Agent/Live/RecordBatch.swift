import Events
import KafkaClient

/// One record of a batch; its pointers are valid as long as the visit.
struct BatchRecord {
    var offset: Int64
    /// The record's own time, microseconds since 1970 UTC.
    var timestampMicroseconds: Int64
    var key: UnsafeRawBufferPointer?
    /// `nil` for a tombstone.
    var value: UnsafeRawBufferPointer?
    /// The same record, where it was decoded already.
    var decoded: UnsafePointer<DecodedRecord>?
}

/// Records of one partition in offset order, as a worker takes them.
protocol RecordBatch: Sendable {
    var topicPartition: TopicPartition { get }
    /// At least one.
    var count: Int { get }
    var lastTimestampMicroseconds: Int64 { get }
    /// Keys that the native schema does not know, of records that were decoded already.
    var unknownKeys: [UnknownKey] { get }
    /// Calls `body` with every record in order.
    func visitRecords(_ body: (BatchRecord) -> Void)
}

extension RecordBatch {
    var unknownKeys: [UnknownKey] { [] }
}

extension MessageBatch: RecordBatch {
    var lastTimestampMicroseconds: Int64 { self[count - 1].timestampMicroseconds }

    func visitRecords(_ body: (BatchRecord) -> Void) {
        visit { message in
            body(
                BatchRecord(
                    offset: message.offset, timestampMicroseconds: message.timestampMicroseconds, key: message.key,
                    value: message.value))
        }
    }
}
