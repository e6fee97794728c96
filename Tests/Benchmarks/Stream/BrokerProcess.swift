import Foundation
import KafkaClient

/// Hosts the embedded broker, fills it, prints its address, and stays until its standard input is closed.
enum BrokerProcess {
    static let topic = "predictions"

    static func run(events count: Int, partitions: Int) throws {
        let broker = try EmbeddedBroker(topics: [(topic, partitions), ("outcomes", partitions)])
        let producer = try KafkaProducer(
            settings: ProducerSettings(
                bootstrapServers: broker.bootstrapServers,
                properties: [
                    "compression.type": "zstd", "linger.ms": "50", "sticky.partitioning.linger.ms": "5",
                    "queue.buffering.max.messages": "1000000", "batch.size": "1000000",
                ]))
        var events = BenchmarkEvents(total: count)
        for number in 0..<count {
            let message = events.message(number)
            let partition = Int32(number % partitions)
            while !send(message, to: partition, at: events.time(of: number), through: producer) {
                try producer.flush(timeoutMilliseconds: 10_000)
            }
        }
        try producer.flush(timeoutMilliseconds: 60_000)
        producer.close()
        FileHandle.standardOutput.write(Data((broker.bootstrapServers + "\n").utf8))
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
