import Agent
import Alerting
import Detection
import Events
import Foundation
import Statistics
import Testing
import TidewatchTestKit
import Windowing

/// Drift of segments under the whole agent.
struct SegmentDriftReplayTests {
    /// Predictions with `amount` and `age`, normal, `plan`, and a region: one in ten is from the north.
    struct Stream {
        static let hour: Int64 = 3_600_000_000
        static let start: Int64 = 1_767_225_600_000_000
        static let perHour = 300
        private var stream: DriftStream
        private var generator: SeededGenerator

        init(seed: UInt64) {
            stream = DriftStream(seed: seed)
            generator = SeededGenerator(seed: seed &+ 1)
        }

        /// - Parameters:
        ///   - region: an event's region by its number in the hour; one in ten is north without it.
        ///   - shift: of the amount, by hour and region.
        mutating func source(
            hours: Range<Int>, region: (Int, Int) -> String = { Self.region($1) }, shift: (Int, String) -> Double
        ) -> [SourceMessage] {
            hours.flatMap { hour in
                (0..<Self.perHour).map { number -> SourceMessage in
                    let region = region(hour, number)
                    let id = hour * Self.perHour + number
                    let time = Self.start + Int64(id) * Self.hour / Int64(Self.perHour)
                    var writer = JSONWriter()
                    writer.beginObject()
                    writer.field("kind", "prediction")
                    writer.field("id", "\(id)")
                    writer.field("model", "fraud")
                    writer.field("time", EventTime.format(time))
                    writer.key("features")
                    writer.beginObject()
                    writer.field("amount", stream.normal(mean: shift(hour, region)))
                    writer.field("age", stream.normal())
                    writer.field("plan", Double.random(in: 0..<1, using: &generator) < 0.3 ? "gold" : "free")
                    writer.field("region", region)
                    writer.endObject()
                    writer.endObject()
                    return SourceMessage(
                        source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [], value: writer.bytes)
                }
            }
        }

        static func region(_ number: Int) -> String {
            number % 10 == 0 ? "north" : ["south", "east", "west"][number % 3]
        }
    }

    static func configuration(
        _ drift: String = "{false_alarms: 1 per 30d}", reference: String = "{learn: 6000}", more: String = ""
    ) throws -> AgentConfiguration {
        try AgentConfiguration.parse(
            """
            models:
              - name: fraud
                task: binary
                positive: fraud
                reference: \(reference)
                window: {length: 1d, slide: 1h}
                drift: \(drift)
                segments: [region]
                segment_drift: true
                quality: {defaults: false}
                \(more)
            """)
    }

    static func replay(_ configuration: AgentConfiguration, _ messages: [SourceMessage]) throws -> EventLog {
        let events = EventLog()
        let replay = try Replay(configuration: configuration)
        var source = InMemorySource(messages)
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        return events
    }

    /// A tenth of the events moves by half a deviation for a day: 0.05 in the whole, too little and too short there.
    @Test func aSegmentThatMovesIsNamedAndNothingElse() throws {
        var stream = Stream(seed: 21)
        let messages = stream.source(hours: 0..<240) { hour, region in
            region == "north" && (100..<124).contains(hour) ? 0.5 : 0
        }
        let events = try Self.replay(Self.configuration(), messages)
        #expect(events.fired.map(\.detector) == ["drift/amount/divergence@region=north"])
        let alert = try #require(events.fired.first)
        let delay = (alert.verdict.windowEnd - Stream.start) / Stream.hour - 100
        #expect((1...24).contains(delay), "\(delay) hours")
        #expect(alert.verdict.segment == "region=north" && alert.verdict.count >= 200)
        #expect(alert.verdict.evidence?.change == .higherValues)
        #expect(AlertMessage.summary(for: alert).contains("divergence of amount for region=north is "))
        #expect(events.resolved.map(\.detector) == [alert.detector])

        let windows = events.all.compactMap { event -> JudgedWindow? in
            if case .windowJudged(let window) = event { window } else { nil }
        }
        let whole = windows.filter { $0.kind == .interval }.flatMap(\.verdicts)
        #expect(!whole.isEmpty && whole.allSatisfy { $0.segment == nil && $0.status == .ok })
        let parts = windows.filter { $0.kind == .segments }.flatMap(\.verdicts)
        #expect(Set(parts.map(\.segment)) == ["region=east", "region=north", "region=south", "region=west"])
        #expect(parts.allSatisfy { $0.column != "region" }, "a segment's own column is constant in it")
        #expect(Set(parts.map(\.reference)) == Set(whole.map(\.reference)))
        // The whole has half of the budget and four columns; each of four segments an eighth and three columns.
        let bounds = Set(whole.compactMap(\.evidence?.logBound) + parts.compactMap(\.evidence?.logBound))
        #expect(bounds == [log(720.0 * 4 * 2), log(720.0 * 3 * 8)])
    }

    /// Rules with fixed limits on the windows of each segment, with the same minimum sample.
    @Test func rulesSpeakOfSegmentsToo() throws {
        var stream = Stream(seed: 22)
        let messages = stream.source(hours: 0..<120) { hour, region in
            region == "north" && hour >= 60 ? 1.5 : 0
        }
        let events = try Self.replay(
            Self.configuration("{minimum_sample: 200, rules: [{statistic: psi, raise: 0.25, clear: 0.1}]}"), messages)
        #expect(events.fired.map(\.detector) == ["drift/amount/psi@region=north"])
        let windows = events.all.compactMap { event -> JudgedWindow? in
            if case .windowJudged(let window) = event, window.kind == .drift { window } else { nil }
        }
        let north = windows.flatMap(\.verdicts).filter { $0.segment == "region=north" }
        #expect(Set(north.map(\.status)) == [.insufficient, .ok, .drift])
        #expect(north.allSatisfy { ($0.status == .insufficient) == ($0.count < 200) })
        // What no event was in is there all the same, and says why it is not judged.
        let other = windows.flatMap(\.verdicts).filter { $0.segment == "region=other" }
        #expect(!other.isEmpty && other.allSatisfy { $0.status == .noData && $0.reason == .emptyWindow })
    }
}

