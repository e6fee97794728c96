import Agent
import Alerting
import Detection
import Events
import Foundation
import Testing
import Windowing

/// The two real streams. They need `TIDEWATCH_DATA`.
@Suite(.serialized, .enabled(if: RealData.isThere, "TIDEWATCH_DATA names no folder: skipped"))
struct RealDataTests {
    /// Elec2 through the embedded broker: `vicprice` starts to vary at row 17,424.
    @Test func elec2DriftIsFoundAndRetrainingPays() throws {
        let rows = try ElectricityStream.rows(path: RealData.path("elec2_electricity_nsw.csv.gz"))
        let configuration = try AgentConfiguration.load(
            path: RealData.repository("config/elec2.yaml"), environment: [:])
        let events = EventLog()
        let directory = NSTemporaryDirectory() + "tidewatch-elec2-\(UUID().uuidString)"
        defer { RealData.remove(directory) }
        let demonstration = try Demonstration(
            configuration: configuration, training: Array(rows.prefix(10_000)),
            labelDelayMicroseconds: 2 * 86_400_000_000, directory: directory, observer: events.append)
        let frozen = try FrozenModel(demonstration)
        var live: [Bool] = []
        var still: [Bool] = []
        for start in stride(from: 10_000, to: 32_500, by: 192) {
            let step = Array(rows[start..<min(start + 192, 32_500)])
            live += try demonstration.serve(step)
            still += try frozen.serve(step)
        }
        try demonstration.finish()

        let alerts = events.fired.filter { $0.detector == "drift/vicprice/psi" }
        let first = try #require(alerts.map(\.verdict.windowEnd).min())
        let row = { (number: Int64) in ElectricityStream.start + number * ElectricityStream.step }
        #expect(first > row(17_000), "not before row 17,000")
        let window: Int64 = 14 * 86_400_000_000
        #expect(first <= row(17_424) + 2 * window, "within two windows after row 17,424")
        #expect(events.promotions >= 2, "the first version and at least one retrained one")
        let liveShare = Double(live.count { $0 }) / Double(live.count)
        let frozenShare = Double(still.count { $0 }) / Double(still.count)
        #expect(liveShare > frozenShare, "champions \(liveShare), frozen \(frozenShare)")
        #expect(events.problems.isEmpty, "\(events.problems)")
    }

    /// California housing replayed with its own scores: ROC AUC falls around rows 7,000 to 8,999 and comes back.
    @Test func housingAlertsWhenItsAUCFallsAndResolvesWhenItIsBack() throws {
        let configuration = try AgentConfiguration.load(
            path: RealData.repository("config/california-housing.yaml"), environment: [:])
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
        #expect(events.fired.count == 1)
        #expect(alert.detector == "performance/roc_auc")
        #expect((alert.verdict.windowStart - start) / hour == 7_000)
        #expect(abs((alert.verdict.value ?? 0) - 0.665) < 0.01)
        let resolved = try #require(events.resolved.first)
        #expect(events.resolved.count == 1)
        #expect((resolved.verdict.windowStart - start) / hour == 9_000)
        #expect((resolved.verdict.value ?? 0) > 0.85)
        #expect(replay.counters.joined == 14_064)
        #expect(replay.counters.rejectedTotal == 0)
    }
}
