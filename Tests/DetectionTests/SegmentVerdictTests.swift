import Statistics
import Testing

@testable import Detection

@Suite struct SegmentVerdictTests {
    private func summary(right: Int, wrong: Int) -> PerformanceSummary {
        var summary = PerformanceSummary(task: .binary(positive: "yes"))
        for row in 0..<(right + wrong) {
            summary.add(score: 0.5, predictedPositive: (row < right) == (row % 2 == 0), positive: row % 2 == 0)
        }
        return summary
    }

    /// The rules speak of the whole and of each segment, and each has a state of its own.
    @Test func everySegmentIsJudgedByItself() {
        var monitor = ModelMonitor(
            model: "m", version: "1", driftRules: [],
            performanceRules: [PerformanceRule(metric: .accuracy, limit: .below(raise: 0.8, clear: 0.85))],
            minimumDriftSample: 1, minimumPerformanceSample: 50)
        func judge(_ end: Int64, north: Int, south: Int) -> [String: VerdictStatus] {
            let parts = [
                ("region=north", summary(right: north, wrong: 100 - north)),
                ("region=south", summary(right: south, wrong: 100 - south)),
            ]
            var whole = parts[0].1
            whole.merge(parts[1].1)
            let verdicts = monitor.judge(
                performance: PerformanceWindow(startMicroseconds: end - 60, endMicroseconds: end, summary: whole),
                segments: parts.map { (name: $0.0, summary: $0.1) } + [(name: "region=other", summary: nil)])
            #expect(verdicts.map(\.segment) == [nil, "region=north", "region=south", "region=other"])
            return Dictionary(uniqueKeysWithValues: verdicts.map { ($0.detector, $0.status) })
        }
        let name = "performance/accuracy"
        #expect(
            judge(60, north: 95, south: 70) == [
                name: .ok, "\(name)@region=north": .ok, "\(name)@region=south": .drift, "\(name)@region=other": .noData,
            ])
        // Above the raise level, but not yet cleared: the segment's own memory.
        #expect(judge(120, north: 95, south: 82)["\(name)@region=south"] == .drift)
        monitor.adopt(monitor.rules)
        #expect(judge(180, north: 95, south: 82)["\(name)@region=south"] == .drift)
        #expect(judge(240, north: 95, south: 90)["\(name)@region=south"] == .ok)
    }
}
