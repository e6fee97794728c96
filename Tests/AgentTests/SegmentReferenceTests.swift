import Alerting
import Detection
import Events
import Foundation
import Learning
import Statistics
import Testing
import Windowing

@testable import Agent

/// The segments of a retrained version's reference, and of any reference after a restart.
struct SegmentReferenceTests {
    /// A coordinator with one partition before it.
    private final class Agent {
        let coordinator: Coordinator
        let catalog = ReferenceCatalog()
        private let pipeline: PartitionPipeline
        private var offset: Int64 = -1
        /// Those that the coordinator keeps for training.
        private(set) var rows: [LabelledRow] = []

        init(_ configuration: AgentConfiguration) {
            coordinator = Coordinator(configuration: configuration, catalog: catalog) { _, _, _ in
                throw LearningError(.invalidInput, "no version is loaded here", advice: "")
            }
            pipeline = PartitionPipeline(
                partition: 0, models: configuration.models.map { $0.windowing(limits: configuration.limits) },
                catalog: catalog, limits: configuration.sources.eventLimits(configuration.limits),
                allowedLatenessMicroseconds: 0, sharesOneTopic: true)
        }

        @discardableResult func take(_ messages: [SourceMessage]) -> [CoordinatorAction] {
            var new: [CoordinatorAction] = []
            for message in messages {
                offset += 1
                message.value.withUnsafeBytes {
                    _ = pipeline.process(
                        $0, from: .predictions, offset: offset, recordMicroseconds: message.timestampMicroseconds)
                }
                if offset % 1_000 == 0 {
                    pipeline.refreshReferences()
                    new += accept(pipeline.closePanes())
                }
            }
            pipeline.refreshReferences()
            new += accept(pipeline.closePanes())
            return new
        }

        private func accept(_ output: PartitionOutput) -> [CoordinatorAction] {
            rows += output.performancePanes.flatMap(\.rows)
            return coordinator.accept(output)
        }

        /// Nothing is left in open panes.
        func close() { _ = accept(pipeline.closeEverything()) }
    }

    private static func configuration(
        _ policy: String = "performance_below: {metric: accuracy, value: 0.01}"
    ) throws -> AgentConfiguration {
        try SegmentDriftReplayTests.configuration(
            "{false_alarms: 1 per 30d, rules: [{statistic: psi, raise: 0.5}]}", reference: "{learn: 4000}",
            more: """
                performance: {rules: [{metric: accuracy, raise_below: 0.01}]}
                    retraining: {enabled: true, metric: accuracy, minimum_rows: 50, \(policy)}
                """)
    }

    /// Predictions of a version with their outcomes.
    private static func messages(
        hours: Range<Int>, version: String, seed: UInt64, shift: Double = 0, everywhere: Bool = false
    ) -> [SourceMessage] {
        var stream = SegmentDriftReplayTests.Stream(seed: seed)
        return stream.source(hours: hours) { _, region in everywhere || region == "north" ? shift : 0 }.flatMap {
            message in
            let text = String(decoding: message.value, as: UTF8.self)
            let id = text.split(separator: "\"id\":\"")[1].split(separator: "\"")[0]
            let label = "\"version\":\"\(version)\",\"label\":\"fraud\",\"model\":"
            let prediction = text.replacing("\"model\":", with: label)
            let outcome =
                "{\"kind\":\"outcome\",\"id\":\"\(id)\",\"model\":\"fraud\",\"label\":\"fraud\"}"
            return [prediction, outcome].map { text in
                SourceMessage(
                    source: 0, partition: 0, offset: 0, timestampMicroseconds: message.timestampMicroseconds, key: [],
                    value: Array(text.utf8))
            }
        }
    }

    private static func fired(_ actions: [CoordinatorAction]) -> [String] {
        actions.compactMap { if case .alert(.fire(let alert)) = $0 { alert.detector } else { nil } }
    }

    private static func problems(_ actions: [CoordinatorAction]) -> [String] {
        actions.compactMap { if case .problem(let text) = $0 { text } else { nil } }
    }

    private static func windows(_ actions: [CoordinatorAction]) -> [JudgedWindow] {
        actions.compactMap { if case .windowJudged(let window) = $0 { window } else { nil } }
    }

