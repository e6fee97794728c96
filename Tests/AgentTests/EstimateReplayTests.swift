import Agent
import Alerting
import Detection
import Foundation
import Statistics
import Testing

/// Performance before labels are in, under the whole agent.
struct EstimateReplayTests {
    private static let keys = "reference: {learn: 2000}, max_label_delay: 6h, drift: {rules: []}"

    private static func windows(_ events: EventLog, _ kind: JudgedWindow.Kind) -> [JudgedWindow] {
        events.all.compactMap { event in
            if case .windowJudged(let window) = event, window.kind == kind { window } else { nil }
        }
    }

    @Test(arguments: [ScoredStream.Task.binary, .multiclass])
    func estimatesFollowThePredictionsAndAreHeldAgainstLabels(task: ScoredStream.Task) throws {
        // From hour 80 on the model is surer than before, and rightly so.
        var stream = ScoredStream(task: task, hours: 130, seed: 61, shift: 1.5, drift: 80..<130)
        stream.outcomeDelay = 3 * ScoredStream.hour
        let metrics = "rules: [{metric: accuracy, raise_below: 0.01}]"
        let events = try stream.replay(
            "\(Self.keys), performance: {estimate: true, calibration_pairs: 3000, \(metrics)}")
        #expect(events.fired.isEmpty)
        let estimates = Self.windows(events, .estimate)
        let reconciled = Self.windows(events, .reconciliation)
        #expect(estimates.count > 90 && reconciled.count > 85)
        let accuracies = Dictionary(
            reconciled.compactMap { window in window.estimates.first.map { (window.endMicroseconds, $0) } }
        ) { first, _ in first }
        func mean(_ hours: Range<Int64>, _ value: (EstimatedMetric) -> Double?) -> Double {
            let found = hours.compactMap { accuracies[ScoredStream.start + $0 * ScoredStream.hour].flatMap(value) }
            return found.reduce(0, +) / Double(max(1, found.count))
        }
        let before = mean(30..<80) { $0.realized }
        let after = mean(90..<120) { $0.realized }
        #expect(after > before + 0.03, "\(before), \(after)")
        #expect(abs(mean(30..<80) { $0.estimated } - before) < 0.025)
        #expect(abs(mean(90..<120) { $0.estimated } - after) < 0.04)
        let last = try #require(reconciled.last)
        #expect(try #require(last.estimates.first?.meanError) < 0.04)
        #expect(try #require(last.labelMaturity) == 1)
        // By the end of a window of six hours, with labels three hours late, half of its labels are in.
        let performance = Self.windows(events, .performance)
        let maturity = try #require(performance[40].labelMaturity)
        #expect(abs(maturity - 0.5) < 0.02, "\(maturity)")
        #expect(performance[40].verdicts.first?.labelMaturity == maturity)
    }

    /// Fewer positives are found: the alert on the estimate comes before any of their labels, and says what it is.
    @Test func anAlertFiresBeforeLabelsAreIn() throws {
        var stream = ScoredStream(hours: 140, seed: 62, shift: -1.5, drift: 90..<140)
        stream.outcomeDelay = 5 * ScoredStream.hour
        let rules = """
            rules: [{metric: f1, raise_below: 0.6, estimated: true}, {metric: f1, raise_below: 0.6}]
            """
        let events = try stream.replay("\(Self.keys), performance: {estimate: true, \(rules)}")
        #expect(events.fired.map(\.detector) == ["estimate/f1", "performance/f1"])
        let alert = try #require(events.fired.first)
        let labelled = try #require(events.fired.last)
        #expect(alert.verdict.windowEnd + 3 * ScoredStream.hour <= labelled.verdict.windowEnd)
        #expect(AlertMessage.summary(for: alert).contains("estimated f1"))
        #expect(AlertMessage.summary(for: alert).contains("labels are still to come"))
        let body = String(decoding: AlertMessage.body(for: alert), as: UTF8.self)
        #expect(body.contains("\"estimated\":true") && body.contains("tidewatch.performance.degraded"))
        let other = String(decoding: AlertMessage.body(for: labelled), as: UTF8.self)
        #expect(other.contains("\"label_maturity\":0.") && !other.contains("\"estimated\""))
    }

