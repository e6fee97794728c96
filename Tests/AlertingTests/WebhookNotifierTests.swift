import Foundation
import Storage
import Testing

@testable import Alerting

/// Against real HTTP receivers in processes of their own.
@Suite(.timeLimit(.minutes(2)))
struct WebhookNotifierTests {
    private func notifier(_ outbox: Outbox, _ urls: (String, String)..., timeoutSeconds: Int64 = 10) throws
        -> WebhookNotifier
    {
        let secrets = [try WebhookSecret(vectorSecret)]
        return WebhookNotifier(
            endpoints: try urls.map {
                try WebhookEndpoint(
                    name: $0.0, url: $0.1, secrets: secrets, timeoutMicroseconds: timeoutSeconds * second)
            }, outbox: outbox, seed: 7)
    }

    private func nextAttempt(_ report: NotifierReport) throws -> (failure: DeliveryFailure, at: Int64) {
        guard case .retry(let failure, let next) = try #require(report.attempts.last).outcome else {
            throw WebhookReceiver.Failure(description: "no retry in \(report)")
        }
        return (failure, next)
    }

    @Test func eachMessageIsAcknowledgedOnceInOrderWithAValidSignature() async throws {
        let receiver = try await WebhookReceiver("ok", secret: vectorSecret)
        let outbox = try memoryOutbox()
        let notifier = try notifier(outbox, ("ops", receiver.url))
        let transitions = episode(window: 0) + episode(window: 9)
        try outbox.enqueue(transitions, endpoints: ["ops"], nowMicroseconds: newYear)
        let report = await notifier.tick(nowMicroseconds: newYear)
        #expect(report.attempts.map(\.outcome) == Array(repeating: .delivered(status: 204), count: 4))
        // As after a crash between checkpoint and outbox: the same transitions once more.
        #expect(try outbox.enqueue(transitions, endpoints: ["ops"], nowMicroseconds: newYear) == 0)
        #expect(await notifier.tick(nowMicroseconds: newYear + second).attempts.isEmpty)
        let requests = try await receiver.finish()
        #expect(requests.map(\.id) == transitions.map { AlertMessage.id(for: $0.alert) })
        #expect(
            requests.map(\.body)
                == transitions.map { String(decoding: AlertMessage.body(for: $0.alert), as: UTF8.self) })
        for request in requests {
            #expect(request.verified == true && request.method == "POST" && request.contentType == "application/json")
            #expect(request.timestamp == "\(newYear / second)")
        }
    }

    @Test func threeFailuresThenSuccessCarryTheSameIdentity() async throws {
        let receiver = try await WebhookReceiver("fail:3", secret: vectorSecret)
        let outbox = try memoryOutbox()
        let notifier = try notifier(outbox, ("ops", receiver.url))
        let transition = episode()[0]
        try outbox.enqueue([transition], endpoints: ["ops"], nowMicroseconds: newYear)
        var now = newYear
        for attempt in 1...3 {
            let (failure, next) = try nextAttempt(await notifier.tick(nowMicroseconds: now))
            #expect(failure == .status(500))
            #expect(next > now && next - now <= Backoff().ceilingMicroseconds(failures: attempt))
            #expect(await notifier.tick(nowMicroseconds: next - 1).attempts.isEmpty)
            // A second on, so that the timestamps differ.
            now = next + second
        }
        let report = await notifier.tick(nowMicroseconds: now)
        #expect(report.attempts.map(\.outcome) == [.delivered(status: 200)])
        #expect(report.attempts.map(\.attempt) == [4])
        #expect(await notifier.tick(nowMicroseconds: now + 3600 * second).attempts.isEmpty)
        let requests = try await receiver.finish()
        #expect(requests.map(\.status) == [500, 500, 500, 200])
        #expect(Set(requests.map(\.id)) == [AlertMessage.id(for: transition.alert)])
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(Set(requests.map(\.timestamp)).count == 4)
        #expect(requests.allSatisfy { $0.verified == true })
    }

    @Test func aCrashBetweenDeliveryAndItsRecordRepeatsTheSameMessage() async throws {
        let receiver = try await WebhookReceiver("ok", secret: vectorSecret)
        let folder = try TemporaryFolder()
        let database = try StateDatabase(path: folder.file("state.db"), migrations: Outbox.migrations)
        let outbox = Outbox(database: database)
        try outbox.enqueue([episode()[0]], endpoints: ["ops"], nowMicroseconds: newYear)
        // The file as a crash after delivery leaves it: the row is still pending.
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.file("state.db" + suffix), toPath: folder.file("crashed.db" + suffix))
        }
        #expect(try await notifier(outbox, ("ops", receiver.url)).tick(nowMicroseconds: newYear).attempts.count == 1)
        let reopened = Outbox(
            database: try StateDatabase(path: folder.file("crashed.db"), migrations: Outbox.migrations))
        let report = try await notifier(reopened, ("ops", receiver.url)).tick(nowMicroseconds: newYear + second)
        #expect(report.attempts.map(\.outcome) == [.delivered(status: 204)])
        let requests = try await receiver.finish()
        #expect(requests.count == 2 && requests[0].id == requests[1].id && requests[0].body == requests[1].body)
        #expect(requests.allSatisfy { $0.verified == true })
    }

    @Test func aHangingReceiverDoesNotDelayAnother() async throws {
        let hanging = try await WebhookReceiver("hang")
        let healthy = try await WebhookReceiver("ok")
        let outbox = try memoryOutbox()
        let notifier = try notifier(outbox, ("hanging", hanging.url), ("healthy", healthy.url), timeoutSeconds: 12)
        try outbox.enqueue([episode()[0]], endpoints: ["hanging", "healthy"], nowMicroseconds: newYear)
        async let first = notifier.tick(nowMicroseconds: newYear)
        #expect(try await hanging.next().id == AlertMessage.id(for: episode()[0].alert))
        #expect(try await healthy.next().id == AlertMessage.id(for: episode()[0].alert))
        // The first tick still waits for the hanging one; the healthy one gets what comes after all the same.
        try outbox.enqueue([episode()[1]], endpoints: ["hanging", "healthy"], nowMicroseconds: newYear)
        while try !outbox.due(endpoint: "healthy", nowMicroseconds: newYear).isEmpty {
            _ = await notifier.tick(nowMicroseconds: newYear)
            await Task.yield()
        }
        #expect(try await healthy.next().id == AlertMessage.id(for: episode()[1].alert))
        #expect(await notifier.tick(nowMicroseconds: newYear).busyEndpoints == ["hanging"])
        let report = await first
        let failed = try #require(report.attempts.first { $0.endpoint == "hanging" })
        guard case .retry(.timedOut(12_000_000), _) = failed.outcome else {
            throw WebhookReceiver.Failure(description: "not timed out: \(failed)")
        }
        // Its firing message is still to be delivered, so nothing else of that alert was sent to it.
        #expect(try await hanging.finish().isEmpty)
    }

    @Test func anAnswerThatNeverEndsIsCut() async throws {
        let outbox = try memoryOutbox()
        let (headers, body) = (try await WebhookReceiver("drip"), try await WebhookReceiver("drip-body"))
        try outbox.enqueue([episode()[0]], endpoints: ["headers", "body"], nowMicroseconds: newYear)
        let notifier = try notifier(outbox, ("headers", headers.url), ("body", body.url), timeoutSeconds: 1)
        let report = await notifier.tick(nowMicroseconds: newYear)
        let outcomes = Dictionary(uniqueKeysWithValues: report.attempts.map { ($0.endpoint, $0.outcome) })
        guard case .retry(.timedOut(second), _) = try #require(outcomes["headers"]) else {
            throw WebhookReceiver.Failure(description: "not timed out: \(report)")
        }
        // Its status came in time, and says that the message has arrived.
        #expect(outcomes["body"] == .delivered(status: 200))
    }

    @Test func anUnreachableEndpointIsTriedLessAndLessOften() async throws {
        let receiver = try await WebhookReceiver("ok")
        _ = try await receiver.finish()
        let outbox = try memoryOutbox()
        let notifier = try notifier(outbox, ("ops", receiver.url))
        // Several messages, yet one attempt each time: it is the endpoint that is down.
        try outbox.enqueue(
            [episode(window: 0)[0], episode(window: 3)[0], episode(window: 6)[0]], endpoints: ["ops"],
            nowMicroseconds: newYear)
        var now = newYear
        var delays: [Int64] = []
        for failures in 1...12 {
            let report = await notifier.tick(nowMicroseconds: now)
            #expect(report.attempts.count == 1)
            let (failure, next) = try nextAttempt(report)
            guard case .unreachable = failure else { throw WebhookReceiver.Failure(description: "\(failure)") }
            #expect(!failure.description.contains(receiver.url))
            #expect(next > now && next - now <= Backoff().ceilingMicroseconds(failures: failures))
            delays.append(next - now)
            now = next
        }
        #expect(delays[..<4].reduce(0, +) < 15 * second)
        #expect(delays[8...].reduce(0, +) > 60 * second)
        let report = await notifier.tick(nowMicroseconds: newYear + 3 * 86_400 * second)
        #expect(report.givenUp.map(\.messageID) == [AlertMessage.id(for: episode()[0].alert)])
        #expect(try outbox.statistics().givenUp == 1)
    }

    @Test func aThrottlingReceiverSetsThePace() async throws {
        let receiver = try await WebhookReceiver("throttle:120")
        let outbox = try memoryOutbox()
        let notifier = try notifier(outbox, ("ops", receiver.url))
        try outbox.enqueue(
            [episode(window: 0)[0], episode(window: 3)[0]], endpoints: ["ops"], nowMicroseconds: newYear)
        let report = await notifier.tick(nowMicroseconds: newYear)
        #expect(report.attempts.count == 1)
        #expect(try nextAttempt(report).failure == .throttled(429))
        #expect(try nextAttempt(report).at == newYear + 120 * second)
        #expect(await notifier.tick(nowMicroseconds: newYear + 120 * second - 1).attempts.isEmpty)
        let later = await notifier.tick(nowMicroseconds: newYear + 120 * second)
        #expect(later.attempts.map(\.outcome) == [.delivered(status: 200), .delivered(status: 200)])
    }

    @Test func anEndpointThatIsGoneGetsNoMore() async throws {
        let receiver = try await WebhookReceiver("gone")
        let outbox = try memoryOutbox()
        let notifier = try notifier(outbox, ("ops", receiver.url))
        try outbox.enqueue(
            [episode(window: 0)[0], episode(window: 3)[0]], endpoints: ["ops"], nowMicroseconds: newYear)
        let report = await notifier.tick(nowMicroseconds: newYear)
        #expect(report.attempts.map(\.outcome) == [.endpointDisabled] && report.disabledEndpoints == ["ops"])
        let later = await notifier.tick(nowMicroseconds: newYear + 3600 * second)
        #expect(later.attempts.isEmpty && later.disabledEndpoints == ["ops"])
        #expect(try await receiver.finish().count == 1)
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let target = try await WebhookReceiver("ok")
        let receiver = try await WebhookReceiver("redirect:\(target.url)")
        let outbox = try memoryOutbox()
        try outbox.enqueue([episode()[0]], endpoints: ["ops"], nowMicroseconds: newYear)
        let notifier = try notifier(outbox, ("ops", receiver.url))
        #expect(try nextAttempt(await notifier.tick(nowMicroseconds: newYear)).failure == .redirected(307))
        #expect(try await target.finish().isEmpty)
    }
}