    @Test func aRetrainedVersionHasSegmentsOfItsTrainingRows() throws {
        let agent = Agent(try Self.configuration())
        agent.take(Self.messages(hours: 0..<40, version: "1", seed: 31))
        let rows = agent.rows
        #expect(rows.count > 8_000)
        let times = rows.map(\.predictionMicroseconds)
        let range = try #require(times.min())...(try #require(times.max()))
        let profile = ReferenceBuilder.build(columns: FeatureColumns.columns(of: rows))
        let crowned = agent.coordinator.crown(
            "2", of: "fraud", reference: profile, trainedOn: range, importance: nil, predecessor: nil)
        #expect(Self.problems(crowned).isEmpty)
        let quiet = agent.take(Self.messages(hours: 40..<80, version: "2", seed: 32))
        #expect(Self.fired(quiet).isEmpty)
        let parts = Self.windows(quiet).filter { $0.kind == .segments }.flatMap(\.verdicts)
        #expect(Set(parts.compactMap(\.segment)).count == 4 && parts.allSatisfy { $0.reference == profile.id })
        let moved = agent.take(Self.messages(hours: 80..<100, version: "2", seed: 33, shift: 0.5))
        #expect(Self.fired(moved) == ["drift/amount/divergence@region=north"])

        // Back to the first version, and to its own segments.
        let learned = try #require(agent.catalog.encoder(for: ModelVersionKey(model: "fraud", version: "1"))).profile
        let back = agent.coordinator.crown(
            "1", of: "fraud", reference: nil, trainedOn: range, importance: nil, predecessor: nil)
        #expect(Self.problems(back).isEmpty)
        let after = agent.take(Self.messages(hours: 100..<130, version: "1", seed: 34))
        let own = Self.windows(after).filter { $0.kind == .segments && $0.key.version == "1" }.flatMap(\.verdicts)
        #expect(!own.isEmpty && own.allSatisfy { $0.reference == learned.id && $0.status == .ok })
    }

    /// A version that somebody registered: its rows are not here, and that is said.
    @Test func withoutItsRowsAVersionHasNoSegments() throws {
        let agent = Agent(try Self.configuration())
        var stream = SegmentDriftReplayTests.Stream(seed: 35)
        let rows = stream.source(hours: 0..<10) { _, _ in 0 }.enumerated().map { number, message in
            LabelledRow(
                identifier: EventIdentifier(high: 0, low: UInt64(number)), predictionMicroseconds: 0,
                joinedMicroseconds: 0, recordMicroseconds: message.timestampMicroseconds, version: "7",
                message: message.value, label: "fraud", value: nil)
        }
        let profile = ReferenceBuilder.build(columns: FeatureColumns.columns(of: rows))
        let crowned = agent.coordinator.crown(
            "7", of: "fraud", reference: profile, trainedOn: 0...1, importance: nil, predecessor: nil)
        #expect(Self.problems(crowned).count == 1)
        #expect(Self.problems(crowned).first?.contains("not judged by segment") == true)
        let actions = agent.take(Self.messages(hours: 10..<30, version: "7", seed: 36))
        let windows = Self.windows(actions)
        #expect(windows.contains { $0.kind == .interval } && !windows.contains { $0.kind == .segments })
        #expect(windows.flatMap(\.verdicts).allSatisfy { $0.segment == nil || $0.column == nil })
    }

    /// A checkpoint in the middle of everything: the same verdicts to the last digit, of a learned reference whose rows
    /// are gone by then.
    @Test func aRestartChangesNothing() throws {
        let configuration = try Self.configuration()
        let straight = Agent(configuration)
        straight.take(Self.messages(hours: 0..<30, version: "1", seed: 41))
        straight.close()
        let restored = Agent(configuration)
        try restored.coordinator.restore(from: try straight.coordinator.snapshot())
        let later =
            Self.messages(hours: 30..<55, version: "1", seed: 42)
            + Self.messages(hours: 55..<75, version: "1", seed: 44, shift: 0.5)
        let (first, second) = (straight.take(later), restored.take(later))
        #expect(Self.windows(first).contains { $0.kind == .segments })
        #expect(Self.windows(first) == Self.windows(second))
        #expect(Self.fired(first) == ["drift/amount/divergence@region=north"])
        #expect(Self.fired(first) == Self.fired(second))
        // Its partitions began anew, and so did their offsets.
        for agent in [straight, restored] { agent.coordinator.marks = [:] }
        #expect(try straight.coordinator.snapshot() == restored.coordinator.snapshot())

        // Another number of values makes another `other`: learned segments end, and the whole has the budget again.
        let fewer = Agent(
            try SegmentDriftReplayTests.configuration(reference: "{learn: 4000}", more: "segment_values: 2"))
        try fewer.coordinator.restore(from: try straight.coordinator.snapshot())
        let rest = Self.windows(fewer.take(Self.messages(hours: 75..<90, version: "1", seed: 43)))
        #expect(rest.contains { $0.kind == .interval } && !rest.contains { $0.kind == .segments })
    }

    /// Retraining looks at the whole: a policy that starts at any drifted column starts at none of a segment.
    @Test(arguments: [false, true])
    func onlyTheWholeStartsARetraining(everywhere: Bool) throws {
        let agent = Agent(try Self.configuration("drifted_share_above: 0.01"))
        var actions = agent.take(Self.messages(hours: 0..<60, version: "1", seed: 51))
        actions += agent.take(
            Self.messages(hours: 60..<84, version: "1", seed: 52, shift: 0.5, everywhere: everywhere))
        #expect(Self.fired(actions).contains("drift/amount/divergence@region=north"))
        #expect(Self.fired(actions).contains("drift/amount/divergence") == everywhere)
        let trainings = actions.count { if case .train = $0 { true } else { false } }
        #expect((trainings > 0) == everywhere)
    }
}
