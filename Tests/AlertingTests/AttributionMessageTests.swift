import Detection
import Foundation
import Testing

@testable import Alerting

@Suite struct AttributionMessageTests {
    private static let columns = ColumnAttribution(
        statistic: "psi", weights: .model, drifted: 3, judged: 8, driftedImportance: 0.67,
        parts: [
            ColumnAttribution.Part(column: "amount", value: 0.5, importance: 0.44, share: 0.61),
            ColumnAttribution.Part(column: "channel", value: 0.4, importance: 0.21, share: 0.388),
            ColumnAttribution.Part(column: "vicprice", value: 2.31, importance: 0.002, share: 0.002),
        ])

    private func fired(_ verdict: Verdict, _ attribution: VerdictAttribution?) throws -> Alert {
        var verdict = verdict
        verdict.attribution = attribution
        var book = AlertBook()
        return try #require(book.observe([verdict]).first).alert
    }

    private func data(_ alert: Alert) throws -> [String: Any] {
        let body = try JSONSerialization.jsonObject(with: Data(AlertMessage.body(for: alert))) as? [String: Any]
        return try #require(body?["data"] as? [String: Any])
    }

    @Test func aDriftSaysWhichColumnsCarryIt() throws {
        let plain = try fired(verdict(.drift), nil)
        let alert = try fired(verdict(.drift), VerdictAttribution(columns: Self.columns, importance: 0.002))
        #expect(alert.id == plain.id)
        let expected =
            AlertMessage.summary(for: plain)
            + "; the window's drift weighed by importance: amount (61 %, importance 0.44), channel (39 %, 0.21)"
            + "; the 3 drifted columns carry 0.67 of the model's importance"
        #expect(AlertMessage.summary(for: alert) == expected)
        let data = try data(alert)
        #expect(data["summary"] as? String == expected)
        let attribution = try #require(data["attribution"] as? [String: Any])
        #expect(attribution["importance"] as? Double == 0.002 && attribution["weights"] as? String == "model")
        #expect(attribution["drifted_columns"] as? Int == 3 && attribution["judged_columns"] as? Int == 8)
        #expect(attribution["drifted_importance"] as? Double == 0.67 && attribution["statistic"] as? String == "psi")
        let parts = try #require(attribution["columns"] as? [[String: Any]])
        #expect(parts.map { $0["column"] as? String } == ["amount", "channel", "vicprice"])
        #expect(parts[1]["share"] as? Double == 0.388 && parts[1]["value"] as? Double == 0.4)
        #expect(parts[1]["importance"] as? Double == 0.21)
        #expect(try self.data(plain)["attribution"] == nil)
    }

