import Foundation
import KafkaClient
import Testing
import TidewatchTestKit

@Suite(.serialized, .timeLimit(.minutes(5))) struct KafkaConsumerTests {
    @Test func everythingArrivesInOrderOverFourPartitions() throws {
        let broker = try EmbeddedBroker(topics: [("events", 4)])
        var generator = SeededGenerator(seed: 11)
        let producer = try producer(broker)
        var sent: [TopicPartition: [String]] = [:]
        for number in 0..<20_000 {
            let partition = Int32.random(in: 0..<4, using: &generator)
            let value = "\(number)-" + String(repeating: "x", count: Int.random(in: 0..<200, using: &generator))
            sent[place(partition), default: []].append(value)
            try producer.send(topic: "events", partition: partition, value: Array(value.utf8))
        }
        try producer.flush(timeoutMilliseconds: 20_000)
        #expect(producer.deliveredCount == 20_000)
        #expect(producer.close() == nil)

        let reader = try Reader(broker.bootstrapServers)
        try reader.poll { reader.count >= 20_000 }
        try reader.poll { reader.ends.count == 4 }
        for (partition, values) in sent {
            #expect(reader.messages[partition]?.map(\.value) == values)
            #expect(reader.messages[partition]?.map(\.offset) == Array(0..<Int64(values.count)))
            #expect(reader.ends[partition] == Int64(values.count))
        }
        #expect(reader.owner.assigned == [(0..<4).map { place($0) }])
        #expect(reader.consumer.close() == nil)
        #expect(reader.errors.isEmpty)
    }

    @Test func readingStartsWhereTheOwnerSays() throws {
        let broker = try EmbeddedBroker(topics: [("events", 4)])
        for partition in 0..<4 { try fill(broker, (0..<10).map { "\($0)" }, partition: Int32(partition)) }
        let owner = RecordingOwner(
            starts: [place(0): .offset(7), place(1): .earliest, place(2): .latest, place(3): .committedOrEarliest])
        let reader = try Reader(broker.bootstrapServers, owner: owner)
        try reader.poll { reader.ends.count == 4 }
        try fill(broker, ["new"], partition: 2)
        try reader.poll { reader.messages[place(2)] != nil }
        #expect(reader.messages[place(0)]?.map(\.offset) == [7, 8, 9])
        #expect(reader.messages[place(1)]?.count == 10)
        #expect(reader.messages[place(2)] == [Received(offset: 10, value: "new")])
        #expect(reader.messages[place(3)]?.count == 10)
        #expect(reader.consumer.close() == nil)
    }

    @Test func messageFieldsSurvive() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        let producer = try producer(broker)
        let time: Int64 = 1_600_000_000_123_000
        let delivered = try producer.sendAndWait(
            topic: "events", key: [1, 0, 2], value: Array("body".utf8),
            headers: [("first", [7]), ("first", []), ("ce_id", Array("9".utf8))], timestampMicroseconds: time)
        #expect(delivered == DeliveredMessage(topicPartition: place(0), offset: 0))
        try producer.sendAndWait(topic: "events", key: [], value: nil)
        try producer.sendAndWait(topic: "events", value: [])

        let reader = try Reader(broker.bootstrapServers)
        var batches: [MessageBatch] = []
        for _ in 0..<800 where batches.reduce(0, { $0 + $1.count }) < 3 {
            for case .batch(let batch) in try reader.consumer.poll(maximum: 100, timeoutMilliseconds: 50) {
                batches.append(batch)
            }
        }
        var views = 0
        for batch in batches {
            batch.visit { message in
                views += 1
                switch message.offset {
                case 0:
                    #expect(message.key.map(Array.init) == [1, 0, 2])
                    #expect(message.value.map(Array.init) == Array("body".utf8))
                    #expect(message.timestampMicroseconds == time)
                    #expect(message.headers().map(\.name) == ["first", "first", "ce_id"])
                    #expect(message.headers().map(\.value) == [[7], [], Array("9".utf8)])
                case 1:
                    #expect(message.key.map(Array.init) == [])
                    #expect(message.value == nil)
                default:
                    #expect(message.key == nil)
                    #expect(message.value.map(Array.init) == [])
                    #expect(message.headers().isEmpty)
                }
            }
        }
        #expect(views == 3)
        #expect(reader.consumer.close() == nil)
    }

    @Test func missingOffsetIsSaidAndReadingGoesOnAtTheEarliest() throws {
        let broker = try EmbeddedBroker(topics: [("events", 2)])
        try fill(broker, ["a", "b"], partition: 0)
        try fill(broker, ["c", "d"], partition: 1)
        let owner = RecordingOwner(starts: [place(0): .offset(5_000), place(1): .offset(1)])
        let reader = try Reader(broker.bootstrapServers, owner: owner)
        try reader.poll { reader.messages[place(0)]?.count == 2 && reader.messages[place(1)] != nil }
        try reader.poll { reader.ends.count == 2 }
        #expect(reader.outOfRange == [place(0): 5_000])
        #expect(reader.messages[place(0)]?.map(\.offset) == [0, 1])
        #expect(reader.messages[place(1)]?.map(\.offset) == [1])
        #expect(reader.consumer.close() == nil)
    }

    @Test func aCommittedOffsetThatIsGoneIsSaid() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        try fill(broker, (0..<10).map { "\($0)" })
        let first = try Reader(broker.bootstrapServers)
        try first.poll { first.count == 10 }
        try first.consumer.commit([place(0): 900])
        first.owner.commitsOnRevoke = false
        #expect(first.consumer.close() == nil)
        let second = try Reader(broker.bootstrapServers)
        try second.poll { second.count == 10 }
        #expect(second.outOfRange == [place(0): 900])
        #expect(second.consumer.close() == nil)
    }

    @Test func closeDoesNotWaitForBatchesThatAreStillAlive() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        try fill(broker, (0..<500).map { "value \($0)" })
        let reader = try Reader(broker.bootstrapServers)
        var held: MessageBatch?
        for _ in 0..<800 where held == nil {
            for case .batch(let batch) in try reader.consumer.poll(maximum: 10, timeoutMilliseconds: 50) {
                held = batch
            }
        }
        let batch = try #require(held)
        let clock = ContinuousClock()
        let time = clock.measure { #expect(reader.consumer.close() == nil) }
        #expect(time < .seconds(9))
        #expect(batch[0].value.map { String(decoding: $0, as: UTF8.self) } == "value 0")
        #expect(throws: KafkaError.self) { try reader.consumer.poll(maximum: 1, timeoutMilliseconds: 0) }
        #expect(reader.consumer.close() == nil)
    }

    @Test func statisticsGiveTheLag() throws {
        let broker = try EmbeddedBroker(topics: [("events", 2)])
        try fill(broker, (0..<1_000).map { "value \($0)" }, partition: 0)
        try fill(broker, (0..<500).map { "value \($0)" }, partition: 1)
        let owner = RecordingOwner(starts: [place(0): .offset(900), place(1): .latest])
        let reader = try Reader(broker.bootstrapServers, owner: owner, properties: ["statistics.interval.ms": "50"])
        for _ in 0..<800 where reader.messages[place(0)] == nil { try reader.poll(maximum: 1) }
        try broker.setRoundTripTime(milliseconds: 60)
        var known = reader.consumer.statistics()
        for _ in 0..<20 where known.partitions[place(0)]?.lag == nil || known.fetchQueueMessages == 0 {
            // Waits for the slow broker's answer, so for the next statistics; the poll that serves them takes a message.
            #expect(try reader.consumer.offsetRange(of: place(1)) == OffsetRange(low: 0, high: 500))
            try reader.poll(maximum: 1)
            known = reader.consumer.statistics()
        }
        let partition = try #require(known.partitions[place(0)])
        let read = Int64(reader.messages[place(0)]?.count ?? 0)
        #expect(partition.endOffset == 1_000)
        #expect(partition.position == 900 + read)
        #expect(partition.lag == 100 - read)
        #expect(known.fetchQueueMessages > 0 && known.fetchQueueMessages < 110)
        #expect(known.fetchQueueBytes > 0 && known.fetchQueueBytes < 10_000)
        #expect(known.totalReceivedMessages >= 100)
        try reader.poll { [0, 1].allSatisfy { reader.consumer.statistics().partitions[place($0)]?.lag == 0 } }
        #expect(reader.consumer.statistics().totalLag == 0)
        #expect(reader.messages[place(0)]?.count == 100)
        #expect(try reader.consumer.partitions(of: "events") == [place(0), place(1)])
        #expect(reader.consumer.close() == nil)
    }
}
