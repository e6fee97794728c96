import Foundation
import Testing
import TidewatchTestKit

@testable import Events

@Suite struct EventTimeTests {
    @Test(arguments: [
        ("2026-11-22T10:00:00Z", 1_795_341_600_000_000), ("2026-11-22T10:00:00.123Z", 1_795_341_600_123_000),
        ("2026-11-22T10:00:00.123456Z", 1_795_341_600_123_456),
        ("2026-11-22T10:00:00.123456999Z", 1_795_341_600_123_456),
        ("2026-11-22t10:00:00z", 1_795_341_600_000_000), ("2026-11-22T11:30:00+01:30", 1_795_341_600_000_000),
        ("2026-11-22T00:00:00-10:00", 1_795_341_600_000_000), ("2026-11-22T12:00:00+0200", 1_795_341_600_000_000),
        ("2026-11-22 12:00:00+02", 1_795_341_600_000_000), ("2026-11-22 10:00:00", 1_795_341_600_000_000),
        ("2026-11-22T10:00:00", 1_795_341_600_000_000), ("2020-10-01 00:00:00", 1_601_510_400_000_000),
        ("2020-10-01", 1_601_510_400_000_000), ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1_000_000),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000), ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000), ("9999-12-31T23:59:59Z", 253_402_300_799_000_000),
    ])
    func readsTheFormsThatOccur(text: String, expected: Int64) {
        #expect(EventTime.parse(text) == expected)
    }

    @Test(arguments: [
        "", "x", "2026", "2026-11-22T", "2026-11-22T10", "2026-11-22T10:00", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29", "2026-04-31", "2026-11-00",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z", "2026-11-22T10:00:61Z", "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00+",
        "2026-11-22T10:00:00+1", "2026-11-22T10:00:00+25:00", "2026-11-22T10:00:00+01:60", "2026-11-22T10:00:00ZZ",
        "2026-11-22T10:00:00 Z", "2026/11/22 10:00:00", "26-11-22T10:00:00Z", "1795341600", "2026-11-22T1:00:00Z",
        "2026-11-22T10:00:00.123", "+2026-11-22T10:00:00Z", "２０２６-11-22",
    ])
    func refusesEverythingElse(text: String) {
        // A fraction without a zone is the one form above that is good: UTC.
        let isGood = text == "2026-11-22T10:00:00.123"
        #expect((EventTime.parse(text) != nil) == isGood, "\(text)")
    }

    @Test func epochsAreToldByTheirMagnitude() {
        #expect(EventTime.parse(epoch: Int64(1_795_341_600)) == 1_795_341_600_000_000)
        #expect(EventTime.parse(epoch: Int64(1_795_341_600_123)) == 1_795_341_600_123_000)
        #expect(EventTime.parse(epoch: Int64(1_795_341_600_123_456)) == 1_795_341_600_123_456)
        #expect(EventTime.parse(epoch: Int64(1_795_341_600_123_456_789)) == nil)
        #expect(EventTime.parse(epoch: 1_795_341_600.25) == 1_795_341_600_250_000)
        #expect(EventTime.parse(epoch: 1_795_341_600_123.5) == 1_795_341_600_123_500)
        #expect(EventTime.parse(epoch: 1_795_341_600_123_456.0) == 1_795_341_600_123_456)
        for epoch in [Int64(-1), .min, .max] { #expect(EventTime.parse(epoch: epoch) == nil) }
        for epoch in [-0.5, .nan, .infinity, -.infinity, 1e17, 1e300] { #expect(EventTime.parse(epoch: epoch) == nil) }
        #expect(EventTime.parse(epoch: Int64(0)) == 0)
    }

    @Test func writesMillisecondsAndFinerOnlyWhereThereIsMore() {
        #expect(EventTime.format(0) == "1970-01-01T00:00:00.000Z")
        #expect(EventTime.format(1_795_341_600_123_000) == "2026-11-22T10:00:00.123Z")
        #expect(EventTime.format(1_795_341_600_000_007) == "2026-11-22T10:00:00.000007Z")
        #expect(EventTime.format(-1) == "1969-12-31T23:59:59.999999Z")
        #expect(EventTime.format(.max) == "9999-12-31T23:59:59.999999Z")
        #expect(EventTime.format(.min) == "0000-01-01T00:00:00.000Z")
    }

    @Test func whatIsWrittenIsReadAgain() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let time = Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &generator)
            #expect(EventTime.parse(EventTime.format(time)) == time)
        }
    }

    /// Foundation's calendar is an implementation of its own.
    @Test func agreesWithFoundation() throws {
        let formatter = ISO8601DateFormatter()
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let seconds = Int64.random(in: -2_000_000_000...4_000_000_000, using: &generator)
            let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(EventTime.parse(text) == seconds * 1_000_000)
        }
    }
}
