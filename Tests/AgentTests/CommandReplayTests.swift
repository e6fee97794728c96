import Alerting
import Foundation
import KafkaClient
import Registry
import Testing
import Windowing

@testable import Agent

/// Versions promoted and gone back to by hand in the middle of a stream: whoever goes through the stream again goes over to
/// them at the same place.
@Suite(.serialized) struct CommandReplayTests {
    private static let registered = Lineage(trigger: "import")

    private func registry(_ harness: LiveHarness) throws -> ModelRegistry {
        try StateDirectory(path: harness.statePath).registry
    }

    private func register(_ harness: LiveHarness, _ note: String) throws -> String {
        var lineage = Self.registered
        lineage.note = note
        return try registry(harness).register(
            model: "fraud", artifact: nil, reference: nil, lineage: lineage, now: LiveHarness.start
        ).version
    }

    /// The windows and alerts of the topics' history.
    private func replayed(
        _ yaml: String, _ commands: CommandHistory, in harness: LiveHarness
    ) throws -> (windows: [WindowHistory.Entry], events: EventLog) {
        let configuration = try AgentConfiguration.parse(yaml)
        let history = try TopicHistory(configuration: configuration, brokers: harness.broker.bootstrapServers)
        let replay = try Replay(configuration: configuration, interval: nil, commands: commands)
        let events = EventLog()
        try replay.run(history, observer: events.append)
        replay.finish(observer: events.append)
        let store = try StateDirectory(path: harness.directory + "/replayed-\(UUID().uuidString)").history
        for case .windowJudged(let window) in events.all { try store.append(window) }
        return (try store.windows(of: "fraud"), events)
    }

    private func end(_ hour: Int) -> Int64 { LiveHarness.start + Int64(hour) * LiveHarness.hour }

    private func goesOver(_ run: LiveRun, to version: String) throws {
        _ = try run.events.first(timeout: 60) { if case .promoted(_, version, _, _, _) = $0 { true } else { nil } }
    }

    private func goesBack(_ run: LiveRun, to version: String) throws {
        _ = try run.events.first(timeout: 60) { if case .rolledBack(_, _, version, _) = $0 { true } else { nil } }
    }

    @Test func aReplayGoesOverToVersionsWhereTheAgentDid() throws {
        let harness = try LiveHarness()
        try harness.broker.createTopic("tidewatch.control", partitions: 1)
        let (old, new) = (try register(harness, "one"), try register(harness, "two"))
        let registry = try registry(harness)
        try registry.promote(model: "fraud", version: old, reason: "first", now: 0)
        let yaml = harness.yaml(outcomes: true)
        let run = try harness.run(yaml)
        try harness.produce(hours: 0..<5, version: old, outcomes: true)
        try harness.produce(hours: 5..<7, shift: 60, version: old, outcomes: true)
        try run.handle(harness.produced)
        try registry.promote(model: "fraud", version: new, reason: "by hand", now: 0)
        try goesOver(run, to: new)
        try harness.produce(hours: 7..<12, shift: 60, version: new, outcomes: true)
        try harness.produce(hours: 12..<14, version: new, outcomes: true)
        try run.handle(harness.produced)
        _ = try registry.rollback(model: "fraud", reason: "by hand", now: 0)
        try goesBack(run, to: old)
        try harness.produce(hours: 14..<19, version: old, outcomes: true)
        try run.handle(harness.produced)
        try run.stop()
        #expect(run.events.problems.isEmpty, "\(run.events.problems)")

        let live = try harness.windows(endingBy: 18)
        #expect(Set(live.map(\.version)) == [old, new] && live.count >= 20)
        let ledger = try CommandHistory(of: ["fraud"], in: registry)
        #expect(ledger.champions["fraud"]?.map(\.version) == [old, new, old])
        #expect(ledger.references.count == 2)
        for commands in [
            ledger,
            try CommandHistory(
                controlTopicOf: try AgentConfiguration.parse(yaml), brokers: harness.broker.bootstrapServers,
                observer: { Issue.record("\($0)") }),
        ] {
            #expect(commands == ledger)
            let (windows, events) = try replayed(yaml, commands, in: harness)
            let early = windows.filter { $0.endMicroseconds <= end(18) }
            #expect(early == live, "\(early.difference(from: live))")
            #expect(events.fired.map(\.id) == run.events.fired.map(\.id) && !events.fired.isEmpty)
            let resolved = run.events.resolved.map { [$0.id, "\($0.resolvedMicroseconds ?? 0)"] }
            #expect(events.resolved.map { [$0.id, "\($0.resolvedMicroseconds ?? 0)"] } == resolved)
        }
        // Without them it is another story: both versions are judged all the time.
        let (unaware, _) = try replayed(yaml, CommandHistory(), in: harness)
        #expect(unaware.filter { $0.endMicroseconds <= end(18) } != live)

        let entries = try registry.history(of: "fraud").filter { $0.event == .promoted || $0.event == .rolledBack }
        #expect(entries.map(\.inForceFrom?.moment) == ledger.champions["fraud"]?.map(\.position.moment))
        #expect(entries.first?.inForceFrom == .beginning)
        #expect(entries.last?.inForceFrom?.moment.map { $0 > end(12) && $0 <= end(14) } == true)
    }

