import Agent
import Alerting
import Detection
import Events
import Foundation
import Learning
import Statistics
import Testing

/// Estimated performance and prediction drift on real streams. They need `TIDEWATCH_DATA`.
@Suite(.serialized, .enabled(if: RealData.isThere, "TIDEWATCH_DATA names no folder: skipped"))
struct RealEstimateTests {
    private static func windows(_ events: EventLog, _ kind: JudgedWindow.Kind) -> [JudgedWindow] {
        events.all.compactMap { event in
            if case .windowJudged(let window) = event, window.kind == kind { window } else { nil }
        }
    }

    /// Elec2, scored by a model of its first 8,000 rows; outcomes come a day later.
    private static func electricity(_ range: Range<Int>) throws -> [SourceMessage] {
        let path = RealData.path("elec2_electricity_nsw.csv.gz")
        let rows = try ElectricityStream.rows(path: path)
        let table = try Table.read(path: path).dropping(["date"])
        let model = try BoostedTreeLearner(parameters: BoostingParameters(rounds: 60, maximumDepth: 4)).fit(
            table.rows(0..<8_000), target: "class", task: .binary(positive: ElectricityStream.positive))
        let scores = try model.predict(table.rows(range).dropping(["class"])).probabilities
        var messages: [SourceMessage] = []
        for (row, score) in zip(rows[range], scores) {
            let id = "\(row.timeMicroseconds)"
            messages.append(
                message(id, at: row.timeMicroseconds) { writer in
                    writer.field("kind", "prediction")
                    writer.field("score", score)
                    writer.key("features")
                    writer.beginObject()
                    for feature in row.features {
                        if case .number(let number) = feature.value { writer.field(feature.name, number) }
                    }
                    writer.endObject()
                })
            messages.append(
                message(id, at: row.timeMicroseconds + 86_400_000_000) { writer in
                    writer.field("kind", "outcome")
                    writer.field("label", row.label)
                })
        }
        return messages.sorted { $0.timestampMicroseconds < $1.timestampMicroseconds }
    }

    private static func message(
        _ id: String, at time: Int64, _ body: (inout JSONWriter) -> Void
    ) -> SourceMessage {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("id", id)
        writer.field("model", "m")
        writer.field("time", EventTime.format(time))
        body(&writer)
        writer.endObject()
        return SourceMessage(
            source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [], value: writer.bytes)
    }

    @Test func elec2PredictionsDriftAndEstimatesAreReconciled() throws {
        let configuration = try AgentConfiguration.parse(
            """
            models:
              - name: m
                task: binary
                positive: UP
                reference: {learn: 3000}
                window: {length: 14d, slide: 7d}
                max_label_delay: 2d
                drift: {rules: [{statistic: psi, columns: [prediction], raise: 0.1, maximum_p_value: 0.001}]}
                quality: {defaults: false}
                performance: {estimate: true, calibration_pairs: 1500, rules: [{metric: accuracy, raise_below: 0.1}]}
            """)
        let events = EventLog()
        let replay = try Replay(configuration: configuration)
        var source = InMemorySource(try Self.electricity(8_000..<30_000))
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        #expect(Set(events.fired.map(\.detector)) == ["drift/prediction/psi"])

        func row(_ window: JudgedWindow) -> Int64 {
            (window.endMicroseconds - ElectricityStream.start) / ElectricityStream.step
        }
        let reconciled = Self.windows(events, .reconciliation)
        #expect(reconciled.allSatisfy { $0.estimates.map(\.metric) == [.accuracy] && $0.labelMaturity ?? 0 > 0.99 })
        // As long as scores mean what they meant: off by 0.02 on average.
        let early = reconciled.filter { row($0) <= 14_880 }
        let agreeing = early.count { $0.estimates.first?.agrees == true }
        #expect(early.count == 14 && agreeing >= 11, "\(agreeing) of \(early.count)")
        let error = try #require(early.last?.estimates.first?.meanError)
        #expect(error < 0.03, "\(error)")
        // Then the market changes, the model grows surer, and is wrong: no estimate from scores can know, labels do.
        let late = reconciled.filter { row($0) >= 19_248 }
        #expect(late.count > 25)
        for window in late {
            let accuracy = try #require(window.estimates.first)
            #expect(accuracy.agrees == false && (accuracy.estimated ?? 0) > (accuracy.realized ?? 1) + 0.1)
        }
        #expect(try #require(late.last?.estimates.first?.meanError) > 0.1)
    }

    /// NannyML's housing table: the fall of ROC AUC to 0.66 in rows 7,000 to 8,999 is in the scores, so it is estimated
    /// before a label is in.
    @Test func housingsFallIsEstimated() throws {
        let configuration = try AgentConfiguration.load(
            path: RealData.repository("config/california-housing.yaml"),
            overrides: [
                "models[0].performance.estimate=true", "models[0].performance.calibration_pairs=3000",
                "models[0].performance.rules=[{metric: roc_auc, raise_below: 0.75, clear: 0.8, estimated: true}]",
            ], environment: [:])
        let events = EventLog()
        let replay = try Replay(configuration: configuration)
        var source = try CSVSource(
            path: RealData.path("nannyml_california_housing.csv.gz"),
            mapping: CSVMapping(
                model: "housing", predictionColumn: "y_pred", scoreColumn: "y_pred_proba",
                outcomeColumn: "clf_target", timeColumn: "timestamp", idColumn: "id", excludedColumns: ["_partition"]))
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        let hour: Int64 = 3_600_000_000
        let start = try #require(EventTime.parse("2020-10-01T00:00:00Z"))
        let alert = try #require(events.fired.first)
        #expect(events.fired.map(\.detector) == ["estimate/roc_auc"])
        #expect((alert.verdict.windowStart - start) / hour == 7_000)
        let reconciled = Self.windows(events, .reconciliation)
        let agreeing = reconciled.count { $0.estimates.first?.agrees == true }
        #expect(reconciled.count >= 8 && agreeing >= 6, "\(agreeing) of \(reconciled.count)")
        for window in reconciled where (7_000..<9_000).contains((window.startMicroseconds - start) / hour) {
            let area = try #require(window.estimates.first)
            #expect(abs((area.estimated ?? 0) - (area.realized ?? 1)) < 0.05)
        }
    }
}