    /// A regression's errors grow with what it says: that they will is known before any label (DLE).
    @Test func aRegressionsLossIsEstimated() throws {
        var stream = ScoredStream(task: .regression, hours: 140, seed: 66, shift: 1.5, drift: 90..<140, growth: 3)
        stream.outcomeDelay = 5 * ScoredStream.hour
        let rules = "rules: [{metric: mae, raise_above: 0.8, estimated: true}, {metric: mae, raise_above: 0.8}]"
        let events = try stream.replay("\(Self.keys), performance: {estimate: true, \(rules)}")
        #expect(events.fired.map(\.detector) == ["estimate/mae", "performance/mae"])
        let alert = try #require(events.fired.first)
        let labelled = try #require(events.fired.last)
        #expect(alert.verdict.windowEnd + 3 * ScoredStream.hour <= labelled.verdict.windowEnd)
        #expect(AlertMessage.summary(for: alert).contains("estimated mae"))
        let reconciled = Self.windows(events, .reconciliation)
        #expect(reconciled.count > 80 && reconciled.allSatisfy { $0.estimates.map(\.metric) == [.mae] })
        // ¼·(1 + 3·E max(0, N(0, 1))) = 0.55 before, of N(1.5, 1) 1.37 after.
        for window in reconciled where window.endMicroseconds <= ScoredStream.start + 90 * ScoredStream.hour {
            let mae = try #require(window.estimates.first)
            #expect(abs((mae.estimated ?? 0) - 0.55) < 0.06 && abs((mae.realized ?? 0) - 0.55) < 0.06, "\(mae)")
        }
        for window in reconciled where window.startMicroseconds >= ScoredStream.start + 90 * ScoredStream.hour {
            let mae = try #require(window.estimates.first)
            #expect((mae.estimated ?? 0) > 1 && abs((mae.realized ?? 0) - 1.37) < 0.15, "\(mae)")
        }
        // By default the MAE is what is estimated.
        let plain = try ScoredStream(task: .regression, hours: 40, seed: 67).replay(
            "\(Self.keys), performance: {estimate: true}")
        #expect(Self.windows(plain, .estimate).allSatisfy { $0.estimates.map(\.metric) == [.mae] })
        #expect(!Self.windows(plain, .estimate).isEmpty)
    }

    /// Outcomes turn while scores stay: estimates cannot see it, and say by how much they were wrong.
    @Test func aChangeOfConceptIsReconciledHonestly() throws {
        let stream = ScoredStream(hours: 140, seed: 63, flipped: 0.7, flips: 90..<140)
        let events = try stream.replay(
            "\(Self.keys), performance: {estimate: true, rules: [{metric: accuracy, raise_below: 0.01}]}")
        let late = Self.windows(events, .reconciliation).filter {
            $0.startMicroseconds >= ScoredStream.start + 90 * ScoredStream.hour
        }
        #expect(late.count > 20)
        for window in late {
            let accuracy = try #require(window.estimates.first)
            #expect(accuracy.agrees == false && (accuracy.estimated ?? 0) > (accuracy.realized ?? 1) + 0.1)
        }
    }

    @Test func aConfigurationThatCannotBeIsRefused() throws {
        let stream = ScoredStream(hours: 1, seed: 64)
        #expect(throws: (any Error).self) {
            try stream.replay("performance: {rules: [{metric: accuracy, raise_below: 0.5, estimated: true}]}")
        }
        #expect(throws: (any Error).self) {
            try stream.replay(
                "performance: {estimate: true, rules: [{metric: log_loss, raise_above: 1, estimated: true}]}")
        }
        #expect(throws: (any Error).self) {
            try ScoredStream(task: .regression, hours: 1, seed: 65).replay(
                "performance: {estimate: true, rules: [{metric: r2, raise_below: 0, estimated: true}]}")
        }
    }
}