    @Test func aColumnThatDoesNotMatterSaysSo() throws {
        var columns = Self.columns
        columns.parts.removeLast()
        let alert = try fired(verdict(.drift), VerdictAttribution(columns: columns, importance: 0))
        #expect(AlertMessage.summary(for: alert).contains("; vicprice has importance 0; the 3 drifted"))
        columns.driftedImportance = 0
        let harmless = try fired(verdict(.drift), VerdictAttribution(columns: columns, importance: 0))
        #expect(
            AlertMessage.summary(for: harmless).hasSuffix("the 3 drifted columns carry none of the model's importance"))
        columns.drifted = 1
        let only = try fired(verdict(.drift), VerdictAttribution(columns: columns, importance: 0.003))
        #expect(AlertMessage.summary(for: only).hasSuffix("; the only drifted column, importance below 0.01"))
        let unknown = try fired(verdict(.drift), VerdictAttribution(columns: columns))
        #expect(AlertMessage.summary(for: unknown).hasSuffix("events)"))
    }

    private static let fall = PerformanceFall(
        windowStart: newYear, windowEnd: newYear + 86_400 * second, before: 0.912, fall: 0.25, isExact: true,
        compared: 4,
        parts: [
            PerformanceFall.Part(segment: "region=north", share: 0.92, pairShare: 0.25, before: 0.91, now: 0.1)
        ])

    private func degraded(_ attribution: VerdictAttribution) throws -> Alert {
        try fired(
            verdict(.drift, subject: .performance(metric: "accuracy"), value: 0.66, raise: 0.75, clear: 0.8),
            attribution)
    }

    @Test func aFallSaysWhereAndWhatMovedWithIt() throws {
        let alert = try degraded(VerdictAttribution(columns: Self.columns, fall: Self.fall))
        #expect(
            AlertMessage.summary(for: alert).hasSuffix(
                "672 labelled pairs); 0.912 in its first full window, the fall carried by region=north "
                    + "(92 % with 25 % of the pairs); drifted: amount (61 %, importance 0.44), channel (39 %, 0.21)"))
        let fall = try #require((try data(alert)["attribution"] as? [String: Any])?["fall"] as? [String: Any])
        #expect((fall["since"] as? [String: String])?["end"] == "2026-01-02T00:00:00Z")
        #expect(fall["before"] as? Double == 0.912 && fall["by"] as? Double == 0.25 && fall["exact"] as? Bool == true)
        let segment = try #require((fall["segments"] as? [[String: Any]])?.first)
        #expect(segment["segment"] as? String == "region=north" && segment["pairs"] as? Double == 0.25)
        #expect(segment["share"] as? Double == 0.92 && segment["now"] as? Double == 0.1)
    }

    @Test func whatIsNotKnownIsNotSaid() throws {
        func end(_ attribution: VerdictAttribution) throws -> String {
            let summary = AlertMessage.summary(for: try degraded(attribution))
            return String(try #require(summary.range(of: "pairs)").map { summary[$0.upperBound...] }))
        }
        #expect(try end(VerdictAttribution()) == "; drift of the columns is not known")
        var columns = Self.columns
        (columns.drifted, columns.parts, columns.driftedImportance) = (0, [], 0)
        #expect(try end(VerdictAttribution(columns: columns)) == "; no column has drifted")
        var fall = Self.fall
        fall.parts = []
        let spread = "; 0.912 in its first full window, the fall is spread over the segments; no column has drifted"
        #expect(try end(VerdictAttribution(columns: columns, fall: fall)) == spread)
        (fall.compared, fall.fall) = (0, -0.1)
        let better = "; no better in its first full window: 0.912; no column has drifted"
        #expect(try end(VerdictAttribution(columns: columns, fall: fall)) == better)
    }

    /// The end of an alert does not repeat what carried it.
    @Test func theEndIsSilent() throws {
        var raised = verdict(.drift)
        raised.attribution = VerdictAttribution(columns: Self.columns)
        var book = AlertBook()
        _ = book.observe([raised])
        let closed = try #require(book.supersede(model: "electricity", version: "3", atMicroseconds: newYear).first)
            .alert
        #expect(try data(closed)["attribution"] == nil)
        #expect(!AlertMessage.summary(for: closed).contains("carried"))
    }

    /// The outbox keeps the body, the checkpoint the alert: both survive a restart.
    @Test func anAlertKeepsItThroughARestart() throws {
        var raised = verdict(.drift)
        raised.attribution = VerdictAttribution(columns: Self.columns, importance: 0.002)
        var book = AlertBook()
        let alert = try #require(book.observe([raised]).first).alert
        let restored = try JSONDecoder().decode(AlertBook.self, from: JSONEncoder().encode(book))
        #expect(restored == book)
        #expect(AlertMessage.body(for: try #require(restored.openAlerts.first)) == AlertMessage.body(for: alert))
    }

    @Test(arguments: ["\u{1}", "🌊", "a"]) func anyNamesMakeABodyBelow20kB(_ character: String) throws {
        let name = String(repeating: character, count: 1_000)
        let parts = (0..<5).map {
            ColumnAttribution.Part(column: "\($0)" + name, value: 1, importance: 0.2, share: 0.2)
        }
        var columns = Self.columns
        columns.parts = parts
        var long = verdict(.drift, version: name, subject: .drift(column: name, statistic: "psi"))
        (long.model, long.segment) = (name, name)
        let alert = try fired(long, VerdictAttribution(columns: columns, importance: 0.2))
        let body = AlertMessage.body(for: alert)
        #expect(body.count <= 20_000)
        #expect(try JSONSerialization.jsonObject(with: Data(body)) is [String: Any])
        guard character != "\u{1}" else { return }
        #expect(try data(alert)["attribution"] != nil)
    }
}
