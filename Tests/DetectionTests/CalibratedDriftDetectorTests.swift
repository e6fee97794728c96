import Detection
import Foundation
import Statistics
import Testing
import TidewatchTestKit

/// Hourly panes of a numeric column `x` and a categorical column `c`.
private struct PaneWorld {
    let reference: ReferenceProfile
    let encoder: ReferenceEncoder
    private var stream: DriftStream
    private(set) var hour: Int64 = 0
    private static let names = (0..<5).map { Array("c\($0)".utf8) }

    init(rows: Int = 5_000, seed: UInt64 = 3) {
        stream = DriftStream(seed: seed)
        reference = ReferenceBuilder.build(columns: [
            (name: "x", values: .numeric(stream.normals(rows))),
            (name: "c", values: .categorical(stream.categories(rows, weights: [5, 3, 2]))),
        ])
        encoder = ReferenceEncoder(reference)
    }

    mutating func pane(
        rows: Int = 200, shift: Double = 0, deviation: Double = 1, weights: [Double] = [5, 3, 2], missing: Double = 0
    ) -> DriftWindow {
        let counter = PaneAccumulator(encoder: encoder)
        let total = weights.reduce(0, +)
        for _ in 0..<rows {
            counter.events += 1
            var rest = stream.uniform() * total
            var category = 0
            while category < weights.count - 1, rest > weights[category] {
                rest -= weights[category]
                category += 1
            }
            if missing > 0, stream.uniform() <= missing {
                counter.addMissing(column: 0)
            } else {
                counter.add(numeric: stream.normal(mean: shift, deviation: deviation), column: 0)
            }
            Self.names[category].withUnsafeBytes { counter.add(category: $0, column: 1) }
        }
        return window(rows == 0 ? nil : counter.summary())
    }

    mutating func window(_ summary: PaneSummary?) -> DriftWindow {
        hour += 1
        return DriftWindow(
            startMicroseconds: (hour - 1) * 3_600_000_000, endMicroseconds: hour * 3_600_000_000, summary: summary)
    }
}

