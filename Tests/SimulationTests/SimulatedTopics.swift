import Foundation
import KafkaClient

@testable import Agent

/// One record of the simulated broker.
struct SimulatedRecord: Sendable {
    var offset: Int64
    var timestampMicroseconds: Int64
    var value: [UInt8]?
}

/// Records of one partition, as a poll would bring them.
struct SimulatedBatch: RecordBatch {
    let topicPartition: TopicPartition
    let records: ArraySlice<SimulatedRecord>

    var count: Int { records.count }
    var lastTimestampMicroseconds: Int64 { records.last?.timestampMicroseconds ?? 0 }

    func visitRecords(_ body: (BatchRecord) -> Void) {
        for record in records {
            guard let value = record.value else {
                body(BatchRecord(offset: record.offset, timestampMicroseconds: record.timestampMicroseconds))
                continue
            }
            value.withUnsafeBytes {
                body(
                    BatchRecord(
                        offset: record.offset, timestampMicroseconds: record.timestampMicroseconds, key: nil, value: $0)
                )
            }
        }
    }
}

/// The simulated broker's topics: two, with as many partitions each. They outlive every process.
final class SimulatedTopics {
    static let predictions = "predictions"
    static let outcomes = "outcomes"

    let partitions: Int32
    private(set) var records: [TopicPartition: [SimulatedRecord]] = [:]

    init(partitions: Int32) {
        self.partitions = partitions
        for topic in [Self.predictions, Self.outcomes] {
            for partition in 0..<partitions { records[TopicPartition(topic: topic, partition: partition)] = [] }
        }
    }

    /// - Parameter gap: offsets that are left out before it, as compaction and transactions do.
    func append(_ value: [UInt8]?, to place: TopicPartition, at timeMicroseconds: Int64, gap: Int64 = 0) {
        let last = records[place]?.last?.offset ?? -1
        records[place]?.append(
            SimulatedRecord(
                // Kafka's timestamps are milliseconds.
                offset: last + 1 + gap, timestampMicroseconds: timeMicroseconds / 1_000 * 1_000, value: value))
    }
}
