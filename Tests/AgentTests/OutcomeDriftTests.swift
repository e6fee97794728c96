import Agent
import Alerting
import Detection
import Foundation
import Testing

/// What turns out to be true is a column too, by the pane in which it became known.
struct OutcomeDriftTests {
    private static let keys =
        "reference: {learn: 5000}, max_label_delay: 6h, performance: {rules: [{metric: accuracy, raise_below: 0.01}]}"

    private static func keys(_ task: ScoredStream.Task) -> String {
        task == .regression
            ? keys.replacingOccurrences(of: "metric: accuracy, raise_below: 0.01", with: "metric: mae, raise_above: 9")
            : keys
    }

    /// What the model says stays; the numbers scatter eight times as far about it.
    @Test func otherNumbersAreFound() throws {
        var stream = ScoredStream(task: .regression, hours: 160, seed: 57, flipped: 0.5, flips: 90..<130)
        for delay in [600_000_000, 3 * ScoredStream.hour] {
            stream.outcomeDelay = delay
            let events = try stream.replay(Self.keys(.regression))
            #expect(events.fired.map(\.detector) == ["drift/outcome/divergence"])
            let alert = try #require(events.fired.first)
            let hours = (alert.verdict.windowEnd - ScoredStream.start) / ScoredStream.hour - 90
            #expect((1...6).contains(hours), "\(hours) hours")
            #expect(events.resolved.map(\.detector) == ["drift/outcome/divergence"])
        }
    }

    @Test func otherOutcomesAreFound() throws {
        // What the model says stays; six outcomes in ten are the opposite.
        let stream = ScoredStream(hours: 160, seed: 51, flipped: 0.6, flips: 90..<130)
        var events = try stream.replay(Self.keys)
        #expect(events.fired.isEmpty, "a symmetric flip leaves the share of positives as it is")
        var other = ScoredStream(task: .multiclass, hours: 160, seed: 52, flipped: 0.4, flips: 90..<130)
        events = try other.replay(Self.keys)
        #expect(events.fired.map(\.detector) == ["drift/outcome/divergence"])
        let alert = try #require(events.fired.first)
        let delay = (alert.verdict.windowEnd - ScoredStream.start) / ScoredStream.hour - 90
        #expect((1...6).contains(delay), "\(delay) hours")
        #expect(alert.verdict.evidence?.changeText?.contains("'c'") == true)
        #expect(events.resolved.map(\.detector) == ["drift/outcome/divergence"])
        other.outcomeDelay = 3 * ScoredStream.hour
        #expect(try other.replay(Self.keys).fired.map(\.detector) == ["drift/outcome/divergence"])
    }

    @Test(arguments: [ScoredStream.Task.binary, .multiclass, .regression])
    func withoutDriftNothingIsSaid(task: ScoredStream.Task) throws {
        let events = try ScoredStream(task: task, hours: 300, seed: 53).replay(Self.keys(task))
        #expect(events.fired.isEmpty, "\(events.fired.map(\.detector))")
        let intervals = events.all.compactMap { event -> JudgedWindow? in
            if case .windowJudged(let window) = event, window.kind == .outcomeInterval { window } else { nil }
        }
        #expect(intervals.count > 200 && intervals.allSatisfy { $0.verdicts.map(\.column) == ["outcome"] })
        // Six hours of label delay, then 5,000 pairs at 200 an hour.
        let first = try #require(intervals.first)
        #expect((first.startMicroseconds - ScoredStream.start) / ScoredStream.hour == 6 + 25)
    }

    /// All columns and the outcome share one budget: each bound is that of four detectors.
    @Test func theBudgetIsShared() throws {
        let events = try ScoredStream(hours: 60, seed: 54).replay(Self.keys)
        let bounds = events.all.compactMap { event -> [Double]? in
            guard case .windowJudged(let window) = event,
                window.kind == .outcomeInterval || window.kind == .interval
            else { return nil }
            return window.verdicts.compactMap(\.evidence?.logBound)
        }.joined()
        let expected = log(30.0 * 24 * 4)
        #expect(bounds.count > 50 && bounds.allSatisfy { abs($0 - expected) < 1e-9 })
    }

    @Test func rulesMayNameItAndLeaveItOut() throws {
        let stream = ScoredStream(task: .multiclass, hours: 130, seed: 55, flipped: 0.5, flips: 90..<130)
        let rules = "rules: [{statistic: psi, columns: [outcome], raise: 0.2}]"
        let named = try stream.replay("reference: {learn: 5000}, max_label_delay: 6h, drift: {\(rules)}")
        #expect(named.fired.map(\.detector) == ["drift/outcome/psi"])
        let verdicts = named.all.compactMap { event -> [Verdict]? in
            if case .windowJudged(let window) = event { window.verdicts } else { nil }
        }.joined()
        #expect(verdicts.allSatisfy { $0.status != .error })
        let excluded = "drift: {exclude: [outcome], rules: [{statistic: psi, raise: 0.2}]}"
        #expect(try stream.replay("\(Self.keys), \(excluded)").fired.isEmpty)
    }

    /// Labels of a table are the reference at once; there is nothing to learn, only the first label delay to wait for.
    @Test func aTableSaysWhatUsedToBeTrue() throws {
        let path = NSTemporaryDirectory() + "tidewatch-labelled-\(UUID().uuidString).csv"
        defer { RealData.remove(path) }
        let rows = (0..<4_000).map { "\($0 % 89),\($0 % 97),\($0 % 10 == 0 ? "fraud" : "fine")" }
        try Data(("a,b,label\n" + rows.joined(separator: "\n")).utf8).write(to: URL(fileURLWithPath: path))
        // One in ten was fraud in the table, one in two is on the stream.
        let events = try ScoredStream(hours: 30, seed: 56).replay(
            "max_label_delay: 6h, reference: {file: \"\(path)\", target: label}, drift: {columns: [outcome]}")
        #expect(events.fired.map(\.detector) == ["drift/outcome/divergence"])
        let alert = try #require(events.fired.first)
        #expect((alert.verdict.windowEnd - ScoredStream.start) / ScoredStream.hour <= 8)
    }

    @Test func aTableSaysTheNumbersToo() throws {
        let path = NSTemporaryDirectory() + "tidewatch-numbers-\(UUID().uuidString).csv"
        defer { RealData.remove(path) }
        let rows = (0..<4_000).map { "\($0 % 89),\($0 % 97),\(Double($0 % 200) / 50 - 1)" }
        try Data(("a,b,label\n" + rows.joined(separator: "\n")).utf8).write(to: URL(fileURLWithPath: path))
        // Evenly from -1 to 3 in the table, normal about 0 on the stream.
        let events = try ScoredStream(task: .regression, hours: 30, seed: 58).replay(
            "max_label_delay: 6h, reference: {file: \"\(path)\", target: label}, drift: {columns: [outcome]}")
        #expect(events.fired.map(\.detector) == ["drift/outcome/divergence"])
    }
}