private func settings(_ budget: String = "1 per 30d", minimumSample: Int64 = 200) throws -> DriftDetectorSettings {
    try DriftDetectorSettings(budget: #require(FalseAlarmBudget(budget)), minimumSample: minimumSample)
}

private func detector(_ world: PaneWorld, _ settings: DriftDetectorSettings) -> CalibratedDriftDetector {
    CalibratedDriftDetector(model: "m", version: "1", settings: settings, reference: world.reference)
}

struct CalibratedDriftDetectorTests {
    /// A quarter of hourly panes without drift, with a budget that allows thirteen false alarms: fewer than half.
    @Test func aQuarterWithoutDriftKeepsTheBudget() throws {
        var world = PaneWorld(rows: 1_000)
        var watch = detector(world, try settings("1 per week"))
        var alarms = 0
        var raised: Set<String> = []
        for _ in 0..<2_160 {
            let verdicts = watch.judge(pane: world.pane(), reference: world.reference)
            #expect(verdicts.count == 2)
            let now = Set(verdicts.filter { $0.status == .drift }.compactMap(\.column))
            alarms += now.subtracting(raised).count
            raised = now
        }
        #expect(alarms <= 6)
    }

    @Test(arguments: [
        (0.5, 1.0, [5.0, 3, 2], 0.0, 2, "x", ColumnChange.higherValues),
        (-0.5, 1, [5, 3, 2], 0, 2, "x", .lowerValues),
        (0, 1.5, [5, 3, 2], 0, 4, "x", .widerSpread),
        (0, 0.7, [5, 3, 2], 0, 4, "x", .narrowerSpread),
        (0, 1, [5, 3, 2], 0.05, 3, "x", .moreMissing),
        (0, 1, [4, 3, 3], 0, 6, "c", .moreOf(category: "c2")),
        (0, 1, [5, 3, 2, 0.5], 0, 3, "c", .moreUnlisted),
    ])
    func aChangeIsFoundAndNamed(
        _ shift: Double, _ deviation: Double, _ weights: [Double], _ missing: Double, _ panes: Int, _ column: String,
        _ change: ColumnChange
    ) throws {
        var world = PaneWorld()
        var watch = detector(world, try settings())
        for _ in 0..<24 { _ = watch.judge(pane: world.pane(), reference: world.reference) }
        for _ in 1...panes {
            let window = world.pane(shift: shift, deviation: deviation, weights: weights, missing: missing)
            let raised = watch.judge(pane: window, reference: world.reference).filter { $0.status == .drift }
            guard let first = raised.first else { continue }
            #expect(raised.map(\.column) == [column])
            #expect(first.evidence?.change == change)
            #expect(first.reason == .evidenceAndEffect)
            #expect(try #require(first.evidence?.logEvidence) >= #require(first.evidence?.logBound))
            return
        }
        Issue.record("not found within \(panes) panes")
    }

    /// A change that no part of the mixture can miss is called by its name, not "another distribution".
    @Test func aLargeChangeIsNamedToo() throws {
        var world = PaneWorld()
        var watch = detector(world, try settings())
        let pane = world.pane(rows: 2_000, shift: 1, weights: [2, 2, 6])
        let verdicts = watch.judge(pane: pane, reference: world.reference)
        #expect(verdicts.map(\.status) == [.drift, .drift])
        #expect(verdicts.map(\.evidence?.change) == [.higherValues, .moreOf(category: "c2")])
    }

    /// A version that serves again after a rollback: its training rows are gone, what was learned from them is not.
    @Test func restartKeepsTheCalibrationAndDropsTheEvidence() throws {
        var world = PaneWorld()
        let chunks = ReferenceChunks(
            paneMicroseconds: 3_600_000_000,
            chunks: try (0..<24).map { index in
                let pane = world.pane(shift: index % 2 == 0 ? 0.5 : -0.5)
                return .init(startMicroseconds: pane.startMicroseconds, summary: try #require(pane.summary))
            })
        let rules = MonitorRules(
            drift: [], performance: [], minimumDriftSample: 200, minimumPerformanceSample: 200,
            calibrated: try settings())
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        monitor.prepare(reference: world.reference, chunks: chunks)
        let fresh = monitor
        for _ in 0..<3 { _ = monitor.judge(pane: world.pane(shift: 2), reference: world.reference) }
        monitor.restart(rules: rules)
        #expect(monitor == fresh)
        monitor.prepare(reference: world.reference, chunks: nil)
        #expect(monitor == fresh, "the calibration is not made anew without the rows")
    }

    @Test func anAlarmStaysWhileTheDriftLastsAndClearsAfterItsEnd() throws {
        var world = PaneWorld()
        var watch = detector(world, try settings())
        func verdict(_ shift: Double) throws -> Verdict {
            try #require(watch.judge(pane: world.pane(shift: shift), reference: world.reference).first)
        }
        // A drift so weak that many single panes look unremarkable.
        var raised = false
        var lost = 0
        for _ in 0..<300 {
            let status = try verdict(0.25).status
            if raised, status != .drift { lost += 1 }
            raised = raised || status == .drift
        }
        #expect(raised)
        #expect(lost == 0)
        var intervals = 0
        var last = try verdict(0)
        while last.status == .drift, intervals < 30 {
            #expect([.notYetCleared, .evidenceAndEffect].contains(last.reason))
            last = try verdict(0)
            intervals += 1
        }
        #expect(last.reason == .cleared)
        #expect(intervals < 15)
        // The evidence of the past episode does not help to raise the next one.
        #expect(try #require(verdict(0).evidence?.logEvidence) < 5)
    }

    /// The baseline follows the panes that pass, but not out of the tolerance of its reference (0.047 sd here): a drift
    /// of a thousandth of a deviation per pane is found all the same.
    @Test func aDriftThatCreepsIsFound() throws {
        var world = PaneWorld()
        var watch = detector(world, try settings())
        var found: Double?
        for pane in 0..<400 where found == nil {
            let shift = 0.001 * Double(pane)
            let verdicts = watch.judge(pane: world.pane(shift: shift), reference: world.reference)
            if verdicts.first?.status == .drift { found = shift }
        }
        #expect(try #require(found) < 0.25)
    }

    @Test func panesAreCollectedToTheMinimumSample() throws {
        var world = PaneWorld()
        var watch = detector(world, try settings(minimumSample: 500))
        #expect(watch.judge(pane: world.pane(rows: 200), reference: world.reference).isEmpty)
        #expect(watch.judge(pane: world.pane(rows: 0), reference: world.reference).isEmpty)
        #expect(watch.judge(pane: world.pane(rows: 200), reference: world.reference).isEmpty)
        let verdicts = watch.judge(pane: world.pane(rows: 150), reference: world.reference)
        #expect(verdicts.map(\.count) == [550, 550])
        #expect(verdicts.first?.windowStart == 0)
        #expect(verdicts.first?.windowEnd == 14_400_000_000)
        #expect(verdicts.first?.evidence?.calibration == .analytic)
    }

    /// The same parts in another order, merged to the same panes, and a stop in between, change nothing.
    @Test func neitherOrderNorARestartMatters() throws {
        var world = PaneWorld()
        var plain = detector(world, try settings(minimumSample: 300))
        var restored = plain
        var lastStatus = VerdictStatus.ok
        for step in 0..<60 {
            let parts = (0..<3).map { _ in world.pane(rows: 60, shift: step > 40 ? 0.4 : 0).summary }.compactMap(\.self)
            var forward = parts[0]
            forward.merge(parts[1])
            forward.merge(parts[2])
            var backward = parts[2]
            backward.merge(parts[1])
            backward.merge(parts[0])
            let time = world.hour * 3_600_000_000
            func window(_ summary: PaneSummary) -> DriftWindow {
                DriftWindow(startMicroseconds: time, endMicroseconds: time + 3_600_000_000, summary: summary)
            }
            let data = try JSONEncoder().encode(restored)
            restored = try JSONDecoder().decode(CalibratedDriftDetector.self, from: data)
            let first = plain.judge(pane: window(forward), reference: world.reference)
            let second = restored.judge(pane: window(backward), reference: world.reference)
            #expect(first == second)
            lastStatus = first.first?.status ?? lastStatus
            #expect(plain == restored)
            #expect(restored.judge(pane: window(backward), reference: world.reference).isEmpty)
        }
        #expect(lastStatus == .drift)
    }

    @Test func anotherReferenceStartsAfresh() throws {
        var world = PaneWorld()
        var other = PaneWorld(seed: 8)
        var rules = MonitorRules(drift: [], performance: [])
        rules.calibrated = try settings()
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        var verdicts: [Verdict] = []
        for _ in 0..<6 { verdicts = monitor.judge(pane: world.pane(shift: 1), reference: world.reference) }
        #expect(verdicts.first?.status == .drift)
        for _ in 0..<6 { _ = other.pane() }
        verdicts = monitor.judge(pane: other.pane(), reference: other.reference)
        #expect(verdicts.first?.status == .ok)
        #expect(verdicts.first?.reference == other.reference.id)
        // A larger budget keeps the evidence, another minimum sample does not; what was judged stays judged.
        let evidence = verdicts.first?.evidence?.logEvidence
        rules.calibrated?.budget = try #require(FalseAlarmBudget("1 per day"))
        monitor.adopt(rules)
        #expect(monitor.paneJudgedUntilMicroseconds == 25_200_000_000)
        rules.calibrated?.minimumSample = 100
        monitor.adopt(rules)
        #expect(monitor.paneJudgedUntilMicroseconds == 25_200_000_000)
        #expect(evidence != nil)
        let next = try #require(monitor.judge(pane: other.pane(), reference: other.reference).first?.evidence)
        let fresh = CalibratedDriftDetector(
            model: "m", version: "1", settings: try #require(rules.calibrated), reference: other.reference)
        var (afresh, replayed) = (fresh, PaneWorld(seed: 8))
        for _ in 0..<7 { _ = replayed.pane() }
        let expected = afresh.judge(pane: replayed.pane(), reference: other.reference).first?.evidence
        #expect(next.logEvidence == expected?.logEvidence)
    }

    @Test func theShareOfAVersionRaisesTheBound() throws {
        var world = PaneWorld()
        var watch = detector(world, try settings())
        let whole = try #require(watch.judge(pane: world.pane(), reference: world.reference).first?.evidence)
        let half = try #require(watch.judge(pane: world.pane(), reference: world.reference, share: 0.5).first?.evidence)
        #expect((whole.logBound - log(1_440)).magnitude < 1e-9)
        #expect((half.logBound - whole.logBound - log(2)).magnitude < 1e-9)
    }

    @Test func columnsThatTheReferenceLacksAreNamed() throws {
        var world = PaneWorld()
        var asked = try settings()
        asked.columns = ["c", "nothing"]
        var watch = detector(world, asked)
        let verdicts = watch.judge(pane: world.pane(), reference: world.reference)
        #expect(verdicts.map(\.column) == ["c", "nothing"])
        #expect(verdicts.map(\.status) == [.ok, .error])
    }

    @Test func eBHNamesTheColumnsOfAnInterval() throws {
        var world = PaneWorld()
        var watch = detector(world, try settings())
        #expect(watch.judge(pane: world.pane(), reference: world.reference).discoveries(level: 0.05).isEmpty)
        let drifted = watch.judge(pane: world.pane(shift: 0.8), reference: world.reference)
        #expect(drifted.discoveries(level: 0.05) == ["x"])
    }

    /// Half of the streams with a shift of the stated size have alarmed by the stated time.
    @Test func theDetectableEffectIsTrue() throws {
        var found = 0
        for seed in 0..<20 {
            var world = PaneWorld(seed: UInt64(100 + seed))
            var watch = detector(world, try settings())
            let first = try #require(watch.judge(pane: world.pane(), reference: world.reference).first?.evidence)
            guard case .shift(let size)? = first.detectable else {
                Issue.record("no detectable effect")
                return
            }
            #expect(size > 0.1 && size < 0.3)
            for _ in 0..<24 {
                let verdicts = watch.judge(pane: world.pane(shift: size), reference: world.reference)
                guard verdicts.first?.status == .drift else { continue }
                found += 1
                break
            }
        }
        #expect(found >= 10)
    }

    @Test func hostilePanesGiveFiniteVerdicts() throws {
        let constant = ReferenceBuilder.build(columns: [
            (name: "constant", values: .numeric([Double](repeating: 7, count: 1_000))),
            (name: "empty", values: .numeric([Double](repeating: .nan, count: 1_000))),
            (name: "one", values: .categorical([String?](repeating: "a", count: 1_000))),
            (name: "flag", values: .boolean([Bool?](repeating: true, count: 1_000))),
            (name: "wide", values: .numeric((0..<1_000).map { Double($0) * 1e305 })),
        ])
        let encoder = ReferenceEncoder(constant)
        var watch = CalibratedDriftDetector(
            model: "m", version: "1", settings: try settings(), reference: constant)
        for hour in 0..<4 as Range<Int64> {
            let pane = PaneAccumulator(encoder: encoder)
            for _ in 0..<300 {
                pane.events += 1
                pane.add(numeric: hour == 0 ? 7 : 1e308, column: 0)
                if hour == 2 { pane.add(numeric: .infinity, column: 1) } else { pane.addMissing(column: 1) }
                pane.addViolation(column: 2)
                pane.addMissing(column: 3)
                pane.add(numeric: -1e308, column: 4)
            }
            let verdicts = watch.judge(
                pane: DriftWindow(
                    startMicroseconds: hour * 3_600_000_000, endMicroseconds: (hour + 1) * 3_600_000_000,
                    summary: pane.summary()), reference: constant)
            #expect(verdicts.count == 5)
            for verdict in verdicts {
                #expect(verdict.value?.isFinite ?? true)
                #expect(verdict.pValue?.isFinite ?? true)
                #expect(verdict.evidence?.logEvidence?.isFinite ?? true)
            }
            if hour == 0 { #expect(verdicts[0].status == .ok && verdicts[1].status == .ok) }
            if hour == 2 { #expect(verdicts.map(\.status) == Array(repeating: .drift, count: 5)) }
        }
    }
}
