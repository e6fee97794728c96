/// The part of a topic's partition that a version's training rows came from.
public struct LogStretch: Codable, Sendable, Equatable {
    public var topic: String
    public var partition: Int32
    /// The first offset.
    public var from: Int64
    /// Behind the last offset.
    public var to: Int64

    public init(topic: String, partition: Int32, from: Int64, to: Int64) {
        self.topic = topic
        self.partition = partition
        self.from = from
        self.to = to
    }
}
