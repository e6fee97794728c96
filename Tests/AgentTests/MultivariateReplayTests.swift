import Alerting
import Detection
import Events
import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Agent

/// Detection on whole rows under the whole agent: a change that no column shows raises an alarm that names the columns.
struct MultivariateReplayTests {
    private static let hour: Int64 = 3_600_000_000
    private static let start: Int64 = 1_767_225_600_000_000
    private static let perHour = 200

    /// Four normal columns and a category; the correlation of `c0` and `c1` is 0.8, but −0.8 within `drift`.
    private static func messages(hours: Int, seed: UInt64, drift: Range<Int> = 0..<0) -> InMemorySource {
        var stream = DriftStream(seed: seed)
        let count = hours * perHour
        let plans = stream.categories(count, weights: [5, 3, 2])
        let messages = (0..<count).map { number in
            let time = start + Int64(number) * hour / Int64(perHour)
            var values = (0..<4).map { _ in stream.normal() }
            values[1] = (drift.contains(number / perHour) ? -0.8 : 0.8) * values[0] + 0.6 * values[1]
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("kind", "prediction")
            writer.field("id", "\(number)")
            writer.field("model", "fraud")
            writer.field("time", EventTime.format(time))
            writer.key("features")
            writer.beginObject()
            for (column, value) in values.enumerated() { writer.field("c\(column)", value) }
            writer.field("plan", plans[number])
            writer.endObject()
            writer.endObject()
            return SourceMessage(
                source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [], value: writer.bytes)
        }
        return InMemorySource(messages)
    }

    private static func configuration(_ drift: String) throws -> AgentConfiguration {
        try AgentConfiguration.parse(
            """
            models:
              - name: fraud
                task: binary
                positive: fraud
                reference: {learn: 3000}
                window: {length: 1d, slide: 1h}
                drift: \(drift)
            """)
    }

    private static func replay(
        _ source: InMemorySource, drift: String = "{multivariate: [domain_classifier, pca_reconstruction, mmd]}"
    ) throws -> EventLog {
        let events = EventLog()
        let replay = try Replay(configuration: configuration(drift))
        var source = source
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        return events
    }

    private static func windows(_ events: EventLog) -> [JudgedWindow] {
        events.all.compactMap { event in
            if case .windowJudged(let window) = event, window.kind == .multivariate { window } else { nil }
        }
    }

    @Test func aFlippedCorrelationRaisesAnAlarmThatNamesTheColumns() throws {
        let events = try Self.replay(Self.messages(hours: 60, seed: 31, drift: 30..<45))
        let windows = Self.windows(events)
        #expect(windows.count >= 44)
        #expect(windows.allSatisfy { $0.verdicts.count == 3 && $0.count == 200 })
        let fired = Set(events.fired.map(\.detector))
        #expect(
            fired.isSubset(of: [
                "multivariate/domain_classifier", "multivariate/pca_reconstruction", "multivariate/mmd",
            ]))
        let alert = try #require(events.fired.first { $0.detector == "multivariate/domain_classifier" })
        let delay = (alert.verdict.windowEnd - Self.start) / Self.hour - 30
        #expect((1...4).contains(delay), "\(delay) hours")
        #expect(Set(alert.verdict.evidence?.carriers?.prefix(2) ?? []) == ["c0", "c1"])
        #expect(events.resolved.contains { $0.id == alert.id })
    }

    @Test func withoutDriftAndWithoutAWishNothingIsSaid() throws {
        let calm = try Self.replay(Self.messages(hours: 50, seed: 32))
        #expect(calm.fired.isEmpty, "\(calm.fired.map(\.detector))")
        #expect(Self.windows(calm).count >= 30)
        let plain = try Self.replay(Self.messages(hours: 25, seed: 31, drift: 20..<25), drift: "{}")
        #expect(Self.windows(plain).isEmpty && plain.fired.isEmpty)
    }

    @Test func theBudgetIsShared() throws {
        func bound(_ drift: String, _ kind: JudgedWindow.Kind) throws -> Double {
            let events = try Self.replay(Self.messages(hours: 20, seed: 33), drift: drift)
            let window = events.all.compactMap { event -> JudgedWindow? in
                if case .windowJudged(let window) = event, window.kind == kind { window } else { nil }
            }.first
            return exp(try #require(window?.verdicts.first?.evidence?.logBound))
        }
        let alone = try bound("{}", .interval)
        // 720 panes a month: five columns, or one statistic.
        #expect(abs(alone - 3_600) < 1e-6)
        #expect(abs(try bound("{multivariate: [mmd]}", .interval) - 3_600 / 0.8) < 1e-6)
        #expect(abs(try bound("{multivariate: [mmd]}", .multivariate) - 720 / 0.2) < 1e-6)
    }

    @Test func withoutABudgetThereIsNone() throws {
        #expect(throws: (any Error).self) { try Self.configuration("{rules: [], multivariate: [mmd]}") }
        #expect(throws: (any Error).self) { try Self.configuration("{multivariate: [psi]}") }
        let model = try #require(Self.configuration("{multivariate: [mmd, domain_classifier]}").models.first)
        #expect(model.drift.multivariate == [.domainClassifier, .mmd])
    }
}
