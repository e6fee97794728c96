import Foundation
import KafkaClient

/// Hosts the embedded broker, fills it, prints its address, and stays until its standard input is closed. Where
/// TIDEWATCH_KAFKA names a cluster, its topics are filled instead; it must have none of these names yet.
enum BrokerProcess {
    static let topic = "predictions"
    /// The cluster to measure with in place of the embedded broker.
    static let cluster = ProcessInfo.processInfo.environment["TIDEWATCH_KAFKA"]

    static func run(events count: Int, partitions: Int) throws {
        let topics = [(topic, partitions), ("outcomes", partitions), ("tidewatch.events", 1), ("tidewatch.models", 1)]
        let broker = try cluster == nil ? EmbeddedBroker(topics: topics) : nil
        let address = broker?.bootstrapServers ?? cluster ?? ""
        let producer = try KafkaProducer(
            settings: ProducerSettings(
                bootstrapServers: address,
                properties: [
                    "compression.type": cluster == nil ? "zstd" : "lz4", "linger.ms": "50",
                    "sticky.partitioning.linger.ms": "5", "queue.buffering.max.messages": "1000000",
                    "batch.size": "1000000",
                ]))
        if broker == nil {
            for (name, count) in topics { try producer.createTopic(name, partitions: count) }
        }
        var events = BenchmarkEvents(total: count, models: BenchmarkEvents.models)
        for number in 0..<count {
            let message = events.message(number)
            let partition = Int32(number % partitions)
            while !send(message, to: partition, at: events.time(of: number), through: producer) {
                try producer.flush(timeoutMilliseconds: 10_000)
            }
        }
        try producer.flush(timeoutMilliseconds: 60_000)
        producer.close()
        FileHandle.standardOutput.write(Data((address + "\n").utf8))
        while let data = try FileHandle.standardInput.read(upToCount: 1), !data.isEmpty {}
        withExtendedLifetime(broker) {}
    }

    private static func send(_ message: [UInt8], to partition: Int32, at time: Int64, through producer: KafkaProducer)
        -> Bool
    {
        do {
            try producer.send(topic: topic, partition: partition, value: message, timestampMicroseconds: time)
            return true
        } catch {
            return false
        }
    }
}
