import Events
import Foundation
import KafkaClient
import Registry
import Retraining
import Testing
import Windowing

@testable import Agent

/// Where training rows come from is known, and they can be read again from there: the same rows, the same version.
@Suite(.serialized) struct LogTrainingTests {
    private static func retraining(_ source: String) -> String {
        """

            retraining:
              source: \(source)
              schedule: 4h
              cooldown: 1h
              minimum_rows: 300
              maximum_rows: 700
              rows_per_pane: 150
              promote: manual
              parameters: {rounds: 3, maximum_depth: 2}
        """
    }

    private func yaml(_ harness: LiveHarness, _ source: String) -> String {
        harness.yaml(outcomes: true)
            + Self.retraining(source).split(separator: "\n").map { "\n    " + $0.dropFirst(4) }.joined()
    }

    /// The first version that a run makes of the topics as they are.
    private func firstVersion(_ source: String) throws -> (record: VersionRecord, harness: LiveHarness) {
        let harness = try LiveHarness()
        let run = try harness.run(yaml(harness, source))
        for hour in 0..<9 {
            try harness.produce(hours: hour..<(hour + 1), outcomes: true)
            try run.handle(harness.produced)
        }
        _ = try run.events.first(timeout: 60) {
            switch $0 {
            case .versionPublished, .versionRejected, .retrainingFailed: true
            default: nil
            }
        }
        try run.stop()
        #expect(run.events.problems.isEmpty, "\(run.events.problems)")
        return (try #require(try run.state.registry.versions(of: "fraud").first), harness)
    }

    @Test func theSameRowsMakeTheSameVersionFromTheLog() throws {
        let (buffered, _) = try firstVersion("buffer")
        let (read, _) = try firstVersion("log")
        #expect(read.artifactDigest == buffered.artifactDigest && read.referenceDigest == buffered.referenceDigest)
        #expect(read.lineage == buffered.lineage)
        for stretches in [buffered.stretches, read.stretches] {
            let known = try #require(stretches)
            #expect(Set(known.map(\.topic)) == ["predictions", "outcomes"])
            #expect(Set(known.map(\.partition)) == [0, 1, 2, 3] && known.allSatisfy { $0.from < $0.to })
            // The buffer holds fewer rows than there are: the oldest records are in no stretch.
            #expect(known.contains { $0.from > 0 })
        }
    }

    @Test func rowsThatTheLogNoLongerHoldsAreMissed() throws {
        let (_, harness) = try firstVersion("buffer")
        let configuration = try AgentConfiguration.parse(yaml(harness, "log"))
        var request = TrainingRequest(
            model: "fraud", trigger: .schedule, rows: [], champion: nil,
            atMicroseconds: LiveHarness.start + 6 * LiveHarness.hour,
            stretches: [LogStretch(topic: "predictions", partition: 0, from: 0, to: 10)])
        request.rows = (0..<50).map {
            LabelledRow(
                identifier: EventIdentifier(hashing: "\($0)"), predictionMicroseconds: LiveHarness.start,
                joinedMicroseconds: LiveHarness.start, recordMicroseconds: LiveHarness.start, version: "", message: [],
                label: "fraud", value: nil)
        }
        let error = #expect(throws: RegistryError.self) {
            try LogRows(configuration: configuration, brokers: harness.broker.bootstrapServers).rows(of: request)
        }
        #expect(error?.code == .noRows && error?.message.contains("0 of 50 rows") == true)
    }

    @Test func offsetsAreMarkedAPaneApart() {
        var marks = OffsetMarks()
        for step in 0..<100 {
            let time = Int64(step)
            marks.add(
                OffsetMark(newestPrediction: time, newestOutcome: time - 5, nextOffsets: [2 * time, time]), slide: 10)
        }
        // Nothing of time 35 or later came before the mark of time 30.
        #expect(marks.stretch(of: .predictions, offsetsOf: .predictions, from: 35) == 60..<198)
        #expect(marks.stretch(of: .outcomes, offsetsOf: .outcomes, from: 35) == 30..<99)
        #expect(marks.stretch(of: .predictions, offsetsOf: .predictions, from: 0) == 0..<198)
    }

    /// A crash interrupts a run: after the restart it is the same run, with the same rows.
    @Test func anInterruptedRunGoesOnWithItsRows() throws {
        let configuration = try AgentConfiguration.parse(
            """
            models:
              - name: m
                task: binary
                positive: "yes"
                reference: {learn: 100}
                window: {length: 4h, slide: 1h}
                retraining: {schedule: 6h, cooldown: 1h, minimum_rows: 50}
            """)
        let rig = try CoordinatorRig(configuration)
        rig.feed(hours: 0..<12) { Double($0 % 7) }
        let requests = rig.handOver().compactMap { if case .train(let request) = $0 { request } else { nil } }
        let request = try #require(requests.first)
        #expect(requests.count == 1 && !request.rows.isEmpty)

        let next = try CoordinatorRig(configuration)
        try next.coordinator.restore(from: rig.coordinator.snapshot())
        let resumed = next.coordinator.resumeTraining().compactMap {
            if case .train(let request) = $0 { request } else { nil }
        }
        #expect(resumed == [request])
        // It is under way, so none other begins; and once it has ended, nothing is resumed.
        next.coordinator.finishTraining(of: "m", atMicroseconds: request.atMicroseconds)
        let last = try CoordinatorRig(configuration)
        try last.coordinator.restore(from: next.coordinator.snapshot())
        #expect(last.coordinator.resumeTraining().isEmpty)
    }
}
