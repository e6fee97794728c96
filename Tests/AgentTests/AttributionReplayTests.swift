import Alerting
import Detection
import Events
import Foundation
import Statistics
import Testing
import TidewatchTestKit
import Windowing

@testable import Agent

/// What carries an alert, through the whole agent.
@Suite struct AttributionReplayTests {
    private static let hour: Int64 = 3_600_000_000
    private static let start: Int64 = 1_767_225_600_000_000
    private static let perHour = 200

    private static func message(_ number: Int, _ body: (inout JSONWriter) -> Void) -> SourceMessage {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("id", "\(number)")
        writer.field("model", "fraud")
        body(&writer)
        writer.endObject()
        let time = start + Int64(number) * hour / Int64(perHour)
        return SourceMessage(
            source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [], value: writer.bytes)
    }

    /// From hour 60 on `amount` and `idle` are shifted, and the predictions for the north are wrong half of the time
    /// instead of once in ten.
    private static func messages(hours: Range<Int>) -> [SourceMessage] {
        var stream = DriftStream(seed: 3)
        let count = hours.upperBound * perHour
        let regions = stream.categories(count, weights: [1, 1, 1, 1])
        let messages = (0..<count).flatMap { number -> [SourceMessage] in
            let isLate = number >= 60 * perHour
            let actual = stream.uniform() < 0.5
            let isWrong = stream.uniform() < (isLate && regions[number] == regions[0] ? 0.5 : 0.1)
            let features = (0..<4).map { stream.normal(mean: isLate && $0 < 2 ? 1.5 : 0) }
            let prediction = message(number) { writer in
                writer.field("kind", "prediction")
                writer.field("time", EventTime.format(start + Int64(number) * hour / Int64(perHour)))
                writer.field("label", actual != isWrong ? "fraud" : "fine")
                writer.key("features")
                writer.beginObject()
                for (name, value) in zip(["amount", "idle", "age", "rate"], features) { writer.field(name, value) }
                writer.field("region", regions[number])
                writer.endObject()
            }
            let outcome = message(number) { writer in
                writer.field("kind", "outcome")
                writer.field("label", actual ? "fraud" : "fine")
            }
            return [prediction, outcome]
        }
        return Array(messages[(hours.lowerBound * perHour * 2)...])
    }

    /// The region that gets worse.
    private static var north: String {
        var stream = DriftStream(seed: 3)
        return stream.categories(1, weights: [1, 1, 1, 1])[0]
    }

    private static func configuration(
        importance: String = "importance: {amount: 3, age: 1, idle: 0, region: 1, rate: 1}"
    ) throws -> AgentConfiguration {
        try AgentConfiguration.parse(
            """
            models:
              - name: fraud
                task: binary
                positive: fraud
                reference: {learn: 5000}
                window: {length: 12h, slide: 2h, origin: "2026-01-01T00:00:00Z"}
                drift:
                  rules: [{statistic: psi, raise: 0.25, clear: 0.1}]
                performance:
                  rules: [{metric: accuracy, raise_below: 0.85}]
                segments: [region]
                \(importance)
            """)
    }

    private static func replay(_ configuration: AgentConfiguration, hours: Int = 84) throws -> EventLog {
        let events = EventLog()
        let replay = try Replay(configuration: configuration)
        var source = InMemorySource(messages(hours: 0..<hours))
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        return events
    }

    @Test func theAlertsNameTheColumnsAndTheSegment() throws {
        let fired = try Self.replay(try Self.configuration()).fired
        #expect(
            Set(fired.map(\.detector)).isSuperset(of: ["drift/amount/psi", "drift/idle/psi", "performance/accuracy"]))
        let idle = try #require(fired.first { $0.detector == "drift/idle/psi" }?.verdict.attribution)
        #expect(idle.importance == 0, "it drifted, and the model does not look at it")
        #expect(idle.columns?.weights == .configuration && idle.columns?.drifted == 2)
        #expect(idle.columns?.parts.map(\.column) == ["amount", "idle"])
        #expect(idle.columns?.parts.first?.share == 1)
        #expect(abs((idle.columns?.driftedImportance ?? 0) - 0.5) < 1e-12)

