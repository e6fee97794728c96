import Testing

@testable import KafkaClient

@Suite struct PrefetchGaugeTests {
    private static let properties = ["queued.min.messages": "1000", "queued.max.messages.kbytes": "100"]

    @Test func roomIsSeenOnceForEachQuarterThatGoes() {
        var gauge = PrefetchGauge(properties: Self.properties)
        let waiting = [200, 900, 1_000, 800, 749, 600, 562, 561, 500]
        #expect(waiting.map { gauge.hasRoomAgain(waiting: $0, taken: 0) } == waiting.map { [749, 561].contains($0) })
        // Filled again meanwhile.
        #expect([1_100, 830, 820].map { gauge.hasRoomAgain(waiting: $0, taken: 0) } == [false, false, true])
    }

    @Test func aQueueThatWasNeverHalfFullNeedsNobody() {
        var gauge = PrefetchGauge(properties: Self.properties)
        #expect(!(0..<500).contains { gauge.hasRoomAgain(waiting: $0 % 50 * 10, taken: 0) })
    }

    @Test func aPollMayTakeAllThereIs() {
        var gauge = PrefetchGauge(properties: Self.properties)
        gauge.note(bytes: 10_240, count: 8)
        #expect([8, 4].map { gauge.hasRoomAgain(waiting: 0, taken: $0) } == [true, false])
        // Few small messages among many large ones change little.
        for _ in 0..<5 { gauge.note(bytes: 1, count: 8) }
        #expect([8].map { gauge.hasRoomAgain(waiting: 0, taken: $0) } == [true])
    }

    @Test func bytesFillAQueueBeforeMessagesDo() {
        var gauge = PrefetchGauge(properties: Self.properties)
        for _ in 0..<200 { gauge.note(bytes: 1_024, count: 50) }
        #expect([60, 44].map { gauge.hasRoomAgain(waiting: $0, taken: 0) } == [false, true])
        // Half of what was left is less than half of the queue.
        #expect([30, 10].map { gauge.hasRoomAgain(waiting: $0, taken: 0) } == [false, false])
    }
}

@Suite(.serialized, .timeLimit(.minutes(5))) struct FetchWakerTests {
    /// librdkafka 2.0.2 by itself sleeps for up to a second whenever this queue is full: each such second is twenty polls
    /// of 50 ms that bring nothing.
    /// The same of large messages, of which one poll takes all that the queue holds.
    @Test func largeMessagesKeepComing() throws {
        let broker = try EmbeddedBroker(topics: [("events", 8)])
        let producer = try producer(broker)
        let value = Array(repeating: UInt8(ascii: "x"), count: 16_384)
        for number in 0..<1_600 {
            try producer.send(topic: "events", partition: Int32(number % 8), value: value)
            if number % 200 == 199 { try producer.flush(timeoutMilliseconds: 20_000) }
        }
        #expect(producer.close() == nil)
        let reader = try Reader(broker.bootstrapServers, properties: ["queued.max.messages.kbytes": "1024"])
        try reader.poll { reader.count > 0 }
        try expectNoPauses(reader, through: 1_600, maximum: 2_000)
    }

    @Test func aSmallQueueKeepsTheStreamGoing() throws {
        let broker = try EmbeddedBroker(topics: [("events", 4)])
        let producer = try producer(broker, ["batch.num.messages": "100"])
        for number in 0..<20_000 {
            try producer.send(topic: "events", partition: Int32(number % 4), value: Array("\(number)".utf8))
        }
        try producer.flush(timeoutMilliseconds: 20_000)
        #expect(producer.close() == nil)

        let reader = try Reader(broker.bootstrapServers, properties: ["queued.min.messages": "500"])
        try reader.poll { reader.count > 0 }
        try expectNoPauses(reader, through: 20_000, maximum: 50)
    }

    private func expectNoPauses(_ reader: Reader, through count: Int, maximum: Int) throws {
        var emptyPolls = 0
        while reader.count < count, emptyPolls < 400 {
            let before = reader.count
            try reader.poll(maximum: maximum)
            if reader.count == before { emptyPolls += 1 }
        }
        #expect(reader.count == count)
        #expect(emptyPolls < 40)
        #expect(reader.jumps == 0)
        #expect(reader.consumer.close() == nil)
    }
}
