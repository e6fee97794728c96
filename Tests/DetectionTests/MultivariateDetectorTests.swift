import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Detection
@testable import Windowing

struct MultivariateDetectorTests {
    private static let hour: Int64 = 3_600_000_000
    private static let settings = MultivariateSettings(
        statistics: [.pcaReconstruction, .mmd], budget: FalseAlarmBudget(count: 1, periodMicroseconds: 720 * hour))

    /// Three columns, the first two correlated.
    private static func columns(_ stream: inout DriftStream, _ count: Int, _ correlation: Double) -> [[Double]] {
        var numbers = (0..<3).map { _ in stream.normals(count) }
        let rest = (1 - correlation * correlation).squareRoot()
        for row in 0..<count { numbers[1][row] = correlation * numbers[0][row] + rest * numbers[1][row] }
        return numbers
    }

    private static func pane(_ hour: Int, correlation: Double, count: Int = 300) -> RowPane {
        var stream = DriftStream(seed: UInt64(1_000 + hour))
        let numbers = columns(&stream, count, correlation)
        let rows = (0..<count).map { row in
            let text = """
                {"kind":"prediction","id":"\(hour)-\(row)","time":1767225600000000,"model":"m",\
                "features":{"x0":\(numbers[0][row]),"x1":\(numbers[1][row]),"x2":\(numbers[2][row])}}
                """
            return RetainedPrediction(
                timeMicroseconds: 1_767_225_600_000_000, recordMicroseconds: 1_767_225_600_000_000,
                message: Array(text.utf8))
        }
        return RowPane(
            startMicroseconds: Int64(hour) * Self.hour, endMicroseconds: Int64(hour + 1) * Self.hour,
            events: Int64(count), rows: PaneRows(learned: rows, capacity: 500))
    }

    private static func prepared() -> MultivariateDetector {
        var stream = DriftStream(seed: 7)
        var detector = MultivariateDetector(model: "m", version: "1", settings: settings)
        detector.prepare(reference: "r", rows: MultivariateRows(numbers: columns(&stream, 3_000, 0.7)))
        return detector
    }

    private static func classify(
        _ reference: MultivariateRows, _ window: MultivariateRows, _ dispersion: Double
    ) -> MultivariateResult {
        MultivariateResult(.domainClassifier, status: .error, method: "no classifier here")
    }

    @Test func aFlippedCorrelationIsFoundAndItsEndToo() throws {
        var detector = Self.prepared()
        var said: [(hour: Int, status: VerdictStatus)] = []
        for hour in 0..<30 {
            let pane = Self.pane(hour, correlation: (10..<20).contains(hour) ? -0.7 : 0.7)
            let verdicts = detector.judge(pane: pane, reference: "r", classification: Self.classify)
            #expect(verdicts.map(\.detector) == ["multivariate/pca_reconstruction", "multivariate/mmd"])
            #expect(verdicts.allSatisfy { $0.count == 300 && $0.pValue != nil && $0.evidence?.logBound ?? 0 > 7 })
            said.append((hour, verdicts[0].status))
            if verdicts[0].status == .drift { #expect(verdicts[0].evidence?.changeText != nil) }
        }
        let drifted = said.filter { $0.status == .drift }.map(\.hour)
        #expect((10...13).contains(try #require(drifted.first)))
        #expect((20...23).contains(try #require(drifted.last)))
    }

    @Test func withoutDriftNothingIsSaid() throws {
        var detector = Self.prepared()
        for hour in 0..<60 {
            let verdicts = detector.judge(
                pane: Self.pane(hour, correlation: 0.7, count: 200), reference: "r", classification: Self.classify)
            #expect(verdicts.allSatisfy { $0.status == .ok })
        }
    }

    @Test func smallPanesAreCollected() throws {
        var detector = Self.prepared()
        var counts: [Int64] = []
        for hour in 0..<9 {
            let pane = Self.pane(hour, correlation: 0.7, count: 80)
            let verdicts = detector.judge(pane: pane, reference: "r", classification: Self.classify)
            counts += verdicts.prefix(1).map(\.count)
            // Again is too late.
            #expect(detector.judge(pane: pane, reference: "r", classification: Self.classify).isEmpty)
        }
        #expect(counts == [240, 240, 240])
    }

    @Test func aRestoredDetectorGoesOnAsTheOldOne() throws {
        var detector = Self.prepared()
        for hour in 0..<5 {
            _ = detector.judge(
                pane: Self.pane(hour, correlation: 0.5, count: 150), reference: "r", classification: Self.classify)
        }
        var restored = try JSONDecoder().decode(MultivariateDetector.self, from: JSONEncoder().encode(detector))
        #expect(restored == detector)
        for hour in 5..<9 {
            let pane = Self.pane(hour, correlation: -0.5, count: 150)
            let verdicts = detector.judge(pane: pane, reference: "r", classification: Self.classify)
            #expect(restored.judge(pane: pane, reference: "r", classification: Self.classify) == verdicts)
        }
        #expect(restored == detector)
    }

    @Test func withoutTheReferencesRowsItSaysSo() throws {
        var detector = Self.prepared()
        // Another reference: everything begins afresh.
        let verdicts = detector.judge(
            pane: Self.pane(0, correlation: 0.7), reference: "other", classification: Self.classify)
        #expect(verdicts.map(\.status) == [.error, .error])
        #expect(!detector.isPrepared(for: "other"))
        detector.restart()
        #expect(detector.judgedUntilMicroseconds == nil)
    }

    @Test func rowsWithMissingValuesSurviveTheCheckpoint() throws {
        let rows = MultivariateRows([
            .init(name: "x", cells: .numeric([1, .nan, .infinity, -0.0])),
            .init(name: "c", cells: .categories(codes: [0, -1, 1, 0], names: ["a", "é"])),
        ])
        let restored = try JSONDecoder().decode(MultivariateRows.self, from: JSONEncoder().encode(rows))
        #expect(restored.columns[1] == rows.columns[1])
        guard case .numeric(let values) = restored.columns[0].cells else {
            Issue.record("another kind")
            return
        }
        #expect(values[0] == 1 && values[1].isNaN && values[2] == .infinity)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(
                MultivariateRows.self, from: Data(#"[{"name":"c","codes":"BQAAAA==","names":["a"]}]"#.utf8))
        }
    }
}
