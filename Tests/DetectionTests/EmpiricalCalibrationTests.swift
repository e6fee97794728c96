import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Detection

/// Hourly panes of 30 values with a daily season, and a level that wanders (AR(1)) if wanted.
private struct SeasonalWorld {
    let reference: ReferenceProfile
    let chunks: ReferenceChunks
    private let encoder: ReferenceEncoder
    private var stream: DriftStream
    private let correlation: Double
    private var level = 0.0
    private var hour: Int64

    /// - Parameter present: hours from the first whose values are there; all others are missing.
    init(days: Int64, correlation: Double = 0, present: Int64 = .max, seed: UInt64 = 1) {
        var stream = DriftStream(seed: seed)
        var level = 0.0
        let hours = days * 24
        let values = (0..<hours).map { hour -> [Double] in
            level = correlation * level + 0.3 * stream.normal()
            return Self.values(hour, level: correlation == 0 ? 0 : level, &stream)
        }
        let seen = values.enumerated().flatMap { hour, values in
            hour < present ? values : values.map { _ in Double.nan }
        }
        reference = ReferenceBuilder.build(columns: [(name: "x", values: .numeric(seen))])
        let encoder = ReferenceEncoder(reference)
        chunks = ReferenceChunks(
            paneMicroseconds: 3_600_000_000,
            chunks: values.enumerated().map {
                ReferenceChunks.Chunk(
                    startMicroseconds: Int64($0.offset) * 3_600_000_000,
                    summary: Self.summary($0.element, encoder, missing: $0.offset < present ? 0 : 1))
            })
        self.encoder = encoder
        self.stream = stream
        self.correlation = correlation
        self.level = level
        hour = hours
    }

    mutating func pane(shift: Double = 0, missing: Double = 0) -> DriftWindow {
        level = correlation * level + 0.3 * stream.normal()
        let values = Self.values(hour, level: (correlation == 0 ? 0 : level) + shift, &stream)
        hour += 1
        return DriftWindow(
            startMicroseconds: (hour - 1) * 3_600_000_000, endMicroseconds: hour * 3_600_000_000,
            summary: Self.summary(values, encoder, missing: missing))
    }

    private static func values(_ hour: Int64, level: Double, _ stream: inout DriftStream) -> [Double] {
        stream.normals(30, mean: sin(Double(hour % 24) / 24 * 2 * .pi) + level)
    }

    static func summary(_ values: [Double], _ encoder: ReferenceEncoder, missing: Double = 0) -> PaneSummary {
        let pane = PaneAccumulator(encoder: encoder)
        for (index, value) in values.enumerated() {
            pane.events += 1
            let isMissing = Double(index) < missing * Double(values.count)
            if isMissing { pane.addMissing(column: 0) } else { pane.add(numeric: value, column: 0) }
        }
        return pane.summary()
    }
}