extension SegmentDriftReplayTests {
    private static func windows(_ events: EventLog, _ kind: JudgedWindow.Kind) -> [Verdict] {
        events.all.flatMap { event -> [Verdict] in
            if case .windowJudged(let window) = event, window.kind == kind { window.verdicts } else { [] }
        }
    }

    /// A region that the reference never had is no segment of its own: it is `other`, which has no reference here and says
    /// so. That it came is the whole's to say.
    @Test func aNewValueIsOtherAndInsufficient() throws {
        var stream = Stream(seed: 23)
        let messages = stream.source(
            hours: 0..<100,
            region: { hour, number in hour >= 50 && number % 5 == 1 ? "mars" : Stream.region(number) },
            shift: { _, _ in 0 })
        let events = try Self.replay(Self.configuration(), messages)
        #expect(events.fired.map(\.detector) == ["drift/region/divergence"])
        let other = Self.windows(events, .segments).filter { $0.segment == "region=other" }
        #expect(other.count >= 3 * 10 && other.allSatisfy { $0.status == .insufficient && $0.reason == .tooFewEvents })
        #expect(other.allSatisfy { $0.windowEnd > Stream.start + 50 * Stream.hour && $0.count >= 200 })
    }

    /// Where few values are kept, `other` holds several: what moves between them is its own column's affair.
    @Test func aMixtureInOtherDoesNotDisturb() throws {
        var stream = Stream(seed: 24)
        let messages = stream.source(
            hours: 0..<120,
            region: { hour, number in number % 10 == 0 ? (hour < 60 ? "north" : "mars") : Stream.region(number) },
            shift: { _, _ in 0 })
        let events = try Self.replay(Self.configuration(more: "segment_values: 3"), messages)
        #expect(events.fired.map(\.detector) == ["drift/region/divergence"])
        let other = Self.windows(events, .segments).filter { $0.segment == "region=other" }
        #expect(!other.isEmpty && other.allSatisfy { $0.status == .ok && $0.column != "region" })
    }

    /// A segment that is rare in the reference has none, however many come of it later.
    @Test func aRareSegmentIsInsufficient() throws {
        var stream = Stream(seed: 25)
        let messages = stream.source(
            hours: 0..<80,
            region: { hour, number in
                number % 10 == 0 && (hour >= 40 || number == 0) ? "north" : ["south", "east"][number % 2]
            }, shift: { hour, region in region == "north" && hour >= 40 ? 2 : 0 })
        let events = try Self.replay(Self.configuration(), messages)
        let north = Self.windows(events, .segments).filter { $0.segment == "region=north" }
        #expect(!north.isEmpty && north.allSatisfy { $0.status == .insufficient })
        #expect(!events.fired.contains { $0.verdict.segment != nil })
    }

    /// The rows of a table, with their times or without.
    @Test(arguments: [true, false])
    func aTableHasSegments(hasTimes: Bool) throws {
        var stream = Stream(seed: 26)
        let path = NSTemporaryDirectory() + "tidewatch-segments-\(UUID().uuidString).csv"
        defer { RealData.remove(path) }
        var text = "amount,age,plan,region" + (hasTimes ? ",at" : "") + "\n"
        var values = DriftStream(seed: 27)
        for number in 0..<6_000 {
            let plan = number % 7 < 2 ? "gold" : "free"
            let time = EventTime.format(Stream.start - Stream.hour * 20 + Int64(number) * 12_000_000)
            text += "\(values.normal()),\(values.normal()),\(plan),\(Stream.region(number))"
            text += (hasTimes ? "," + time : "") + "\n"
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let reference = "{file: \"\(path)\"" + (hasTimes ? ", time: at" : "") + "}"
        let messages = stream.source(hours: 0..<80) { hour, region in
            region == "north" && (40..<60).contains(hour) ? 0.5 : 0
        }
        let drift = "{false_alarms: 1 per 30d, columns: [amount, age]}"
        let events = try Self.replay(Self.configuration(drift, reference: reference), messages)
        #expect(events.fired.map(\.detector) == ["drift/amount/divergence@region=north"])
        #expect(Set(Self.windows(events, .segments).map(\.column)) == ["amount", "age"])
    }

    /// Without `segment_drift` nothing is judged by segment, and the whole has all of the budget.
    @Test func withoutItThereAreNone() throws {
        var stream = Stream(seed: 28)
        let configuration = try AgentConfiguration.parse(
            """
            models:
              - name: fraud
                task: binary
                positive: fraud
                reference: {learn: 6000}
                window: {length: 1d, slide: 1h}
                segments: [region]
            """)
        let events = try Self.replay(configuration, stream.source(hours: 0..<40) { _, _ in 0 })
        #expect(Self.windows(events, .segments).isEmpty)
        #expect(Set(Self.windows(events, .interval).compactMap(\.evidence?.logBound)) == [log(720.0 * 4)])
    }
}
