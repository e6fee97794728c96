import Foundation
import Statistics
import Testing
import TidewatchTestKit

/// Against SciPy's values in `Fixtures/sequential/tails.json`.
struct SequentialTests {
    private struct Tails: Decodable {
        var binned: [[Double]]
        var referenceError: [[Double]]
        var bounds: [[Double]]
        var calibrator: [[Double]]
    }

    private static func tails() throws -> Tails {
        let url = try #require(
            Bundle.module.url(forResource: "tails", withExtension: "json", subdirectory: "Fixtures/sequential"))
        return try JSONDecoder().decode(Tails.self, from: Data(contentsOf: url))
    }

    private func isClose(_ a: Double, _ b: Double, _ relative: Double = 1e-6) -> Bool {
        (a - b).magnitude <= relative * max(b.magnitude, 1e-300)
    }

    @Test func binnedTailsAreSciPys() throws {
        let rows = try Self.tails().binned
        try #require(rows.count > 50)
        for row in rows {
            let tail = ToleranceTests.binnedTail(
                statistic: row[0], degrees: Int(row[1]), samples: row[2], tolerance: row[3], dispersion: row[4])
            #expect(isClose(tail, row[5]), "\(row): \(tail)")
        }
    }

    @Test func referenceErrorsAndBoundsAreSciPys() throws {
        let tails = try Self.tails()
        for row in tails.referenceError {
            #expect(
                isClose(ToleranceTests.binnedReferenceError(degrees: Int(row[0]), referenceSamples: row[1]), row[2]))
        }
        for row in tails.bounds {
            let bounds = ToleranceTests.shareBounds(count: row[0], of: row[1])
            #expect(isClose(bounds.lowerBound, row[2]) && isClose(bounds.upperBound, row[3]), "\(row): \(bounds)")
        }
    }

    @Test func theCalibratorHasItsLimits() throws {
        for row in try Self.tails().calibrator {
            #expect(isClose(EvidenceCalibrator.logEValue(ofPValue: row[0]), row[1], 1e-9), "\(row)")
        }
        #expect(isClose(EvidenceCalibrator.logEValue(ofPValue: 1), log(0.5)))
        #expect(isClose(EvidenceCalibrator.logEValue(ofPValue: 1 - 1e-9), log(0.5)))
        #expect(EvidenceCalibrator.logEValue(ofPValue: 0).isFinite)
        // An e-value has mean 1 for a uniform p: the integral over 10⁻⁹…1; what is left out is 1/ln 10⁹.
        let steps = 200_000
        let width = log(1e9) / Double(steps)
        let integral = (0..<steps).reduce(0.0) { sum, step in
            let p = exp(-(Double(step) + 0.5) * width)
            return sum + exp(EvidenceCalibrator.logEValue(ofPValue: p)) * p * width
        }
        #expect((integral + 1 / log(1e9) - 1).magnitude < 1e-4)
    }

    @Test func theDetectorAddsAndMultiplies() {
        var detector = ShiryaevRoberts()
        var values: [Double] = []
        for e in [2.0, 2, 0.5] {
            detector.add(logEValue: log(e))
            values.append(exp(detector.logValue ?? .nan))
        }
        for (value, wanted) in zip(values, [2, 6, 3.5]) { #expect(isClose(value, wanted, 1e-12)) }
        for _ in 0..<100 { detector.add(logEValue: 1e5) }
        #expect(detector.logValue == 1e6)
    }

    @Test func eBHRejectsTheLargest() {
        func rejected(_ e: [Double]) -> [Bool] {
            EBenjaminiHochberg.rejected(logEValues: e.map { log($0) }, level: 0.05)
        }
        #expect(rejected([1, 100, 30]) == [false, true, true])
        #expect(rejected([19, 19, 19]) == [false, false, false])
        #expect(rejected([21, 21, 21]) == [true, true, true])
        #expect(rejected([]) == [])
    }

    @Test func kolmogorovSmirnovTailIsOneWithinTheTolerance() {
        #expect(ToleranceTests.kolmogorovSmirnovTail(distance: 0.04, samples: 1_000, tolerance: 0.04) == 1)
        let tail = ToleranceTests.kolmogorovSmirnovTail(distance: 0.1, samples: 1_000, tolerance: 0.04)
        #expect(isClose(tail, 2 * exp(-7.2)))
        #expect(
            isClose(ToleranceTests.kolmogorovSmirnovReferenceError(referenceSamples: 1_000), 0.061647799877819, 1e-9))
    }

    @Test(arguments: [
        ("1 per 30d", "1 per 30d"), ("1 per week", "1 per 7d"), ("2 per 12h", "2 per 12h"),
        ("3 per 2 weeks", "3 per 14d"),
        ("1 PER Month", "1 per 30d"), ("5 per 90 minutes", "5 per 90m"), ("1 per 365 days", "1 per 365d"),
    ])
    func budgetsAreRead(_ text: String, _ wanted: String) {
        #expect(FalseAlarmBudget(text)?.description == wanted)
    }

    @Test(arguments: [
        "", "1", "1 per", "0 per day", "1 per 0d", "-1 per day", "1 in 30d", "1 per fortnight", "x per day",
        "1 per 101 years",
        "1 per 30 d 5", "9999999 per day",
    ])
    func otherBudgetsAreNot(_ text: String) {
        #expect(FalseAlarmBudget(text) == nil)
    }

    @Test func theBudgetIsDividedByColumnsAndShares() throws {
        let budget = try #require(FalseAlarmBudget("1 per 30d"))
        let hour: Int64 = 3_600_000_000
        #expect(budget.averageRunLength(paneMicroseconds: hour, detectors: 30) == 21_600)
        #expect(budget.averageRunLength(paneMicroseconds: hour, detectors: 30, share: 0.5) == 43_200)
        #expect(
            try #require(FalseAlarmBudget("5000 per 30d")).averageRunLength(paneMicroseconds: hour, detectors: 1) == 1)
    }

    /// A series whose neighbours correlate by 0.8 has φ = (1 + 0.8)/(1 − 0.8) = 9.
    @Test func overDispersionIsThatOfTheSeries() throws {
        var stream = DriftStream(seed: 5)
        var level = 0.0
        let chunks = (0..<200).map { _ in
            var sum = 0.0
            for _ in 0..<500 {
                level = 0.8 * level + 0.6 * stream.normal()
                sum += level
            }
            return (sum: sum, count: 500.0)
        }
        let dependent = try #require(OverDispersion.estimate(chunks: chunks, variance: 1))
        #expect(dependent > 8 && dependent < 20)
        let independent = (0..<200).map { _ in (sum: stream.normals(50).reduce(0, +), count: 50.0) }
        let none = try #require(OverDispersion.estimate(chunks: independent, variance: 1))
        #expect(none >= 1 && none < 3)
        #expect(OverDispersion.estimate(chunks: Array(chunks.prefix(9)), variance: 1) == nil)
    }
}
