import Foundation
import KafkaClient

/// The raw limit: our client, polling batches and touching each message's bytes, and nothing else.
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
        var received = try fillQueue(of: consumer)
        let library = try ProcessMemory.resident() - Int(consumer.statistics().fetchQueueBytes)
        var bytes = 0
        let started = ContinuousClock.now
        let before = received
        while received < events {
            for event in try consumer.poll(maximum: 4_000, timeoutMilliseconds: 100) {
                guard case .batch(let batch) = event else { continue }
                for index in 0..<batch.count {
                    if let value = batch[index].value, value.count > 0 { bytes += value.count + Int(value[0] & 1) }
                }
                received += batch.count
            }
        }
        let seconds = started.duration(to: .now) / .seconds(1)
        Measurement(
            name: "bare consumer, \(prefetchKilobytes / 1_024) MiB", events: received - before, seconds: seconds,
            residentBytes: library, extra: ["bytes": bytes]
        ).print()
        consumer.close()
    }

    /// Lets the prefetch queue fill, as it does when a consumer is slower than the broker, so that its memory can be
    /// read: what the library needs for the queue beyond the messages' own bytes.
    private static func fillQueue(of consumer: KafkaConsumer) throws -> Int {
        var received = 0
        var end: Date?
        while end.map({ Date() < $0 }) ?? true {
            for event in try consumer.poll(maximum: 1, timeoutMilliseconds: 10) {
                if case .batch(let batch) = event { received += batch.count }
            }
            guard received > 0 else { continue }
            if end == nil { end = Date(timeIntervalSinceNow: 2.5) }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return received
    }
}
