import Foundation
import Statistics
import Testing

/// The same alarms at the same values as river and frouros (`Fixtures/online/generate.py` names the exceptions).
struct OnlineOracleTests {
    private struct Oracle: Decodable {
        var cases: [Case]
    }

    private struct Case: Decodable {
        var stream: String
        var values: [Double]
        var found: [String: Found]
    }

    private struct Found: Decodable {
        var drifts: [Int]
        var warnings: [Int]
        var width: Double?
        var total: Double?
    }

    private static func cases() throws -> [Case] {
        let url = try #require(
            Bundle.module.url(forResource: "online", withExtension: "json", subdirectory: "Fixtures/online"))
        return try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: url)).cases
    }

    private func compare(_ name: String, _ begin: () -> some OnlineDetector) throws {
        var alarms = 0
        var compared = 0
        for one in try Self.cases() {
            guard let expected = one.found[name] else { continue }
            var detector = begin()
            var drifts: [Int] = []
            var warnings: [Int] = []
            for (index, value) in one.values.enumerated() {
                switch detector.update(value) {
                case .drift: drifts.append(index)
                case .warning: warnings.append(index)
                case .none: break
                case .refused: Issue.record("\(value) was refused")
                }
            }
            #expect(drifts == expected.drifts, "\(name) on '\(one.stream)'")
            #expect(warnings == expected.warnings, "\(name) on '\(one.stream)'")
            alarms += drifts.count
            compared += 1
        }
        #expect(alarms > 0 && compared >= 3, "\(name) was not tried")
    }

    @Test func pageHinkley() throws { try compare("page_hinkley") { PageHinkley() } }
    @Test func cumulativeSum() throws {
        try compare("cusum") { CumulativeSum(CumulativeSum.Parameters(direction: .up)) }
    }
    @Test func driftDetectionMethod() throws { try compare("ddm") { DriftDetectionMethod() } }
    @Test func earlyDriftDetectionMethod() throws { try compare("eddm") { EarlyDriftDetectionMethod() } }
    @Test func hoeffdingAverages() throws { try compare("hddm_a") { HoeffdingAverages() } }
    @Test func hoeffdingAveragesOnBothSides() throws {
        try compare("hddm_a two-sided") { HoeffdingAverages(HoeffdingParameters(isTwoSided: true)) }
    }
    @Test func hoeffdingWeightedAverages() throws { try compare("hddm_w") { HoeffdingWeightedAverages() } }
    @Test func adaptiveWindow() throws { try compare("adwin") { AdaptiveWindow() } }

    @Test func theAdaptiveWindowKeepsWhatTheOraclesKeeps() throws {
        for one in try Self.cases() {
            let expected = try #require(one.found["adwin"])
            var window = AdaptiveWindow()
            for value in one.values { _ = window.update(value) }
            #expect(window.width == expected.width)
            let mean = try #require(window.mean)
            let known = try #require(expected.total) / window.width
            #expect(abs(mean - known) <= 1e-9 * max(1, abs(known)), "\(one.stream)")
        }
    }
}
