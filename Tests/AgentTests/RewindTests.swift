import Alerting
import Detection
import Foundation
import KafkaClient
import Registry
import Testing
import Windowing

@testable import Agent

/// A partition without a checkpoint is read again as far back as what was open reaches, and nothing is alerted twice.
@Suite(.serialized) struct RewindTests {
    /// Offsets are minutes: the record at offset n has the time n.
    private struct Log: OffsetLookup {
        static let minute: Int64 = 60_000_000
        var ranges: [TopicPartition: ClosedRange<Int64>]
        var read: [TopicPartition: Int64]
        var knowsTimes = true

        func committed(_ places: [TopicPartition]) -> [TopicPartition: Int64] { read }
        func range(of place: TopicPartition) -> OffsetRange {
            OffsetRange(low: ranges[place]?.lowerBound ?? 0, high: ranges[place]?.upperBound ?? 0)
        }
        func time(of place: TopicPartition, offset: Int64) -> Int64? { offset * Self.minute }
        func offsets(of places: [TopicPartition], atMicroseconds: Int64) -> [TopicPartition: Int64] {
            guard knowsTimes else { return [:] }
            var found: [TopicPartition: Int64] = [:]
            for place in places {
                guard let range = ranges[place] else { continue }
                found[place] = min(max(range.lowerBound, atMicroseconds / Self.minute), range.upperBound)
            }
            return found
        }
    }

    private let predictions = TopicPartition(topic: "predictions", partition: 3)
    private let outcomes = TopicPartition(topic: "outcomes", partition: 3)

    private func plan(_ log: Log) throws -> [TopicPartition: Rewind] {
        try RewindPlanner(spanMicroseconds: 60 * Log.minute).plan([predictions, outcomes], log)
    }

