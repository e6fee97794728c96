import Agent
import Alerting
import Detection
import Events
import Foundation
import Learning
import Testing
import Windowing

/// Elec2: `vicprice` starts to vary at row 17,424, and so do `vicdemand` and `transfer`.
@Suite(.enabled(if: RealData.isThere, "TIDEWATCH_DATA names no folder: skipped"))
struct ElectricityAttributionTests {
    private static func source(_ rows: some Sequence<ProductionRow>) -> InMemorySource {
        InMemorySource(
            rows.enumerated().map { number, row in
                var writer = JSONWriter()
                writer.beginObject()
                writer.field("kind", "prediction")
                writer.field("id", "\(number)")
                writer.field("model", "electricity")
                writer.field("time", EventTime.format(row.timeMicroseconds))
                writer.key("features")
                writer.beginObject()
                for (name, value) in row.features { if case .number(let number) = value { writer.field(name, number) } }
                writer.endObject()
                writer.endObject()
                return SourceMessage(
                    source: 0, partition: 0, offset: 0, timestampMicroseconds: row.timeMicroseconds, key: [],
                    value: writer.bytes)
            })
    }

    /// XGBoost's total gain on all rows of the table, 200 rounds of depth 6: the columns from Victoria are constant, so
    /// without importance, in the first 17,424.
    private static let importance = """
        {nswprice: 0.5459, nswdemand: 0.1192, period: 0.0864, vicprice: 0.0735, day: 0.0668, transfer: 0.0566, \
        vicdemand: 0.0517}
        """

    @Test func vicpriceCarriesTheDriftAfterItStartsToVary() throws {
        let rows = try ElectricityStream.rows(path: RealData.path("elec2_electricity_nsw.csv.gz"))
        var configuration = try AgentConfiguration.load(
            path: RealData.repository("config/elec2.yaml"), overrides: ["models[0].importance=\(Self.importance)"],
            environment: [:])
        configuration.models[0].performance.rules = []
        let events = EventLog()
        let replay = try Replay(configuration: configuration)
        var source = Self.source(rows.prefix(18_500))
        try replay.run(&source, observer: events.append)
        replay.finish(observer: events.append)
        let begin = ElectricityStream.start + 17_424 * ElectricityStream.step
        let windows = events.all.compactMap { event -> JudgedWindow? in
            if case .windowJudged(let window) = event, window.kind == .drift { window } else { nil }
        }
        let named = { (window: JudgedWindow) in
            window.verdicts.compactMap(\.attribution?.columns).first?.parts.map(\.column) ?? []
        }
        for window in windows where window.endMicroseconds <= begin {
            #expect(!named(window).contains("vicprice"))
        }
        // Two weeks after it has started to vary it fills the windows.
        let late = windows.filter { $0.startMicroseconds >= begin }
        #expect(late.count > 5)
        for window in late {
            #expect(named(window).first == "vicprice", "\(named(window))")
            let columns = try #require(window.verdicts.compactMap(\.attribution?.columns).first)
            #expect((columns.parts.first?.share ?? 0) > 0.3 && columns.weights == .configuration)
            #expect((columns.driftedImportance ?? 0) >= 0.0735 + 0.0566 + 0.0517 - 1e-9)
        }
        let alert = try #require(events.fired.first { $0.detector == "drift/vicprice/psi" })
        #expect(alert.verdict.windowEnd > begin)
        #expect(abs((alert.verdict.attribution?.importance ?? 0) - 0.0735) < 1e-4)
    }
}
