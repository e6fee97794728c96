import Agent
import Alerting
import Detection
import Events
import Foundation
import Learning
import Testing
import Windowing

/// The census table as a stream, one row a minute, with a rule of thumb for a model.
@Suite(.enabled(if: RealData.isThere, "TIDEWATCH_DATA names no folder: skipped"))
struct SegmentReplayTests {
    private static let minute: Int64 = 60_000_000
    private static let start: Int64 = 1_767_225_600_000_000
    private static let names = ["sex", "native-country", "age", "education-num", "marital-status"]

    private struct Row {
        var texts: [String: String?]
        var predicted: String
        var actual: String

        var isRight: Bool { predicted == actual }
    }

    private static func rows(_ path: String) throws -> [Row] {
        let table = try Table.read(path: path)
        let columns = try (names + ["class"]).map { name in
            (name, try #require(table.columns.first { $0.name == name }))
        }
        return (0..<table.rowCount).map { row in
            let texts = Dictionary(uniqueKeysWithValues: columns.map { ($0.0, $0.1.text(at: row)) })
            let isMarried = texts["marital-status"]??.hasPrefix("Married") ?? false
            let years = texts["education-num"]?.flatMap { Double($0) } ?? 0
            return Row(
                texts: texts, predicted: isMarried && years >= 10 ? ">50K" : "<=50K",
                actual: (texts["class"] ?? nil) ?? "")
        }
    }

    private static func message(_ number: Int, _ body: (inout JSONWriter) -> Void) -> SourceMessage {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("id", "\(number)")
        writer.field("model", "census")
        body(&writer)
        writer.endObject()
        return SourceMessage(
            source: 0, partition: 0, offset: 0, timestampMicroseconds: start + Int64(number) * minute, key: [],
            value: writer.bytes)
    }

    private static func messages(_ rows: [Row]) -> [SourceMessage] {
        rows.enumerated().flatMap { number, row in
            let time = EventTime.format(start + Int64(number) * minute)
            let prediction = message(number) { writer in
                writer.field("kind", "prediction")
                writer.field("time", time)
                writer.field("label", row.predicted)
                writer.key("features")
                writer.beginObject()
                for name in names {
                    guard let text = row.texts[name] ?? nil else { continue }
                    if let value = Double(text) { writer.field(name, value) } else { writer.field(name, text) }
                }
                writer.endObject()
            }
            let outcome = message(number) { writer in
                writer.field("kind", "outcome")
                writer.field("label", row.actual)
            }
            return [prediction, outcome]
        }
    }

    private static func configuration(_ path: String) throws -> AgentConfiguration {
        let kept = Set(names)
        let header = [
            "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship",
            "race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country",
        ]
        return try AgentConfiguration.parse(
            """
            models:
              - name: census
                task: binary
                positive: ">50K"
                reference:
                  file: \(path)
                  target: class
                  exclude: [\(header.filter { !kept.contains($0) }.joined(separator: ", "))]
                window: {length: 6000m, slide: 1500m, origin: "2026-01-01T00:00:00Z"}
                drift: {rules: []}
                performance:
                  minimum_sample: 1
                  rules: [{metric: accuracy, raise_below: 0.01}]
                segments: [sex, native-country, age, education-num]
                segment_values: 5
            """)
    }

    /// Whether a segment's name says that it holds this value: ranges by their bounds, `other` by what is not named.
    private func holds(_ label: String, _ text: String?, named: Set<String>) -> Bool {
        guard let text else { return label == "other" }
        guard label.hasSuffix(")"), let value = Double(text) else {
            return label == text || label == "other" && !named.contains(text)
        }
        let bounds = label.dropFirst().dropLast().split(separator: ", ").compactMap { Double($0) }
        return bounds.count == 2 && bounds[0] <= value && value < bounds[1]
    }

    @Test func accuraciesOfSegmentsAreThoseOfADirectCount() throws {
        let path = RealData.path("adult_census.csv.gz")
        let rows = Array(try Self.rows(path).prefix(18_000))
        let replay = try Replay(configuration: Self.configuration(path))
        let events = EventLog()
        var source = InMemorySource(Self.messages(rows))
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        let windows = events.all.compactMap { event -> JudgedWindow? in
            if case .windowJudged(let window) = event, window.kind == .performance { window } else { nil }
        }
        #expect(windows.count >= 12)
        var named: [String: Set<String>] = [:]
        for segment in windows.flatMap(\.verdicts).compactMap(\.segment) {
            let parts = segment.split(separator: "=", maxSplits: 1).map(String.init)
            named[parts[0], default: []].insert(parts[1])
        }
        #expect(named["sex"] == ["Male", "Female"])
        #expect(named["native-country"]?.count == 6 && named["native-country"]?.contains("other") == true)
        #expect(named["age"]?.count == 5 && named["education-num"]?.count == 6)
        for window in windows {
            let first = max(0, Int((window.startMicroseconds - Self.start) / Self.minute))
            let last = min(rows.count, Int((window.endMicroseconds - Self.start) / Self.minute))
            guard first < last else { continue }
            var counts: [String: Int64] = [:]
            for verdict in window.verdicts where verdict.status != .noData {
                let parts = verdict.segment?.split(separator: "=", maxSplits: 1).map(String.init)
                let mine = rows[first..<last].filter { row in
                    guard let parts else { return true }
                    return holds(parts[1], row.texts[parts[0]] ?? nil, named: named[parts[0]] ?? [])
                }
                #expect(verdict.count == Int64(mine.count), "\(verdict.detector)")
                let share = Double(mine.count(where: \.isRight)) / Double(mine.count)
                #expect(abs((verdict.value ?? -1) - share) < 1e-12, "\(verdict.detector)")
                counts[parts?[0] ?? "", default: 0] += verdict.count
            }
            #expect(Set(counts.values) == [window.count], "every feature's segments are the whole")
        }
    }

    /// A feed that goes wrong at a row: the data-quality alerts, and no others.
    @Test func aBrokenFeedRaisesTheColumnThatBroke() throws {
        let path = RealData.path("adult_census.csv.gz")
        var rows = Array(try Self.rows(path).prefix(12_000))
        for row in 7_500..<9_000 { rows[row].texts["age"] = "unknown" }
        let replay = try Replay(configuration: Self.configuration(path))
        let events = EventLog()
        var source = InMemorySource(Self.messages(rows))
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        #expect(events.fired.map(\.detector) == ["quality/type_mismatch/age"])
        let alert = try #require(events.fired.first)
        #expect((alert.verdict.windowEnd - Self.start) / Self.minute == 9_000)
        #expect(abs((alert.verdict.value ?? 0) - 0.25) < 1e-9)
    }
}
