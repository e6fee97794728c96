import Testing
import TidewatchTestKit

@testable import Alerting

struct BackoffTests {
    @Test func theCeilingDoublesUpToTheCap() {
        let backoff = Backoff()
        let seconds = (1...12).map { backoff.ceilingMicroseconds(failures: $0) / 1_000_000 }
        #expect(seconds == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
        #expect(backoff.ceilingMicroseconds(failures: .max) == 300_000_000)
        #expect(backoff.ceilingMicroseconds(failures: 0) == 1_000_000)
    }

    @Test(arguments: [1, 4, 9, 40])
    func theDelayIsSpreadOverTheWholeRange(_ failures: Int) {
        var generator = SeededGenerator(seed: 11)
        let backoff = Backoff()
        let ceiling = Double(backoff.ceilingMicroseconds(failures: failures))
        let delays = (0..<4000).map { _ in
            Double(backoff.delayMicroseconds(failures: failures, using: &generator)) / ceiling
        }
        #expect(delays.allSatisfy { $0 > 0 && $0 <= 1 })
        // The mean of 4,000 uniform draws: 0.5 ± 0.0046 (one standard error); five of them.
        #expect(abs(delays.reduce(0, +) / 4000 - 0.5) < 0.023)
        #expect((delays.min() ?? 1) < 0.01 && (delays.max() ?? 0) > 0.99)
    }

    @Test func endpointsDrawApart() {
        var (first, same, other) = (
            JitterGenerator(seed: 1, name: "a"), JitterGenerator(seed: 1, name: "a"),
            JitterGenerator(seed: 1, name: "b")
        )
        let drawn = first.next()
        #expect(drawn == same.next() && drawn != other.next())
    }

    @Test(arguments: [
        ("0", Int64(0)), ("120", 120_000_000), (" 7 ", 7_000_000), ("999999", 3_600_000_000),
        ("99999999999999999999", 3_600_000_000), ("Thu, 01 Jan 2026 00:02:00 GMT", 120_000_000),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0), ("Fri, 02 Jan 2026 00:00:00 GMT", 3_600_000_000),
    ])
    func retryAfterIsSecondsOrADate(_ text: String, _ delay: Int64) {
        #expect(RetryAfter.delayMicroseconds(text, nowMicroseconds: newYear) == delay)
    }

    @Test(arguments: ["", "soon", "-5", "1.5"])
    func anUnreadableRetryAfterIsNone(_ text: String) {
        #expect(RetryAfter.delayMicroseconds(text, nowMicroseconds: newYear) == nil)
    }
}
