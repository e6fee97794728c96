import Agent
import Alerting
import Detection
import Events
import Foundation
import Learning
import Statistics
import Testing
import TidewatchTestKit

/// Hourly demand of a bicycle hire in 2011 and 2012, when it grew by two thirds. Needs `TIDEWATCH_DATA`.
///
/// The model has learned every second day of both years; the stream is the other days, one row an hour. In random order
/// within each year nothing but the year changes.
@Suite(.serialized, .enabled(if: RealData.isThere, "TIDEWATCH_DATA names no folder: skipped"))
struct RealRegressionTests {
    private static let hour: Int64 = 3_600_000_000
    private static let start: Int64 = 1_767_225_600_000_000

    private struct Row {
        var isSecondYear: Bool
        var features: [(name: String, value: Double)]
        var predicted: Double
        var actual: Double
    }

    private static func numbers(_ table: Table, _ name: String) throws -> [Double] {
        guard case .numeric(let numbers) = try #require(table[name]).values else { return [] }
        return numbers
    }

    /// The days that the model has not learned, in order of time.
    private static func rows() throws -> [Row] {
        let whole = try Table.read(path: RealData.path("bike_sharing_hour.csv.gz"))
        let table = whole.dropping(["instant", "dteday", "casual", "registered"])
        let days = (0..<whole.rowCount).map { whole["dteday"]?.text(at: $0) ?? "" }
        var number: [String: Int] = [:]
        for day in days where number[day] == nil { number[day] = number.count }
        func isLearned(_ row: Int) -> Bool { (number[days[row]] ?? 0) % 2 == 0 }
        let learned = (0..<table.rowCount).filter(isLearned)
        let streamed = (0..<table.rowCount).filter { !isLearned($0) }
        let model = try BoostedTreeLearner(parameters: BoostingParameters(rounds: 80, maximumDepth: 4)).fit(
            table.rows(learned), target: "cnt", task: .regression)
        let rest = table.rows(streamed)
        let predicted = try model.predict(rest.dropping(["cnt"])).values
        let actual = try numbers(rest, "cnt")
        let years = try numbers(rest, "yr")
        let names = rest.columnNames.filter { $0 != "cnt" }
        let columns = try names.map { try numbers(rest, $0) }
        return predicted.indices.map { row in
            Row(
                isSecondYear: years[row] == 1, features: zip(names, columns).map { ($0, $1[row]) },
                predicted: predicted[row], actual: actual[row])
        }
    }

    private static func messages(_ rows: [Row]) -> [SourceMessage] {
        var messages: [SourceMessage] = []
        for (index, row) in rows.enumerated() {
            let time = start + Int64(index) * hour / 10
            messages.append(
                message(index, at: time, "prediction") { writer in
                    writer.field("value", row.predicted)
                    writer.key("features")
                    writer.beginObject()
                    for feature in row.features { writer.field(feature.name, feature.value) }
                    writer.endObject()
                })
            messages.append(message(index, at: time + 6 * hour, "outcome") { $0.field("value", row.actual) })
        }
        return messages.sorted { $0.timestampMicroseconds < $1.timestampMicroseconds }
    }

    private static func message(
        _ id: Int, at time: Int64, _ kind: String, _ body: (inout JSONWriter) -> Void
    ) -> SourceMessage {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("kind", kind)
        writer.field("id", "\(id)")
        writer.field("model", "bikes")
        writer.field("time", EventTime.format(time))
        body(&writer)
        writer.endObject()
        return SourceMessage(
            source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [], value: writer.bytes)
    }

    private static func replay(_ rows: [Row]) throws -> EventLog {
        let configuration = try AgentConfiguration.parse(
            """
            models:
              - name: bikes
                task: regression
                reference: {learn: 2000}
                window: {length: 40h, slide: 10h}
                max_label_delay: 10h
                drift: {columns: [prediction, outcome], false_alarms: 1 per 30d}
                quality: {defaults: false}
                performance:
                  estimate: true
                  calibration_pairs: 2000
                  rules: [{metric: mae, raise_above: 1000}, {metric: rmse, raise_above: 1000}]
            """)
        let events = EventLog()
        let replay = try Replay(configuration: configuration)
        var source = InMemorySource(messages(rows))
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        return events
    }

