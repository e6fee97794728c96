import CRdKafka
import Foundation
import KafkaClient

/// librdkafka by itself, without our client: batches from its queue, each message's bytes touched, nothing else. Nobody
/// wakes its fetchers, so its queue is as large as KAFKA.md of the design found that it has to be.
enum LibraryConsumer {
    private static let batch = 2_000

    static func run(brokers: String, events: Int, prefetchKilobytes: Int) throws {
        var properties = ConsumerSettings.defaultProperties.merging(
            BareConsumer.properties(prefetchKilobytes: prefetchKilobytes)
        ) { _, own in own }
        properties["bootstrap.servers"] = brokers
        properties["group.id"] = "library-\(ProcessInfo.processInfo.processIdentifier)"
        // Without an owner of its own that names offsets.
        properties["auto.offset.reset"] = "earliest"
        let client = try start(properties)
        defer { rd_kafka_destroy(client) }
        rd_kafka_poll_set_consumer(client)
        let topics = rd_kafka_topic_partition_list_new(1)
        rd_kafka_topic_partition_list_add(topics, BrokerProcess.topic, -1)
        let subscribed = rd_kafka_subscribe(client, topics)
        rd_kafka_topic_partition_list_destroy(topics)
        guard subscribed == RD_KAFKA_RESP_ERR_NO_ERROR, let queue = rd_kafka_queue_get_consumer(client) else {
            throw BenchmarkError("cannot subscribe to \(BrokerProcess.topic)")
        }
        defer { rd_kafka_queue_destroy(queue) }
        var bytes = 0
        let before = read(queue, atLeast: 1, bytes: &bytes)
        let started = ContinuousClock.now
        let received = read(queue, atLeast: events - before, bytes: &bytes)
        let seconds = started.duration(to: .now) / .seconds(1)
        Measurement(
            name: "librdkafka, \(prefetchKilobytes / 1_024) MiB", events: received, seconds: seconds,
            residentBytes: nil, extra: ["bytes": bytes]
        ).print()
        rd_kafka_consumer_close(client)
    }

    private static func start(_ properties: [String: String]) throws -> OpaquePointer {
        let configuration = rd_kafka_conf_new()
        var reason = [CChar](repeating: 0, count: 512)
        for (name, value) in properties {
            guard rd_kafka_conf_set(configuration, name, value, &reason, reason.count) == RD_KAFKA_CONF_OK else {
                throw BenchmarkError("\(name) cannot be \(value)")
            }
        }
        guard let client = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, &reason, reason.count) else {
            throw BenchmarkError("librdkafka does not start")
        }
        return client
    }

    /// Reads until so many messages have come. Returns how many.
    private static func read(_ queue: OpaquePointer, atLeast wanted: Int, bytes: inout Int) -> Int {
        var received = 0
        withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<rd_kafka_message_t>?.self, capacity: batch) { buffer in
            while received < wanted {
                let count = rd_kafka_consume_batch_queue(queue, 100, buffer.baseAddress, batch)
                for index in 0..<max(0, count) {
                    guard let message = buffer[index] else { continue }
                    if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR, let value = message.pointee.payload {
                        bytes += message.pointee.len + Int(value.load(as: UInt8.self) & 1)
                        received += 1
                    }
                    rd_kafka_message_destroy(message)
                }
            }
        }
        return received
    }
}
