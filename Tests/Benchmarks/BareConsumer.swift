import Foundation
import KafkaClient

/// The raw limit: the same client, polling batches and touching each message's bytes, and nothing else.
enum BareConsumer {
    /// Reads every partition from its start.
    final class FromTheStart: PartitionOwner {
        func assign(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition] {
            Dictionary(uniqueKeysWithValues: partitions.map { ($0, .earliest) })
        }
        func revoke(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] { [:] }
        func lose(_ partitions: [TopicPartition]) {}
    }

    static func properties(prefetchKilobytes: Int) -> [String: String] {
        [
            "queued.max.messages.kbytes": "\(prefetchKilobytes)", "fetch.wait.max.ms": "10",
            "session.timeout.ms": "6000", "statistics.interval.ms": "100",
        ]
    }

    static func run(brokers: String, events: Int, prefetchKilobytes: Int) throws {
        let owner = FromTheStart()
        let consumer = try KafkaConsumer(
            settings: ConsumerSettings(
                bootstrapServers: brokers, groupID: "bare-\(ProcessInfo.processInfo.processIdentifier)",
                topics: [BrokerProcess.topic], properties: properties(prefetchKilobytes: prefetchKilobytes)),
            owner: owner)
        var received = 0
        var bytes = 0
        var started: ContinuousClock.Instant?
        while received < events {
            for event in try consumer.poll(maximum: 4_000, timeoutMilliseconds: 100) {
                guard case .batch(let batch) = event else { continue }
                if started == nil { started = .now }
                for index in 0..<batch.count {
                    if let value = batch[index].value, value.count > 0 { bytes += value.count + Int(value[0] & 1) }
                }
                received += batch.count
            }
        }
        let seconds = (started ?? .now).duration(to: .now) / .seconds(1)
        Measurement(
            name: "bare consumer", events: received, seconds: seconds, residentBytes: nil, extra: ["bytes": bytes]
        )
        .print()
        consumer.close()
    }
}
