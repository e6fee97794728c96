import Foundation
import Storage
import Testing

@testable import Alerting

struct OutboxTests {
    private func add(_ id: String, to outbox: Outbox, endpoint: String = "ops", now: Int64 = 0) throws -> Bool {
        try outbox.enqueue(messageID: id, endpoint: endpoint, body: Array(id.utf8), nowMicroseconds: now)
    }

    private func due(_ outbox: Outbox, _ endpoint: String = "ops", now: Int64 = 1000) throws -> [String] {
        try outbox.due(endpoint: endpoint, nowMicroseconds: now).map(\.messageID)
    }

    @Test func aMessageIsKnownByEndpointAndIdAlsoAfterItsDelivery() throws {
        let outbox = try memoryOutbox()
        #expect(try add("a.firing", to: outbox))
        #expect(try !add("a.firing", to: outbox))
        #expect(try add("a.firing", to: outbox, endpoint: "other"))
        let message = try #require(try outbox.due(endpoint: "ops", nowMicroseconds: 0).first)
        #expect(message.body == Array("a.firing".utf8) && message.failures == 0)
        try outbox.markDelivered(message, nowMicroseconds: 5)
        #expect(try !add("a.firing", to: outbox, now: 10))
        #expect(try due(outbox).isEmpty)
        #expect(try due(outbox, "other") == ["a.firing"])
    }

    @Test func aResolvedMessageWaitsForItsFiringOne() throws {
        let outbox = try memoryOutbox()
        for id in ["a.firing", "a.resolved", "b.firing"] { _ = try add(id, to: outbox) }
        #expect(try due(outbox) == ["a.firing", "b.firing"])
        let firing = try #require(try outbox.due(endpoint: "ops", nowMicroseconds: 0).first)
        try outbox.markFailed(firing, nextAttemptMicroseconds: 2000, error: "no")
        #expect(try due(outbox, now: 1999) == ["b.firing"])
        #expect(try due(outbox, now: 2000) == ["a.firing", "b.firing"])
        try outbox.markDelivered(firing, nowMicroseconds: 2000)
        #expect(try due(outbox) == ["a.resolved", "b.firing"])
    }

    @Test func aResolvedMessageGoesOutAfterItsFiringOneWasGivenUp() throws {
        let outbox = try memoryOutbox(limits: OutboxLimits(giveUpAfterMicroseconds: 100))
        for id in ["a.firing", "a.resolved"] { _ = try add(id, to: outbox) }
        let firing = try #require(try outbox.due(endpoint: "ops", nowMicroseconds: 0).first)
        try outbox.markFailed(firing, nextAttemptMicroseconds: 50, error: "no")
        #expect(try outbox.tidy(nowMicroseconds: 99).isEmpty)
        let givenUp = try outbox.tidy(nowMicroseconds: 100)
        #expect(
            givenUp == [GivenUpMessage(messageID: "a.firing", endpoint: "ops", failures: 1, lastError: "no")])
        #expect(try due(outbox) == ["a.resolved"])
        #expect(try outbox.statistics().givenUp == 1)
        #expect(try outbox.tidy(nowMicroseconds: 200).map(\.messageID) == ["a.resolved"])
    }

    @Test func itSurvivesARestart() throws {
        let folder = try TemporaryFolder()
        for isFirst in [true, false] {
            let database = try StateDatabase(path: folder.file("state.db"), migrations: Outbox.migrations)
            let outbox = Outbox(database: database)
            #expect(try outbox.enqueue(episode(), endpoints: ["ops"], nowMicroseconds: 1) == (isFirst ? 2 : 0))
            #expect(try outbox.statistics().pending == 2)
        }
    }

    @Test func tooManyPendingDropResolvedOnesThenTheOldest() throws {
        let outbox = try memoryOutbox(limits: OutboxLimits(maximumPending: 3))
        for id in ["a.firing", "b.firing", "a.resolved", "c.firing"] { _ = try add(id, to: outbox) }
        #expect(try due(outbox) == ["a.firing", "b.firing", "c.firing"])
        _ = try add("d.firing", to: outbox)
        #expect(try due(outbox) == ["b.firing", "c.firing", "d.firing"])
        let statistics = try outbox.statistics()
        #expect(statistics.dropped == 2 && statistics.pending == 3)
    }

    @Test func whatWasFinishedIsForgottenByNumberAndAge() throws {
        let outbox = try memoryOutbox(limits: OutboxLimits(maximumFinished: 2, finishedAgeMicroseconds: 1000))
        for index in 0..<4 {
            _ = try add("\(index).firing", to: outbox)
            let message = try #require(try outbox.due(endpoint: "ops", nowMicroseconds: 0).first)
            try outbox.markDelivered(message, nowMicroseconds: Int64(index))
        }
        _ = try outbox.tidy(nowMicroseconds: 10)
        #expect(try outbox.statistics().finished == 2)
        #expect(try !add("3.firing", to: outbox))
        #expect(try add("0.firing", to: outbox))
        _ = try outbox.tidy(nowMicroseconds: 1003)
        #expect(try outbox.statistics().finished == 0)
    }

    @Test func aFullDiskAddsNothingAndSaysSo() throws {
        let folder = try TemporaryFolder()
        let database = try StateDatabase(
            path: folder.file("state.db"), migrations: Outbox.migrations, maximumBytes: 200_000)
        let outbox = Outbox(database: database)
        let body = [UInt8](repeating: 0x20, count: 15_000)
        var added = 0
        let error = #expect(throws: StorageError.self) {
            for index in 0..<100 {
                try outbox.enqueue(messageID: "\(index).firing", endpoint: "ops", body: body, nowMicroseconds: 0)
                added += 1
            }
        }
        #expect(error?.code == .full && error?.isRetryable == true)
        #expect(try outbox.statistics().pending == added && added > 0)
        // Delivery frees the bodies' pages: the outbox recovers by itself.
        for message in try outbox.due(endpoint: "ops", nowMicroseconds: 0, limit: 2) {
            try outbox.markDelivered(message, nowMicroseconds: 1)
        }
        try outbox.enqueue(messageID: "late.firing", endpoint: "ops", body: body, nowMicroseconds: 1)
    }
}
