import Agent
import Alerting
import Foundation
import Testing

/// Alerts of a running agent at real HTTP receivers.
@Suite(.serialized) struct LiveWebhookTests {
    /// Three hours to learn from, two to compare, two of drift, three after it.
    private func produceStory(_ harness: LiveHarness) throws {
        try harness.produce(hours: 0..<5)
        try harness.produce(hours: 5..<7, shift: 60)
        try harness.produce(hours: 7..<10)
    }

    @Test func anAlertAndItsResolutionAreTakenOnceAlsoAfterARestart() throws {
        let harness = try LiveHarness()
        let receiver = try HookReceiver("ok")
        try produceStory(harness)
        let first = try harness.run(harness.yaml(webhooks: [receiver.url]))
        try first.handle(harness.produced)
        try first.sent(".resolved", to: "webhook-0")
        try first.stop()

        try harness.produce(hours: 10..<12)
        let second = try harness.run(harness.yaml(webhooks: [receiver.url]))
        try second.handle(400)
        try second.stop()
        let requests = try receiver.finish()
        let alert = try #require(first.events.fired.first)
        #expect(requests.map(\.id) == ["\(alert.id).firing", "\(alert.id).resolved"])
        #expect(requests.allSatisfy { $0.verified == true && $0.status == 204 })
        #expect(first.events.problems + second.events.problems == [])
    }

    /// The receiver fails three times; the agent is killed after the first of them.
    @Test func repeatsAfterFailuresAndAfterKillNineCarryTheSameIdentity() throws {
        let harness = try LiveHarness()
        let receiver = try HookReceiver("fail:3")
        try harness.produce(hours: 0..<5)
        try harness.produce(hours: 5..<7, shift: 60)
        let yaml = harness.yaml(webhooks: [receiver.url])
        let first = try harness.spawn(yaml)
        try receiver.requests(1)
        first.kill()
        let second = try harness.spawn(yaml)
        try receiver.requests(4)
        // Reads what it did not know it had read, and alerts again: nothing more may come of that.
        try second.waitForLines(1, containing: "\"destination\":\"webhook-0\"")
        second.kill()
        let third = try harness.spawn(yaml)
        try harness.produce(hours: 7..<8, shift: 60)
        try third.waitForWindow(endingAt: 7)
        third.kill()
        let requests = try receiver.finish()
        #expect(requests.map(\.status) == [500, 500, 500, 200])
        #expect(Set(requests.map(\.id)).count == 1 && requests[0].id.hasSuffix(".firing"))
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(requests.allSatisfy { $0.verified == true })
    }

    @Test func aReceiverThatHangsHoldsUpNobodyElse() throws {
        let harness = try LiveHarness()
        let hanging = try HookReceiver("hang")
        let other = try HookReceiver("ok")
        try produceStory(harness)
        let run = try harness.run(harness.yaml(webhooks: [hanging.url, other.url]))
        try hanging.requests(1)
        try run.handle(harness.produced)
        try run.sent(".resolved", to: "webhook-1")
        #expect(try run.stop() < 8, "stopping does not wait for the receiver that hangs")
        let taken = try other.finish().map(\.id)
        #expect(taken.count == 2)
        let begun = try hanging.finish().map(\.id)
        #expect(!begun.isEmpty && Set(begun).isSubset(of: taken), "\(begun)")
    }
}
