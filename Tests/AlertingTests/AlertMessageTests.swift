import Detection
import Foundation
import Testing

@testable import Alerting

struct AlertMessageTests {
    private struct Body: Decodable, Equatable {
        struct Window: Decodable, Equatable {
            var start: String
            var end: String
        }
        struct Contents: Decodable, Equatable {
            // Snake case is converted by the decoder, which writes `Id`.
            var alertId: String
            var model: String
            var version: String
            var detector: String
            var severity: String
            var status: String
            var value: Double?
            var threshold: Double
            var pValue: Double?
            var onset: String
            var window: Window
            var count: Int
            var reason: String
            var summary: String
        }
        var type: String
        var timestamp: String
        var data: Contents
    }

    private func body(_ alert: Alert) throws -> Body {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Body.self, from: Data(AlertMessage.body(for: alert)))
    }

    @Test func aDriftSaysWhatWhereAndHowMuch() throws {
        let alert = episode()[0].alert
        let body = try body(alert)
        #expect(body.type == "tidewatch.drift.detected")
        #expect(body.timestamp == "2026-01-02T00:00:00Z")
        #expect(
            body.data
                == Body.Contents(
                    alertId: alert.id, model: "electricity", version: "3", detector: "drift/vicprice/psi",
                    severity: "warning", status: "firing", value: 2.31, threshold: 0.25, pValue: nil,
                    onset: "2026-01-01T00:00:00Z",
                    window: Body.Window(start: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z"), count: 672,
                    reason: "evidence_and_effect",
                    summary: "electricity v3: psi of vicprice 2.31 is above 0.25 "
                        + "(window 2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z, 672 events)"))
        #expect(String(decoding: AlertMessage.body(for: alert), as: UTF8.self).contains("\"p_value\":null"))
        #expect(AlertMessage.id(for: alert) == alert.id + ".firing")
    }

    @Test func theEndOfAnAlertIsAnotherMessage() throws {
        let alert = episode()[1].alert
        let body = try body(alert)
        #expect(body.type == "tidewatch.drift.resolved")
        #expect(body.data.status == "resolved" && body.data.reason == "cleared")
        #expect(AlertMessage.id(for: alert) == alert.id + ".resolved")
    }

    @Test func performanceDegradesAndRecovers() throws {
        let subject = VerdictSubject.performance(metric: "roc_auc")
        var book = AlertBook()
        let fired = book.observe([verdict(.drift, subject: subject, value: 0.66, raise: 0.75, clear: 0.75)])
        let closed = book.supersede(model: "electricity", version: "3", atMicroseconds: newYear)
        let degraded = try body(try #require(fired.first).alert)
        #expect(degraded.type == "tidewatch.performance.degraded")
        #expect(degraded.data.summary.contains("roc_auc 0.66 is below 0.75"))
        #expect(degraded.data.summary.contains("672 labelled pairs"))
        let recovered = try body(try #require(closed.first).alert)
        #expect(recovered.type == "tidewatch.performance.recovered")
        #expect(recovered.timestamp == "2026-01-01T00:00:00Z" && recovered.data.reason == "superseded")
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func numbersThatJSONCannotHoldAreNull(_ value: Double) throws {
        var book = AlertBook()
        let alert = try #require(book.observe([verdict(.drift, value: value)]).first).alert
        #expect(try body(alert).data.value == nil)
    }

    @Test(arguments: ["a\"b\\c\nd\u{0}e", "größe 東京 🌊", String(repeating: "\u{1}", count: 100_000)])
    func anyNameMakesABodyBelow20kB(_ name: String) throws {
        var book = AlertBook()
        let long = verdict(.drift, version: name, subject: .drift(column: name, statistic: "psi"))
        let alert = try #require(book.observe([long]).first).alert
        #expect(AlertMessage.body(for: alert).count < 20_000)
        let version = try body(alert).data.version
        #expect(version == name || version.hasSuffix("…"))
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00Z"), (1_767_225_599_123_456, "2025-12-31T23:59:59.123Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"), (.max, "9999-12-31T23:59:59.999Z"),
        (.min, "0000-01-01T00:00:00Z"),
    ])
    func timesAreRFC3339(_ microseconds: Int64, _ text: String) {
        #expect(RFC3339.text(microseconds) == text)
    }
}
