/// A record on its way out: to a Kafka topic, or to whatever else stands behind a ``RecordSink``.
public struct PublishedRecord: Sendable, Equatable {
    /// The topic it goes to.
    public var topic: String
    /// The record's key; records with one key keep their order.
    public var key: String
    /// The body; `nil` is a tombstone on a compacted topic.
    public var value: [UInt8]?
    /// Header names and values, in order.
    public var headers: [(name: String, value: String)]

    public init(topic: String, key: String, value: [UInt8]?, headers: [(name: String, value: String)] = []) {
        self.topic = topic
        self.key = key
        self.value = value
        self.headers = headers
    }

    public static func == (left: PublishedRecord, right: PublishedRecord) -> Bool {
        left.topic == right.topic && left.key == right.key && left.value == right.value
            && left.headers.elementsEqual(right.headers, by: ==)
    }
}

/// Where published records go. The Kafka adapter lives in Agent; tests collect in memory.
public protocol RecordSink: Sendable {
    /// Returns when the record is durable at its destination; throws when it is not known to be.
    func publish(_ record: PublishedRecord) throws
}