struct EmpiricalCalibrationTests {
    private func settings(_ calibration: DriftCalibration) throws -> DriftDetectorSettings {
        try DriftDetectorSettings(
            budget: #require(FalseAlarmBudget("1 per week")), calibration: calibration, minimumSample: 30)
    }

    private func alarms(
        _ world: inout SeasonalWorld, _ watch: inout CalibratedDriftDetector, panes: Int, shift: Double = 0
    ) -> (alarms: Int, firstPane: Int?) {
        var (alarms, wasRaised) = (0, false)
        var first: Int?
        for pane in 0..<panes {
            guard let verdict = watch.judge(pane: world.pane(shift: shift), reference: world.reference).first else {
                continue
            }
            if verdict.status == .drift, !wasRaised {
                alarms += 1
                first = first ?? pane
            }
            wasRaised = verdict.status == .drift
        }
        return (alarms, first)
    }

    /// The season alone drives the analytic calibration into alarm; with it learned there are at most as many alarms as
    /// the budget of 13 in a quarter, and a shift is still seen.
    @Test(arguments: [0, 0.8])
    func aSeasonIsNoDrift(_ correlation: Double) throws {
        var world = SeasonalWorld(days: 42, correlation: correlation)
        var naive = CalibratedDriftDetector(
            model: "m", version: "1", settings: try settings(.analytic), reference: world.reference)
        var watch = CalibratedDriftDetector(
            model: "m", version: "1", settings: try settings(.empirical), reference: world.reference,
            chunks: world.chunks)
        var copy = world
        #expect(alarms(&copy, &naive, panes: 48).alarms > 0)
        #expect(alarms(&world, &watch, panes: 2_160).alarms <= 13)
        let found = alarms(&world, &watch, panes: 240, shift: 2)
        #expect(try #require(found.firstPane) < 120)
    }

    /// A reference that knew no missing value knows how much it is surprised by them; and so does the fallback.
    @Test(arguments: [42, 2], [0.4, 1.0])
    func missingValuesAreSeen(_ days: Int64, _ share: Double) throws {
        var world = SeasonalWorld(days: days)
        var watch = CalibratedDriftDetector(
            model: "m", version: "1", settings: try settings(.empirical), reference: world.reference,
            chunks: world.chunks)
        // The season alone is beyond the classic limits.
        if days == 42 { #expect(alarms(&world, &watch, panes: 24).alarms == 0) }
        var verdict: Verdict?
        for _ in 0..<24 {
            verdict = watch.judge(pane: world.pane(missing: share), reference: world.reference).last ?? verdict
        }
        #expect(verdict?.status == .drift)
        #expect(verdict?.evidence?.calibration == (days == 42 ? .empirical : .threshold))
        if days == 42 { #expect(verdict?.evidence?.change == .moreMissing) }
        #expect(verdict?.value ?? 0 > 0.3, "the number says how much")
    }

    /// A column whose values are hardly ever there is watched for being there; of its values nothing can be said, and
    /// the verdict says no infinite number instead.
    @Test func ofAColumnHardlyEverThereNoDetectableEffectIsStated() throws {
        var world = SeasonalWorld(days: 42, present: 48)
        var watch = CalibratedDriftDetector(
            model: "m", version: "1", settings: try settings(.empirical), reference: world.reference,
            chunks: world.chunks)
        let verdict = try #require(watch.judge(pane: world.pane(missing: 1), reference: world.reference).last)
        #expect(verdict.evidence?.calibration == .empirical)
        #expect(verdict.evidence?.detectable == nil)
        #expect(throws: Never.self) { try JSONEncoder().encode(verdict) }
    }

    /// Too short a reference for ranks, or none in order of time: said so, and the classic limits decide.
    @Test func withoutChunksItIsUncalibrated() throws {
        var world = SeasonalWorld(days: 2)
        for chunks in [nil, world.chunks] {
            var watch = CalibratedDriftDetector(
                model: "m", version: "1", settings: try settings(.empirical), reference: world.reference,
                chunks: chunks)
            var verdict: Verdict?
            for _ in 0..<3 {
                verdict = watch.judge(pane: world.pane(shift: 4), reference: world.reference).last ?? verdict
            }
            #expect(verdict?.reason == .uncalibrated)
            #expect(verdict?.evidence?.calibration == .threshold)
            #expect(verdict?.status == .drift)
        }
    }

    /// One interval beyond the limit among calm ones raises nothing, and one calm interval clears nothing: an alarm would
    /// else be raised and cleared in turn by a number that wanders about one level.
    @Test func withoutACalibrationOneIntervalDecidesNothing() {
        func raised(_ values: [Double]) -> [Bool] {
            var state = ColumnEvidenceState()
            return values.map { value in
                state.judge(uncalibrated: value, by: .above(raise: 0.2, clear: 0.1), clearAfter: 3)
                return state.isRaised
            }
        }
        #expect(raised([0.3, 0.05, 0.05, 0.3, 0.05, 0.05, 0.3]).allSatisfy { !$0 })
        #expect(raised([0.3, 0.05, 0.3]) == [false, false, true])
        #expect(raised([0.3, 0.3, 0.05]) == [false, true, true])
        #expect(
            raised([0.3, 0.3, 0.05, 0.05, 0.15, 0.1, 0.1, 0.1]) == [false] + Array(repeating: true, count: 6) + [false])
        // After an alarm as before the first one.
        #expect(raised([0.3, 0.3, 0, 0, 0, 0.3, 0.3]) == [false, true, true, true, false, false, true])
    }

    @Test func persistenceWithoutACalibrationOutlivesARestart() throws {
        var state = ColumnEvidenceState()
        state.judge(uncalibrated: 0.3, by: .above(raise: 0.2, clear: 0.1), clearAfter: 3)
        var restored = try JSONDecoder().decode(ColumnEvidenceState.self, from: JSONEncoder().encode(state))
        #expect(restored == state)
        restored.judge(uncalibrated: 0.3, by: .above(raise: 0.2, clear: 0.1), clearAfter: 3)
        #expect(restored.isRaised)
    }

    /// Stretches whose last pane is always empty, as nights are, and panes that begin at half past: neither was ever judged.
    @Test(arguments: [(0, true), (1_800_000_000, false), (1_800_000_000, true)])
    func everyStretchIsJudged(_ origin: Int64, _ isQuietAtTheEnd: Bool) throws {
        let hour: Int64 = 3_600_000_000
        var stream = DriftStream(seed: 5)
        let hours = (0..<900).filter { !isQuietAtTheEnd || $0 % 6 != 5 }
        let values = hours.map { _ in stream.normals(30) }
        let reference = ReferenceBuilder.build(columns: [(name: "x", values: .numeric(values.flatMap(\.self)))])
        let encoder = ReferenceEncoder(reference)
        let chunks = zip(hours, values).map {
            ReferenceChunks.Chunk(
                startMicroseconds: Int64($0) * hour + origin, summary: SeasonalWorld.summary($1, encoder))
        }
        var settings = try settings(.empirical)
        settings.minimumSample = 150
        var watch = CalibratedDriftDetector(
            model: "m", version: "1", settings: settings, reference: reference,
            chunks: ReferenceChunks(paneMicroseconds: hour, chunks: chunks))
        var ends: [Int64] = []
        for number in 900..<960 where !isQuietAtTheEnd || number % 6 != 5 {
            let start = Int64(number) * hour + origin
            let pane = DriftWindow(
                startMicroseconds: start, endMicroseconds: start + hour,
                summary: SeasonalWorld.summary(stream.normals(30), encoder))
            for verdict in watch.judge(pane: pane, reference: reference) {
                #expect(verdict.status == .ok && verdict.reason != .uncalibrated)
                #expect(verdict.count == (isQuietAtTheEnd ? 150 : 180))
                ends.append(verdict.windowEnd)
            }
        }
        // With an empty pane at its end a stretch is known to be over when the next begins.
        let (count, length) = isQuietAtTheEnd ? (9, Int64(5)) : (10, 6)
        #expect(ends == (0..<count).map { (900 + Int64($0) * 6 + length) * hour + origin })
    }

    /// The rows of a learned reference are gone after a restart: with other settings, what was learned of them must stay.
    @Test func theDependenceOfEventsOutlivesOtherSettings() throws {
        var world = SeasonalWorld(days: 20, correlation: 0.9)
        var rules = MonitorRules(drift: [], performance: [], calibrated: try settings(.analytic))
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        monitor.prepare(reference: world.reference, chunks: world.chunks)
        let before = try #require(try dispersions(monitor))
        #expect(before.contains { $0 > 2 })
        rules.calibrated?.smallest.shift = 0.1
        monitor.adopt(rules)
        #expect(try dispersions(monitor) == before)
        var verdicts: [Verdict] = []
        for _ in 0..<10 { verdicts += monitor.judge(pane: world.pane(), reference: world.reference) }
        #expect(verdicts.count == 10)
        #expect(try dispersions(monitor) == before)
        rules.calibrated?.calibration = .empirical
        monitor.adopt(rules)
        #expect(try dispersions(monitor) == nil)
    }

    /// Rows whose times become known later are learned from; panes that were judged stay judged. The same rows again, or a
    /// checkpoint that does not say which they were, throw no evidence away.
    @Test func rowsAreLearnedFromOnce() throws {
        var world = SeasonalWorld(days: 20, correlation: 0.9)
        let rules = MonitorRules(drift: [], performance: [], calibrated: try settings(.analytic))
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        for _ in 0..<3 { _ = monitor.judge(pane: world.pane(), reference: world.reference) }
        let judged = monitor.paneJudgedUntilMicroseconds
        #expect(try judged != nil && dispersions(monitor) == nil)
        let isNew = monitor.relearn(reference: world.reference, chunks: world.chunks)
        #expect(isNew)
        #expect(monitor.paneJudgedUntilMicroseconds == judged)
        let learned = try #require(try dispersions(monitor))
        let isNewAgain = monitor.relearn(reference: world.reference, chunks: world.chunks)
        #expect(!isNewAgain)

        _ = monitor.judge(pane: world.pane(), reference: world.reference)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(monitor), as: UTF8.self)
        let older = text.replacing(#/,"learnedFrom":"[0-9a-f]+"/#, with: "")
        #expect(older != text)
        var restored = try JSONDecoder().decode(ModelMonitor.self, from: Data(older.utf8))
        let isNewInOlder = restored.relearn(reference: world.reference, chunks: world.chunks)
        #expect(!isNewInOlder)
        #expect(try dispersions(restored) == learned && restored == monitor)
    }

    private func dispersions(_ monitor: ModelMonitor) throws -> [Double]? {
        struct Root: Decodable {
            struct Detector: Decodable {
                struct Calibration: Decodable {
                    struct Dispersion: Decodable { var overall: Double }
                    var dispersions: [Dispersion]?
                }
                var calibration: Calibration
            }
            var detector: Detector?
        }
        return try JSONDecoder().decode(Root.self, from: JSONEncoder().encode(monitor))
            .detector?.calibration.dispersions?.map(\.overall)
    }

    /// Another slide after a restart: ranks among hours say nothing of stretches of two.
    @Test func panesOfAnotherLengthAreLearnedAfresh() throws {
        let hour: Int64 = 3_600_000_000
        var stream = DriftStream(seed: 6)
        let values = (0..<600).map { _ in stream.normals(60) }
        let reference = ReferenceBuilder.build(columns: [(name: "x", values: .numeric(values.flatMap(\.self)))])
        let encoder = ReferenceEncoder(reference)
        func chunks(_ hours: Int) -> ReferenceChunks {
            let starts = stride(from: 0, to: 600, by: hours)
            return ReferenceChunks(
                paneMicroseconds: Int64(hours) * hour,
                chunks: starts.map { start in
                    ReferenceChunks.Chunk(
                        startMicroseconds: Int64(start) * hour,
                        summary: SeasonalWorld.summary(values[start..<start + hours].flatMap(\.self), encoder))
                })
        }
        func pane(_ number: Int, hours: Int) -> DriftWindow {
            DriftWindow(
                startMicroseconds: Int64(number * hours) * hour, endMicroseconds: Int64((number + 1) * hours) * hour,
                summary: SeasonalWorld.summary(stream.normals(60 * hours), encoder))
        }
        var monitor = ModelMonitor(
            model: "m", version: "1",
            rules: MonitorRules(
                drift: [], performance: [], minimumDriftSample: 30, minimumPerformanceSample: 30,
                calibrated: try settings(.empirical)))
        for number in 600..<700 {
            #expect(!monitor.judge(pane: pane(number, hours: 1), reference: reference, chunks: chunks(1)).isEmpty)
        }
        monitor.forgetPanes()
        monitor = try JSONDecoder().decode(ModelMonitor.self, from: JSONEncoder().encode(monitor))
        // Judged already, and so not again.
        #expect(monitor.judge(pane: pane(349, hours: 2), reference: reference, chunks: chunks(2)).isEmpty)
        for number in 350..<380 {
            let verdicts = monitor.judge(pane: pane(number, hours: 2), reference: reference, chunks: chunks(2))
            #expect(verdicts.count == 1 && verdicts[0].reason != .uncalibrated && verdicts[0].count == 120)
            #expect(verdicts[0].status == .ok)
        }
    }

    @Test func aRestartChangesNothing() throws {
        var world = SeasonalWorld(days: 42, correlation: 0.5)
        var plain = CalibratedDriftDetector(
            model: "m", version: "1", settings: try settings(.empirical), reference: world.reference,
            chunks: world.chunks)
        var restored = plain
        for step in 0..<48 {
            let pane = world.pane()
            if step % 7 == 3 {
                restored = try JSONDecoder().decode(
                    CalibratedDriftDetector.self, from: JSONEncoder().encode(restored))
            }
            #expect(
                plain.judge(pane: pane, reference: world.reference)
                    == restored.judge(pane: pane, reference: world.reference))
        }
        let chunks = try JSONDecoder().decode(ReferenceChunks.self, from: JSONEncoder().encode(world.chunks))
        #expect(chunks == world.chunks)
    }
}
