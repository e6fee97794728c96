import Foundation
public import KafkaClient
public import Windowing

/// How the stream is going: how fast it is read and how far the agent is behind.
public struct StreamStatus: Sendable, Equatable {
    /// Records that have gone through the whole path since the agent started.
    public var records: Int64
    /// The same per second, since the last status.
    public var recordsPerSecond: Double
    /// Records in the topics that have not been read yet, of all partitions; `nil` until the broker has said.
    public var lag: Int64?
    /// How far behind that is: from the timestamp of the newest record read to now, in seconds, of the partition where it
    /// is longest; 0 where nothing is left to read, `nil` where nothing has been read yet.
    public var lagSeconds: Double?
    /// The partition that `lagSeconds` speaks of.
    public var slowest: TopicPartition?
    /// What all partitions have seen and left out.
    public var counters: PipelineCounters

}

extension PipelineCounters {
    /// The counters of what was left out or changed, those that are not zero, for people to read.
    var leftOut: [(name: String, count: Int64)] {
        named.filter { $0.count > 0 && !["predictions", "outcomes", "joined"].contains($0.name) }
            .map { (name: $0.name.replacingOccurrences(of: "_", with: " "), count: $0.count) }
    }
}
