import Foundation
import KafkaClient
import Synchronization
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct FailureTests {
    @Test(arguments: [
        ("fetch.wait.max.millis", "10"), ("session.timeout.ms", "soon"), ("auto.offset.reset", "earliest"),
        ("enable.auto.commit", "true"), ("partition.assignment.strategy", "cooperative-sticky"),
    ])
    func aBadPropertyIsNamed(name: String, value: String) throws {
        let error = try #require(throws: KafkaError.self) {
            try Reader("127.0.0.1:1", properties: [name: value])
        }
        #expect(error.code == .configuration)
        #expect(error.description.contains("'\(name)'"))
        #expect(!error.isRetryable)
    }

    @Test func anImpossibleCombinationIsAConfigurationError() throws {
        let error = try #require(throws: KafkaError.self) {
            try KafkaProducer(
                settings: ProducerSettings(bootstrapServers: "127.0.0.1:1", properties: ["acks": "1"]))
        }
        #expect(error.code == .configuration)
        #expect(error.description.contains("acks"))
    }

    @Test func anUnreachableBrokerIsSaidOnceAndCloseDoesNotHang() throws {
        let reader = try Reader(
            "127.0.0.1:1", properties: ["reconnect.backoff.ms": "20", "reconnect.backoff.max.ms": "50"])
        try reader.poll { reader.errors.contains { $0.code == .allBrokersDown } }
        for _ in 0..<40 { try reader.poll(timeoutMilliseconds: 20) }
        #expect(reader.errors.allSatisfy { $0.isRetryable && !$0.isFatal })
        #expect(Set(reader.errors.map(\.code)).count == reader.errors.count, "each is said once: \(reader.errors)")
        let time = ContinuousClock().measure { #expect(reader.consumer.close() == nil) }
        #expect(time < .seconds(9))
    }

    @Test func aMissingTopicIsSaidOnceAndFoundWhenItIsThere() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        try fill(broker, ["late"])
        broker.setTopicError("events", .unknownTopic)
        let reader = try Reader(broker.bootstrapServers, properties: ["topic.metadata.refresh.interval.ms": "200"])
        try reader.poll { !reader.errors.isEmpty }
        for _ in 0..<40 { try reader.poll(timeoutMilliseconds: 20) }
        #expect(reader.errors.map(\.code) == [.unknownTopic])
        #expect(reader.errors.first?.isRetryable == true)
        #expect(reader.errors.first?.description.contains("events") == true)
        broker.setTopicError("events", nil)
        try reader.poll { reader.count == 1 }
        #expect(reader.consumer.close() == nil)
    }

    @Test func missingPermissionIsNotRetryable() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        broker.pushErrors(.findCoordinator, Array(repeating: .groupAuthorizationFailed, count: 20))
        let reader = try Reader(broker.bootstrapServers)
        try reader.poll { !reader.errors.isEmpty }
        let error = try #require(reader.errors.first)
        #expect(error.code == .authorization)
        #expect(!error.isRetryable)
        #expect(reader.consumer.close() == nil)
    }

    @Test func aBrokerThatGoesDownAndComesBackLosesNothing() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        let producer = try producer(broker, ["reconnect.backoff.max.ms": "200", "retry.backoff.ms": "50"])
        let reader = try Reader(broker.bootstrapServers, properties: ["reconnect.backoff.max.ms": "200"])
        for number in 0..<1_000 { try producer.send(topic: "events", partition: 0, value: Array("\(number)".utf8)) }
        try reader.poll { reader.count > 0 }
        try broker.setDown()
        for number in 1_000..<3_000 { try producer.send(topic: "events", partition: 0, value: Array("\(number)".utf8)) }
        try reader.poll { reader.errors.contains { $0.isRetryable } }
        try broker.setUp()
        try producer.flush(timeoutMilliseconds: 60_000)
        try reader.poll { reader.count >= 3_000 }
        #expect(reader.messages[place(0)]?.map(\.value) == (0..<3_000).map { "\($0)" })
        #expect(producer.deliveryFailures == 0)
        #expect(reader.errors.allSatisfy { $0.isRetryable })
        #expect(reader.consumer.close() == nil)
        #expect(producer.close() == nil)
    }

    @Test func aRequestThatFailsIsRepeatedWithoutDuplicates() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        broker.pushErrors(.produce, [.requestTimedOut, .disconnect, .notEnoughReplicas, .notLeader])
        try fill(broker, (0..<500).map { "\($0)" })
        let reader = try Reader(broker.bootstrapServers)
        try reader.poll { reader.ends[place(0)] != nil }
        #expect(reader.messages[place(0)]?.map(\.value) == (0..<500).map { "\($0)" })
        #expect(reader.consumer.close() == nil)
    }

    @Test func aMessageThatIsTooLargeIsAClearError() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        let producer = try producer(broker)
        let error = try #require(throws: KafkaError.self) {
            try producer.send(topic: "events", value: [UInt8](repeating: 7, count: 10_000_000))
        }
        #expect(error.code == .messageTooLarge)
        #expect(!error.isRetryable)
        #expect(error.description.contains("10000000 bytes"))
        #expect(error.description.contains("message.max.bytes"))
        try producer.sendAndWait(topic: "events", value: [1])
        #expect(producer.close() == nil)
    }

    @Test func aFullQueueIsAnErrorAndNothingAcceptedIsForgotten() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        let producer = try producer(broker, ["queue.buffering.max.messages": "10", "linger.ms": "50"])
        try broker.setDown()
        let reports = Mutex<[Result<DeliveredMessage, KafkaError>]>([])
        var refusal: KafkaError?
        var accepted = 0
        for number in 0..<20 {
            do {
                try producer.send(topic: "events", partition: 0, value: [UInt8(number)]) { report in
                    reports.withLock { $0.append(report) }
                }
                accepted += 1
            } catch {
                refusal = error
            }
        }
        #expect(accepted == 10)
        #expect(refusal?.code == .queueFull)
        #expect(refusal?.isRetryable == true)
        let error = try #require(producer.close(timeoutMilliseconds: 100))
        #expect(error.description.contains("10 message(s)"))
        #expect(reports.withLock { $0.count } == 10)
        #expect(producer.deliveryFailures == 10)
        #expect(throws: KafkaError.self) { try producer.send(topic: "events", value: [1]) }
    }

    @Test func aMessageThatCannotBeDeliveredIsReported() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        let producer = try producer(broker, ["delivery.timeout.ms": "300", "linger.ms": "0"])
        try broker.setDown()
        let error = try #require(throws: KafkaError.self) {
            try producer.sendAndWait(topic: "events", partition: 0, value: [1])
        }
        #expect(error.code == .timedOut)
        #expect(error.isRetryable)
        #expect(producer.deliveryFailures == 1)
        #expect(producer.close() == nil)
    }
}
