/// A message that is no event, with the place it came from, on its way to the dead-letter topic.
public struct DeadLetter: Sendable, Equatable {
    public var topic: String
    public var partition: Int32
    public var offset: Int64
    public var reason: RejectionReason
    /// The field behind the reason, where one is known.
    public var field: EventField?
    /// The record's key; empty for none.
    public var key: [UInt8]
    /// The record's value; `nil` for a tombstone.
    public var value: [UInt8]?

    public init(
        topic: String, partition: Int32, offset: Int64, reason: RejectionReason, field: EventField? = nil,
        key: [UInt8], value: [UInt8]?
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.reason = reason
        self.field = field
        self.key = key
        self.value = value
    }

    /// The record: the value as it came, and topic, partition, offset and reason in `tidewatch-` headers.
    ///
    /// A key that is no UTF-8 loses the bytes that are not. A tombstone becomes an empty value, which a compacted
    /// dead-letter topic keeps.
    /// - Parameter maximumValueBytes: a longer value is cut there, and its size noted in a header, because brokers
    ///   refuse messages above a megabyte by default.
    public func record(topic deadLetterTopic: String, maximumValueBytes: Int = 900_000) -> PublishedRecord {
        var headers = [
            (name: "tidewatch-reason", value: reason.rawValue), (name: "tidewatch-advice", value: reason.advice),
            (name: "tidewatch-topic", value: topic), (name: "tidewatch-partition", value: String(partition)),
            (name: "tidewatch-offset", value: String(offset)),
        ]
        if let field { headers.append((name: "tidewatch-field", value: field.rawValue)) }
        var body = value ?? []
        if body.count > maximumValueBytes {
            headers.append((name: "tidewatch-original-bytes", value: String(body.count)))
            body = Array(body.prefix(maximumValueBytes))
        }
        return PublishedRecord(
            topic: deadLetterTopic, key: String(decoding: key, as: UTF8.self), value: body, headers: headers)
    }
}
