import Agent
import Foundation
import KafkaClient
import Testing

/// Predictions and outcomes that never meet, because two clients partition by different hashes.
@Suite(.serialized) struct PlacementTests {
    private func problems(partitioner: String) throws -> [String] {
        let harness = try LiveHarness()
        for (topic, hash) in [("predictions", "murmur2_random"), ("outcomes", partitioner)] {
            let producer = try KafkaProducer(
                settings: ProducerSettings(
                    bootstrapServers: harness.broker.bootstrapServers, properties: ["partitioner": hash]))
            defer { producer.close() }
            for number in 0..<2_000 {
                let time = LiveHarness.start + Int64(number) * 1_000_000
                let rest =
                    topic == "predictions"
                    ? "\"features\":{\"amount\":1},\"score\":0.5,\"time\":\(time)" : "\"label\":\"fine\""
                try producer.send(
                    topic: topic, key: Array("p\(number)".utf8),
                    value: Array(
                        "{\"kind\":\"\(topic.dropLast())\",\"id\":\"p\(number)\",\"model\":\"fraud\",\(rest)}".utf8),
                    timestampMicroseconds: time)
            }
            try producer.flush(timeoutMilliseconds: 30_000)
        }
        let run = try LiveRun(harness.yaml(outcomes: true), path: harness.statePath)
        try run.handle(4_000)
        try run.stop()
        return run.events.problems
    }

    @Test func differentPartitionersAreCaught() throws {
        let found = try problems(partitioner: "consistent_random").filter { $0.contains("are in different partitions") }
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("fraud: ") == true)
    }

    @Test func theSamePartitionerIsNoProblem() throws {
        #expect(try problems(partitioner: "murmur2_random").isEmpty)
    }
}