    private static func reconciled(_ events: EventLog) -> [JudgedWindow] {
        events.all.compactMap { event in
            if case .windowJudged(let window) = event, window.kind == .reconciliation { window } else { nil }
        }
    }

    /// Mean of abs(estimated − realised) / realised, over windows.
    private static func error(_ windows: [JudgedWindow], _ metric: PerformanceMetric) -> Double {
        let found = windows.compactMap { window -> Double? in
            guard let value = window.estimates.first(where: { $0.metric == metric }), let said = value.estimated,
                let real = value.realized
            else { return nil }
            return abs(said - real) / real
        }
        return found.reduce(0, +) / Double(max(1, found.count))
    }

    @Test func withoutDriftNothingIsSaidAndEstimatesAgree() throws {
        var generator = SeededGenerator(seed: 71)
        let rows = try Self.rows().shuffled(using: &generator)
        let events = try Self.replay(rows)
        #expect(events.fired.isEmpty, "\(events.fired.map(\.detector))")
        let windows = Self.reconciled(events)
        let agreeing = windows.count { $0.estimates.allSatisfy { $0.agrees == true } }
        #expect(windows.count > 50 && agreeing >= windows.count - 5, "\(agreeing) of \(windows.count)")
        let (mae, rmse) = (Self.error(windows, .mae), Self.error(windows, .rmse))
        #expect(mae < 0.05 && rmse < 0.06, "\(mae), \(rmse)")
    }

    /// Demand grows with the second year: in what the model says, and in what turns out. Its errors grow with it, beyond
    /// what its errors of the first year can tell: the estimates rise by less than half of it, and the labels say so.
    @Test func growthIsFoundAndItsErrorsAreEstimatedInPart() throws {
        var generator = SeededGenerator(seed: 72)
        let rows = try Self.rows()
        let first = rows.filter { !$0.isSecondYear }
        let second = rows.filter(\.isSecondYear)
        let change = Self.start + Int64(first.count) * Self.hour / 10
        let events = try Self.replay(first.shuffled(using: &generator) + second.shuffled(using: &generator))
        #expect(events.fired.map(\.detector).sorted() == ["drift/outcome/divergence", "drift/prediction/divergence"])
        for alert in events.fired {
            #expect((0...40).contains((alert.verdict.windowEnd - change) / Self.hour), "\(alert.detector)")
        }
        let windows = Self.reconciled(events)
        let before = windows.filter { $0.endMicroseconds <= change }
        let after = windows.filter { $0.startMicroseconds >= change }
        #expect(before.count > 15 && before.allSatisfy { $0.estimates.allSatisfy { $0.agrees == true } })
        #expect(Self.error(before, .mae) < 0.05 && Self.error(before, .rmse) < 0.08)
        func mean(_ windows: [JudgedWindow], _ value: (EstimatedMetric) -> Double?) -> Double {
            windows.compactMap { $0.estimates.first.flatMap(value) }.reduce(0, +) / Double(max(1, windows.count))
        }
        let expected = mean(after) { $0.estimated } / mean(before) { $0.estimated }
        let realized = mean(after) { $0.realized } / mean(before) { $0.realized }
        #expect(expected > 1.25 && realized > 1.6, "\(expected), \(realized)")
        #expect(after.count > 30 && after.allSatisfy { $0.estimates.first?.agrees == false })
    }

    /// In order of time the first months tell the losses of the whole first year within a tenth, summer and autumn included.
    @Test func inOrderOfTimeTheFirstYearIsEstimated() throws {
        let rows = try Self.rows()
        let events = try Self.replay(rows)
        let change = Self.start + Int64(rows.count { !$0.isSecondYear }) * Self.hour / 10
        let windows = Self.reconciled(events).filter { $0.endMicroseconds <= change }
        let (mae, rmse) = (Self.error(windows, .mae), Self.error(windows, .rmse))
        #expect(windows.count > 15 && mae < 0.1 && rmse < 0.1, "\(mae), \(rmse)")
    }
}
