import CRdKafka
import Foundation
import Testing

@testable import KafkaClient

private let cluster = ProcessInfo.processInfo.environment["TIDEWATCH_KAFKA"]

/// A producer that writes in transactions, on the cluster that TIDEWATCH_KAFKA names: the embedded broker shows what is
/// not committed. Aborted records are not tested: Tansu shows them, where Kafka's brokers say which they are.
@Suite(.enabled(if: cluster != nil, "needs a cluster: TIDEWATCH_KAFKA=host:port"))
struct TransactionTests {
    @Test func recordsAreReadWhenTheirTransactionIsCommitted() throws {
        let brokers = try #require(cluster)
        let topic = "tidewatch-transactions-\(UUID().uuidString)"
        let producer = try KafkaProducer(
            settings: ProducerSettings(
                bootstrapServers: brokers, properties: ["transactional.id": topic, "message.timeout.ms": "30000"]))
        try producer.createTopic(topic, partitions: 1)
        let client = producer.handle.client
        try check(rd_kafka_init_transactions(client, 20_000))
        func write(_ values: [String]) throws {
            try check(rd_kafka_begin_transaction(client))
            for value in values { try producer.send(topic: topic, partition: 0, value: Array(value.utf8)) }
            try producer.flush(timeoutMilliseconds: 20_000)
        }
        try write(["a", "b"])
        try check(rd_kafka_commit_transaction(client, 20_000))
        try write(["c"])

        let reader = try Reader(brokers, group: topic, topics: [topic], properties: ["session.timeout.ms": "6000"])
        try reader.poll { reader.ends[place(0, topic)] != nil }
        #expect(reader.messages[place(0, topic)]?.map(\.value) == ["a", "b"])
        try check(rd_kafka_commit_transaction(client, 20_000))
        try reader.poll { reader.count == 3 }
        // The marker of the first commit has an offset too.
        #expect(reader.messages[place(0, topic)]?.last == Received(offset: 3, value: "c"))
        #expect(reader.outOfRange.isEmpty && reader.errors.isEmpty)
        #expect(reader.consumer.close() == nil)
        #expect(producer.close() == nil)
    }

    private func check(_ error: OpaquePointer?) throws {
        guard let error else { return }
        defer { rd_kafka_error_destroy(error) }
        Issue.record("\(String(cString: rd_kafka_error_string(error)))")
        throw KafkaError(.transport, "the transaction failed")
    }
}
