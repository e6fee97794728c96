import Foundation
import KafkaClient
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct GroupTests {
    @Test func aNewMemberResumesAtTheCommittedOffset() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        try fill(broker, (0..<100).map { "\($0)" })
        let first = try Reader(broker.bootstrapServers, owner: RecordingOwner())
        first.owner.commitsOnRevoke = false
        try first.poll { first.count == 100 }
        try first.consumer.commit([place(0): 42])
        #expect(try first.consumer.committedOffsets(of: [place(0)]) == [place(0): 42])
        #expect(first.consumer.close() == nil)
        #expect(first.owner.revoked == [[place(0)]])

        let second = try Reader(broker.bootstrapServers)
        try second.poll { second.ends[place(0)] == 100 }
        #expect(second.messages[place(0)]?.first?.offset == 42)
        #expect(second.count == 58)
        #expect(second.consumer.close() == nil)
    }

    @Test func revocationCommitsBeforeThePartitionMoves() throws {
        let broker = try EmbeddedBroker(topics: [("events", 2)])
        for partition in 0..<2 { try fill(broker, (0..<50).map { "\($0)" }, partition: Int32(partition)) }
        let first = try Reader(broker.bootstrapServers)
        try first.poll { first.ends.count == 2 }
        #expect(try first.consumer.committedOffsets(of: [place(0), place(1)]) == [:])
        #expect(first.consumer.close() == nil)
        #expect(first.owner.revoked == [[place(0), place(1)]])
        #expect(first.owner.lost.isEmpty)

        let second = try Reader(broker.bootstrapServers)
        try second.poll { second.ends.count == 2 }
        #expect(second.messages.isEmpty, "the new owner begins where the old one had committed")
        #expect(try second.consumer.committedOffsets(of: [place(0), place(1)]) == [place(0): 50, place(1): 50])
        #expect(second.consumer.close() == nil)
    }

    /// The embedded broker, unlike a real one, refuses commits while members are joining; the members therefore commit
    /// as they go, what is refused is read again by the next owner, and nothing is ever skipped.
    @Test func nothingIsSkippedWhileMembersComeAndGo() throws {
        let broker = try EmbeddedBroker(topics: [("events", 4)])
        let producer = try producer(broker)
        for number in 0..<8_000 {
            try producer.send(topic: "events", partition: Int32(number % 4), value: Array("\(number)".utf8))
        }
        try producer.flush(timeoutMilliseconds: 20_000)
        #expect(producer.close() == nil)
        let (steady, visitor) = (try Reader(broker.bootstrapServers), try Reader(broker.bootstrapServers))
        func step(_ reader: Reader, maximum: Int) throws {
            try reader.poll(maximum: maximum, timeoutMilliseconds: 5)
            guard reader.owner.assigned.count > reader.owner.revoked.count else { return }
            do {
                try reader.consumer.commit(reader.owner.next.filter { reader.owner.expected[$0.key] != nil })
            } catch {
                #expect(error.code == .staleMember)
            }
        }
        for _ in 0..<4_000 where steady.count < 500 || visitor.count < 500 {
            try step(steady, maximum: 37)
            try step(visitor, maximum: 31)
        }
        #expect(visitor.consumer.close() == nil)
        for _ in 0..<4_000 where steady.ends.count < 4 { try step(steady, maximum: 500) }
        #expect(steady.owner.assigned.last?.count == 4)
        #expect(steady.jumps == 0 && visitor.jumps == 0)
        for partition in 0..<4 {
            let place = place(Int32(partition))
            let seen = [steady, visitor].flatMap { $0.messages[place, default: []].map(\.offset) }
            #expect(Set(seen).count == 2_000, "partition \(partition)")
        }
        #expect(steady.owner.lost.isEmpty && visitor.owner.lost.isEmpty)
        #expect(steady.consumer.close() == nil)
    }

    @Test func aLostAssignmentIsToldAndNotCommitted() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        try fill(broker, ["a", "b", "c"])
        let reader = try Reader(broker.bootstrapServers)
        try reader.poll { reader.count == 3 }
        broker.pushErrors(.heartbeat, [.unknownMember])
        try reader.poll { !reader.owner.lost.isEmpty }
        #expect(reader.owner.lost == [[place(0)]])
        #expect(reader.owner.revoked.isEmpty)
        #expect(try reader.consumer.committedOffsets(of: [place(0)]) == [:])
        // It joins again by itself and, with nothing committed, reads from the start.
        try reader.poll { reader.count == 6 }
        #expect(reader.owner.assigned.count == 2)
        #expect(reader.consumer.close() == nil)
    }

    @Test func aCommitWithoutABrokerEndsInTime() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        try fill(broker, ["a"])
        let reader = try Reader(broker.bootstrapServers)
        try reader.poll { reader.count == 1 }
        try broker.setDown()
        let error = try #require(throws: KafkaError.self) {
            try reader.consumer.commit([place(0): 1], timeoutMilliseconds: 300)
        }
        #expect(error.isRetryable)
        let time = ContinuousClock().measure { _ = reader.consumer.close() }
        #expect(time < .seconds(20), "5 s for the owner's commit, 10 s to leave, and the end itself")
    }
}