    @Test func aCommandGivenWhileTheAgentIsDownTakesEffectBehindWhatWasSaid() throws {
        let harness = try LiveHarness()
        let (old, new) = (try register(harness, "one"), try register(harness, "two"))
        let registry = try registry(harness)
        try registry.promote(model: "fraud", version: old, reason: "first", now: 0)
        let yaml = harness.yaml(outcomes: true)
        try harness.produce(hours: 0..<9, version: old, outcomes: true)
        let first = try harness.run(yaml)
        try first.handle(harness.produced)
        try first.stop()
        let said = try harness.windows(endingBy: 100)
        // The checkpoint is lost: the stream is read again, and what was said is said again.
        try harness.loseCheckpoint()
        try registry.promote(model: "fraud", version: new, reason: "by hand", now: 0)

        let second = try harness.run(yaml)
        let place = try second.events.first(timeout: 60) {
            if case .commandWaits("fraud", new, let from) = $0 { from } else { nil }
        }
        #expect(place == said.map(\.endMicroseconds).max())
        try second.handle(harness.produced)
        try goesOver(second, to: new)
        try harness.produce(hours: 9..<14, version: new, outcomes: true)
        try second.handle(harness.produced)
        try second.stop()
        let all = try harness.windows(endingBy: 13)
        #expect(Array(all.prefix(said.count)) == said)
        #expect(all.dropFirst(said.count).allSatisfy { $0.version == new })

        let (windows, _) = try replayed(yaml, try CommandHistory(of: ["fraud"], in: registry), in: harness)
        #expect(windows.filter { $0.endMicroseconds <= end(13) } == all)
    }

    /// How far one partition was ahead, and what was read first, when a command took effect live is no matter in a replay.
    @Test func howFarPartitionsAreAheadChangesNothing() throws {
        func feed(_ rig: CoordinatorRig, _ hours: Range<Int>, _ partition: Int) -> [JudgedWindow] {
            // Hour by hour: a version that came after the other one would be late.
            for hour in hours {
                for version in ["1", "2"] {
                    rig.feed(hours: hour..<(hour + 1), version: version, partition: partition) {
                        Double($0 % 7) + (version == "2" ? 1 : 0)
                    }
                }
            }
            return rig.handOver(partition).windows
        }
        func sorted(_ windows: [JudgedWindow]) -> [JudgedWindow] {
            windows.sorted {
                ($0.endMicroseconds, $0.kind.rawValue, $0.key.version)
                    < ($1.endMicroseconds, $1.kind.rawValue, $1.key.version)
            }
        }
        func command(_ number: Int64, _ version: String, _ rig: CoordinatorRig) -> ChampionCommand {
            ChampionCommand(
                sequence: number, version: version, previous: nil, isRollback: false, reason: "", predecessor: nil,
                reference: nil, trainedOn: 0...0, importance: nil, position: rig.coordinator.position(of: "m"))
        }
        let live = try CoordinatorRig(CoordinatorRig.configuration(), partitions: 2)
        let first = command(1, "1", live)
        _ = live.coordinator.schedule(first, of: "m")
        var windows = feed(live, 0..<9, 0) + feed(live, 0..<14, 1)
        let second = command(2, "2", live)
        #expect(second.position.moment == CoordinatorRig.start + 8 * CoordinatorRig.hour)
        _ = live.coordinator.schedule(second, of: "m")
        windows += feed(live, 9..<20, 0) + feed(live, 14..<20, 1)

        let again = try CoordinatorRig(CoordinatorRig.configuration(), partitions: 2)
        for command in [first, second] { _ = again.coordinator.schedule(command, of: "m") }
        var replayed: [JudgedWindow] = []
        for hour in 0..<20 { replayed += feed(again, hour..<(hour + 1), 1) + feed(again, hour..<(hour + 1), 0) }
        #expect(sorted(replayed) == sorted(windows))
        #expect(Set(windows.map(\.key.version)) == ["1", "2"] && windows.contains { !$0.verdicts.isEmpty })
    }
}