        let alert = try #require(fired.first { $0.detector == "performance/accuracy" })
        let fall = try #require(alert.verdict.attribution?.fall)
        #expect(abs(fall.before - 0.9) < 0.02 && fall.isExact && fall.compared >= 4)
        // The reference is learned in the first 26 hours, in which segments have no names yet.
        #expect(fall.windowStart >= Self.start + 24 * Self.hour && fall.windowEnd <= Self.start + 60 * Self.hour)
        #expect(fall.parts.first?.before != nil)
        #expect(fall.parts.first?.segment == "region=\(Self.north)")
        #expect(fall.parts.first?.share ?? 0 > 0.75)
        #expect(abs((fall.parts.first?.pairShare ?? 0) - 0.25) < 0.05)
        #expect(alert.verdict.attribution?.columns?.parts.first?.column == "amount")
        let event = AgentEvent.alert(.fire(alert), delivery: .queued)
        let line = try #require(event.line(usesColour: false))
        #expect(line.contains("the fall carried by region=\(Self.north)") && line.contains("drifted: amount (100 %"))
        let json = try #require(event.json(at: Self.start))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let attribution = try #require(object["attribution"] as? [String: Any])
        #expect((attribution["columns"] as? [[String: Any]])?.first?["column"] as? String == "amount")
        #expect((attribution["fall"] as? [String: Any])?["before"] as? Double == fall.before)
    }

    @Test func withoutImportancesItSaysThatColumnsWeighAlike() throws {
        let fired = try Self.replay(try Self.configuration(importance: "")).fired
        let alert = try #require(fired.first { $0.detector == "drift/idle/psi" })
        #expect(alert.verdict.attribution?.columns?.weights == .equal && alert.verdict.attribution?.importance == nil)
        #expect(AlertMessage.summary(for: alert).contains("; the window's drift, all columns weighed alike: "))
    }

    // MARK: - Restart and promotion

    private final class Run {
        let coordinator: Coordinator
        private let pipeline: PartitionPipeline
        private var offset: Int64 = 0

        init(_ configuration: AgentConfiguration, from snapshot: [UInt8]? = nil) throws {
            let catalog = ReferenceCatalog()
            coordinator = Coordinator(configuration: configuration, catalog: catalog) { _, _, _ in
                preconditionFailure("no shadow in this test")
            }
            if let snapshot { try coordinator.restore(from: snapshot) }
            self.pipeline = PartitionPipeline(
                partition: 0, models: configuration.models.map { $0.windowing(limits: configuration.limits) },
                catalog: catalog, limits: configuration.sources.eventLimits(configuration.limits),
                allowedLatenessMicroseconds: configuration.sources.allowedLateness, sharesOneTopic: true)
        }

        func take(_ messages: [SourceMessage]) -> [CoordinatorAction] {
            var actions: [CoordinatorAction] = []
            for message in messages {
                offset += 1
                message.value.withUnsafeBytes { bytes in
                    _ = pipeline.process(
                        bytes, from: .predictions, offset: offset, recordMicroseconds: message.timestampMicroseconds)
                }
                guard offset % 1_000 == 0 else { continue }
                pipeline.refreshReferences()
                actions += coordinator.accept(pipeline.closePanes())
            }
            return actions
        }
    }

    /// The first window is compared with after a restart too.
    @Test func theFirstWindowSurvivesARestart() throws {
        let configuration = try Self.configuration()
        let first = try Run(configuration)
        _ = first.take(Self.messages(hours: 0..<50))
        first.coordinator.models["fraud"]?.importance = ["amount": 0.25, "age": 0.75]
        let kept = try #require(first.coordinator.models["fraud"]?.versions.values.first?.firstWindow.baseline)
        let second = try Run(configuration, from: try first.coordinator.snapshot())
        #expect(second.coordinator.models["fraud"]?.versions.values.first?.firstWindow.baseline == kept)
        #expect(second.coordinator.models["fraud"]?.importance == ["amount": 0.25, "age": 0.75])
        let fired = second.take(Self.messages(hours: 50..<84)).compactMap { action -> Alert? in
            if case .alert(.fire(let alert)) = action { alert } else { nil }
        }
        let alert = try #require(fired.first { $0.detector == "performance/accuracy" })
        #expect(alert.verdict.attribution?.fall?.windowEnd == kept.windowEnd)
        #expect(alert.verdict.attribution?.fall?.parts.first?.segment == "region=\(Self.north)")
    }

    /// A version's own importances go before those that are configured, until another version is champion.
    @Test func aPromotedVersionBringsItsOwnImportances() throws {
        let run = try Run(try Self.configuration())
        #expect(run.coordinator.models["fraud"]?.columnWeights.source == .configuration)
        _ = run.coordinator.crown(
            "2", of: "fraud", reference: nil, trainedOn: 0...0, importance: ["amount": 1, "idle": 3], predecessor: nil)
        #expect(run.coordinator.models["fraud"]?.columnWeights.source == .model)
        #expect(run.coordinator.models["fraud"]?.columnWeights.weight(of: "idle") == 0.75)
        _ = run.coordinator.crown(
            "1", of: "fraud", reference: nil, trainedOn: 0...0, importance: nil, predecessor: nil)
        #expect(run.coordinator.models["fraud"]?.columnWeights.source == .configuration)
    }
}
