import Agent
import Alerting
import Foundation
import Registry
import Testing

/// Somebody promotes a registered version, at the command line say, while the agent runs or while it does not.
@Suite(.serialized) struct LivePromotionTests {
    private func register(_ harness: LiveHarness, _ note: String) throws -> String {
        try StateDirectory(path: harness.statePath).registry.register(
            model: "fraud", artifact: nil, reference: nil, lineage: Lineage(trigger: "import", note: note),
            now: LiveHarness.start
        ).version
    }

    private func promote(_ harness: LiveHarness, _ version: String) throws {
        try StateDirectory(path: harness.statePath).registry.promote(
            model: "fraud", version: version, reason: "by hand", now: LiveHarness.start)
    }

    @Test func aPromotionSupersedesAlertsAndStartsNewWindows() throws {
        let harness = try LiveHarness()
        let old = try register(harness, "one")
        let new = try register(harness, "two")
        try promote(harness, old)
        let run = try harness.run(harness.yaml())
        try harness.produce(hours: 0..<5, version: old)
        try harness.produce(hours: 5..<7, shift: 60, version: old)
        try run.handle(harness.produced)
        let alert = try #require(run.events.fired.first)
        #expect(alert.version == old)

        try promote(harness, new)
        let reason = try run.events.first(timeout: 60) {
            if case .alert(.resolve(let resolved, let reason), _) = $0, resolved.id == alert.id { reason } else { nil }
        }
        #expect(reason == .superseded)
        try harness.produce(hours: 7..<13, shift: 60, version: new)
        try run.handle(harness.produced)
        try run.stop()

        let windows = try harness.windows(endingBy: 100)
        let switched = LiveHarness.start + 7 * LiveHarness.hour
        #expect(windows.filter { $0.version == old }.allSatisfy { $0.endMicroseconds <= switched })
        let own = windows.filter { $0.version == new && $0.kind == "drift" }
        #expect(own.count >= 2 && own.allSatisfy { $0.endMicroseconds > switched })
        // Its own reference was learned from its own events: what was drift to the old version is none to it.
        #expect(run.events.fired.count == 1 && run.events.problems.isEmpty, "\(run.events.problems)")
    }

    @Test func aPromotionDuringAStopSupersedesAtATimeThatMakesSense() throws {
        let harness = try LiveHarness()
        let old = try register(harness, "one")
        let new = try register(harness, "two")
        try promote(harness, old)
        let receiver = try HookReceiver("ok")
        try harness.produce(hours: 0..<5, version: old)
        try harness.produce(hours: 5..<7, shift: 60, version: old)
        let first = try harness.run(harness.yaml(webhooks: [receiver.url]))
        try first.handle(harness.produced)
        try first.sent(".firing", to: "webhook-0")
        try first.stop()
        try promote(harness, new)

        let second = try harness.run(harness.yaml(webhooks: [receiver.url]))
        try second.sent(".resolved", to: "webhook-0")
        try second.stop()
        let resolved = try #require(second.events.resolved.first)
        let end = LiveHarness.start + 7 * LiveHarness.hour
        #expect((LiveHarness.start...end).contains(resolved.resolvedMicroseconds ?? .min))
        let requests = try receiver.finish()
        #expect(requests.count == 2)
        #expect(requests.last?.body.contains("\"timestamp\":\"2026-01-01T") == true, "\(requests.last?.body ?? "")")
    }
}