    @Test func theSlowerStreamSaysHowFarBackBothAreRead() throws {
        let ranges = [predictions: Int64(0)...1_000, outcomes: Int64(0)...1_000]
        var log = Log(ranges: ranges, read: [predictions: 501, outcomes: 401])
        #expect(try plan(log).mapValues(\.offset) == [predictions: 340, outcomes: 340])
        #expect(try plan(log).values.allSatisfy { !$0.isWhole })
        // A broker that looks no times up.
        log.knowsTimes = false
        #expect(
            try plan(log) == [predictions, outcomes].reduce(into: [:]) { $0[$1] = Rewind(offset: 0, isWhole: true) })
    }

    @Test func whatRetentionTookIsNotThere() throws {
        let ranges = [predictions: Int64(380)...1_000, outcomes: Int64(0)...1_000]
        let rewinds = try plan(Log(ranges: ranges, read: [predictions: 401, outcomes: 401]))
        #expect(
            rewinds == [
                predictions: Rewind(offset: 380, isWhole: false), outcomes: Rewind(offset: 340, isWhole: false),
            ])
        // All of it, and an empty stream beside it.
        let gone = try plan(Log(ranges: [predictions: 900...1_000, outcomes: 0...0], read: [predictions: 401]))
        #expect(gone[predictions] == Rewind(offset: 900, isWhole: false))
        #expect(gone[outcomes] == Rewind(offset: 0, isWhole: true))
    }

    @Test func whatTheGroupHasNeverReadIsReadFromTheConfiguredStart() throws {
        #expect(try plan(Log(ranges: [predictions: 0...1_000, outcomes: 0...1_000], read: [:])).isEmpty)
    }

    @Test func windowsThatCannotBeRebuiltAreNotSaidAgainAndLaterOnesAreTheSame() throws {
        func value(_ number: Int) -> Double { Double(number % 7) + (number >= 140 && number < 180 ? 20 : 0) }
        func kept(_ windows: [JudgedWindow]) -> [JudgedWindow] { windows.filter { $0.kind == .drift } }
        let configuration = try CoordinatorRig.configuration()
        let whole = try CoordinatorRig(configuration)
        whole.feed(hours: 0..<20, value: value)
        let said = whole.handOver()
        whole.feed(hours: 20..<30, value: value)
        let later = whole.handOver()

        let again = try CoordinatorRig(configuration)
        for (key, profile) in whole.coordinator.learned {
            again.coordinator.references[key] = KnownReference(
                profile: profile, throughMicroseconds: CoordinatorRig.start + 10 * CoordinatorRig.hour,
                position: .init(
                    predictionsMicroseconds: CoordinatorRig.start + 10 * CoordinatorRig.hour, pairsMicroseconds: .min))
        }
        again.coordinator.recall(
            said.windows.map {
                SpokenWindow(
                    version: $0.key.version, kind: $0.kind.rawValue, endMicroseconds: $0.endMicroseconds,
                    verdicts: $0.verdicts)
            }, of: "m")
        again.pipelines[0].losePlace(of: .predictions)
        again.feed(hours: 14..<30, value: value)
        let actions = again.handOver()
        #expect(actions.problems.contains { $0.contains("were not read again") })
        let last = said.windows.filter { $0.kind == .drift }.map(\.endMicroseconds).max() ?? 0
        let (repeated, new) = (
            kept(actions.windows).filter { $0.endMicroseconds <= last },
            kept(actions.windows).filter { $0.endMicroseconds > last }
        )
        #expect(repeated.allSatisfy { !$0.isIncomplete } && repeated.count < kept(said.windows).count)
        #expect(new.map(\.count) == kept(later.windows).map(\.count) && !new.isEmpty)
        #expect(new.map { $0.verdicts.map(\.value) } == kept(later.windows).map { $0.verdicts.map(\.value) })
        #expect(new.allSatisfy { !$0.isIncomplete })
    }

    private static func said(_ hour: Int64, _ version: String, _ status: VerdictStatus) -> SpokenWindow {
        let end = CoordinatorRig.start + hour * CoordinatorRig.hour
        return SpokenWindow(
            version: version, kind: "drift", endMicroseconds: end,
            verdicts: [
                Verdict(
                    model: "m", version: version, reference: "r", subject: .drift(column: "a", statistic: "psi"),
                    status: status, reason: status == .drift ? .evidenceAndEffect : .cleared, value: 1,
                    raiseLevel: 0.5, clearLevel: 0.3, windowStart: end - 4 * CoordinatorRig.hour, windowEnd: end,
                    count: 40)
            ])
    }

    /// What a coordinator says of alerts that has lost its state, and reads only version 2 again; every sixth hour is empty.
    private func transitions(after said: [SpokenWindow], champion: String?) throws -> (
        CoordinatorRig, [AlertTransition]
    ) {
        let rig = try CoordinatorRig(CoordinatorRig.configuration())
        rig.coordinator.recall(said, of: "m")
        rig.coordinator.models["m"]?.champion = champion
        var transitions: [AlertTransition] = []
        for hour in 10..<40 where hour % 6 != 0 {
            rig.feed(hours: hour..<hour + 1, version: "2") { Double($0 % 7) }
            transitions += rig.handOver().compactMap { if case .alert(let transition) = $0 { transition } else { nil } }
        }
        return (rig, transitions)
    }

    /// An alert of a version that was replaced before what is read again stayed open for good.
    @Test(arguments: [nil, "2"]) func alertsOfVersionsThatAreNotReadAgainEnd(champion: String?) throws {
        let said = [Self.said(6, "1", .drift), Self.said(9, "1", .drift), Self.said(9, "2", .ok)]
        let (rig, transitions) = try transitions(after: said, champion: champion)
        let alert = try #require(transitions.first?.alert)
        #expect(transitions.count == 1 && alert.version == "1" && alert.resolveReason == .superseded)
        #expect(alert.onsetMicroseconds == CoordinatorRig.start + 2 * CoordinatorRig.hour)
        #expect(rig.coordinator.alertBook.openAlerts.isEmpty)
    }

    /// The alert of a version that had been replaced long before came back, and hid the one of its successor.
    @Test func alertsThatWereSupersededStayOver() throws {
        let said = [Self.said(1, "1", .drift), Self.said(8, "2", .drift), Self.said(9, "2", .drift)]
        let (rig, transitions) = try transitions(after: said, champion: nil)
        #expect(transitions.isEmpty)
        let open = rig.coordinator.alertBook.openAlerts
        #expect(open.map(\.version) == ["2"])
        #expect(open.map(\.onsetMicroseconds) == [CoordinatorRig.start + 4 * CoordinatorRig.hour])
    }

    /// One alert speaks for a detector: of two versions that drift the later one's begins when the first one's is over.
    @Test func anAlertBeginsWhereItBegan() throws {
        let said = [
            Self.said(5, "1", .drift), Self.said(6, "1", .drift), Self.said(6, "2", .drift), Self.said(7, "1", .ok),
            Self.said(7, "2", .drift), Self.said(8, "1", .ok), Self.said(8, "2", .drift), Self.said(9, "2", .drift),
        ]
        let (rig, _) = try transitions(after: said, champion: nil)
        let open = rig.coordinator.alertBook.openAlerts
        #expect(open.map(\.version) == ["2"])
        #expect(open.map(\.onsetMicroseconds) == [CoordinatorRig.start + 3 * CoordinatorRig.hour])
    }

    /// `start: latest` would read nothing of what was open. The embedded broker looks no times up, so all is read again.
    @Test func aLostCheckpointRebuildsWhatWasOpenAndSaysNoAlertAgain() throws {
        let expected = try LiveHarness()
        func story(_ harness: LiveHarness) throws {
            try harness.produce(hours: 0..<6, outcomes: true)
            try harness.produce(hours: 6..<10, shift: 70, outcomes: true)
        }
        try story(expected)
        try expected.produce(hours: 10..<16, shift: 70, outcomes: true)
        let undisturbed = try expected.run(expected.yaml(outcomes: true))
        try undisturbed.handle(expected.produced)
        try undisturbed.stop()

        let harness = try LiveHarness()
        try story(harness)
        let yaml = harness.yaml(outcomes: true).replacingOccurrences(of: "start: earliest", with: "start: latest")
        let first = try harness.run(harness.yaml(outcomes: true))
        try first.handle(harness.produced)
        try first.stop()
        #expect(first.events.fired.count == 1)
        try harness.loseCheckpoint()
        let second = try harness.run(yaml)
        try harness.produce(hours: 10..<16, shift: 70, outcomes: true)
        try second.handle(harness.produced)
        try second.stop()
        #expect(second.events.problems.isEmpty, "\(second.events.problems)")
        // What is judged again is said under the same id, and sent once.
        #expect(second.events.fired.map(\.id) == first.events.fired.map(\.id) && second.events.resolved.isEmpty)
        let configuration = try AgentConfiguration.parse(yaml)
        let outboxes = try [harness, expected].map {
            try StateDirectory(path: $0.statePath).outbox(configuration).statistics()
        }
        #expect(outboxes[0].pending + outboxes[0].finished == outboxes[1].pending + outboxes[1].finished)
        let difference = try harness.windows(endingBy: 15).difference(from: expected.windows(endingBy: 15))
        #expect(difference.isEmpty, "\(difference)")
    }
}
