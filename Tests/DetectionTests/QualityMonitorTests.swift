import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Detection

@Suite struct QualityMonitorTests {
    /// Five columns of 5,000 rows: `x` normal, `c` of three categories, `rare` missing in 5 %, `flag`, `n` of five numbers.
    private static let profile: ReferenceProfile = {
        var stream = DriftStream(seed: 5)
        return ReferenceBuilder.build(columns: [
            (name: "x", values: .numeric(stream.normals(5_000))),
            (name: "c", values: .categorical(stream.categories(5_000, weights: [5, 3, 2]))),
            (name: "rare", values: .numeric((0..<5_000).map { $0 % 20 == 0 ? .nan : Double($0 % 1_000) })),
            (name: "flag", values: .boolean((0..<5_000).map { $0 % 4 == 0 })),
            (name: "n", values: .numeric((0..<5_000).map { Double($0 % 5) })),
        ])
    }()
    private static let encoder = ReferenceEncoder(profile)

    /// A window of sound rows after `start`, some of whose rows `spoil` may change.
    private func window(
        _ index: Int, rows: Int, seed: UInt64 = 0,
        spoil: (PaneAccumulator, Int, inout Set<String>) -> Void = { _, _, _ in }
    ) -> DriftWindow {
        var stream = DriftStream(seed: seed &* 1_000 &+ UInt64(index) &+ 11)
        let pane = PaneAccumulator(encoder: Self.encoder)
        let numbers = stream.normals(rows)
        let categories = stream.categories(rows, weights: [5, 3, 2])
        for row in 0..<rows {
            pane.events += 1
            var done: Set<String> = []
            spoil(pane, row, &done)
            if !done.contains("x") { pane.add(numeric: numbers[row], column: 0) }
            if !done.contains("c") { Array(categories[row].utf8).withUnsafeBytes { pane.add(category: $0, column: 1) } }
            if !done.contains("rare") {
                if row % 20 == 7 {
                    pane.addMissing(column: 2)
                } else {
                    pane.add(numeric: Double(row % 1_000), column: 2)
                }
            }
            if !done.contains("flag") { pane.add(boolean: row % 4 == 1, column: 3) }
            if !done.contains("n") { pane.add(numeric: Double(row % 5), column: 4) }
        }
        return DriftWindow(
            startMicroseconds: Int64(index) * 60, endMicroseconds: Int64(index) * 60 + 60, summary: pane.summary())
    }

    private func monitor(_ rules: [QualityRule] = QualityRule.defaults) -> QualityMonitor {
        QualityMonitor(model: "m", version: "1", rules: rules)
    }

    private func raised(_ verdicts: [Verdict]) -> [String] {
        verdicts.filter { $0.status == .drift }.map(\.detector).sorted()
    }

    @Test(arguments: [20, 200, 5_000])
    func soundDataRaisesNothing(rows: Int) {
        var monitor = monitor()
        for index in 0..<50 {
            let verdicts = monitor.judge(window(index, rows: rows), reference: Self.profile)
            #expect(raised(verdicts) == [], "window \(index)")
            #expect(verdicts.allSatisfy { $0.value.map(\.isFinite) ?? true })
        }
    }

    private struct Fault: CustomTestStringConvertible, Sendable {
        var detectors: [String]
        var column: String
        var spoil: @Sendable (PaneAccumulator) -> Void
        var testDescription: String { detectors.joined() }
    }

    private static let faults: [Fault] = [
        Fault(detectors: ["quality/missing/x"], column: "x") { $0.addMissing(column: 0) },
        Fault(detectors: ["quality/missing/rare"], column: "rare") { $0.addMissing(column: 2) },
        Fault(detectors: ["quality/missing/x", "quality/schema/x"], column: "x") { $0.addAbsent(column: 0) },
        Fault(detectors: ["quality/unseen_category/c"], column: "c") { pane in
            Array("never".utf8).withUnsafeBytes { pane.add(category: $0, column: 1) }
        },
        Fault(detectors: ["quality/constant/x", "quality/out_of_range/x"], column: "x") {
            $0.add(numeric: 1e6, column: 0)
        },
        Fault(detectors: ["quality/type_mismatch/n"], column: "n") { $0.addViolation(column: 4) },
        Fault(detectors: ["quality/invalid_value/x"], column: "x") { $0.add(numeric: .infinity, column: 0) },
        Fault(detectors: ["quality/constant/flag"], column: "flag") { $0.add(boolean: true, column: 3) },
        Fault(detectors: ["quality/constant/n"], column: "n") { $0.add(numeric: 2, column: 4) },
        Fault(detectors: ["quality/constant/c"], column: "c") { pane in
            Array("c0".utf8).withUnsafeBytes { pane.add(category: $0, column: 1) }
        },
    ]

    /// All rows wrong is raised even in a window of 20 (100 for `missing` and `constant` where the reference has many of
    /// the kind), one column's fault is that column's alone, and sound data clears it.
    @Test(arguments: faults.indices)
    private func aColumnThatIsAllWrong(number: Int) {
        let fault = Self.faults[number]
        var monitor = monitor()
        let bad = monitor.judge(
            window(0, rows: 100) { pane, _, done in
                fault.spoil(pane)
                done.insert(fault.column)
            }, reference: Self.profile)
        #expect(raised(bad) == fault.detectors)
        #expect(bad.filter { $0.status == .drift }.allSatisfy { ($0.pValue ?? 1) <= 0.001 })
        let good = monitor.judge(window(1, rows: 1_000), reference: Self.profile)
        #expect(raised(good) == [])
        #expect(good.filter { $0.reason == .cleared }.map(\.detector).sorted() == fault.detectors)
    }

    /// A share just above the limit is no evidence in a small window and is in a large one.
    @Test func theEvidenceGrowsWithTheWindow() throws {
        func verdict(rows: Int, every: Int) throws -> Verdict {
            var monitor = monitor()
            let verdicts = monitor.judge(
                window(0, rows: rows) { pane, row, done in
                    guard row % every == 0 else { return }
                    pane.addViolation(column: 0)
                    done.insert("x")
                }, reference: Self.profile)
            return try #require(verdicts.first { $0.detector == "quality/type_mismatch/x" })
        }
        let one = try verdict(rows: 200, every: 200)
        #expect(one.status == .ok && one.reason == .effectWithoutEvidence && one.value == 0.005)
        let many = try verdict(rows: 20_000, every: 200)
        #expect(many.status == .drift && many.value == 0.005)
    }

    /// One bad event among ten million, for every check that counts events.
    @Test func oneInTenMillionIsNothing() throws {
        let one: Int64 = 1
        let window = self.window(0, rows: 1_000)
        var summary = try #require(window.summary)
        for column in summary.columns.indices {
            summary.columns[column].counts = summary.columns[column].counts.map { $0 * 10_000 }
            summary.columns[column].missing *= 10_000
            summary.columns[column].invalid = one
            summary.columns[column].violations = one
            summary.columns[column].absent = one
        }
        summary.columns[1].counts[4] = one
        summary.events = 10_000_000
        summary.duplicates = one
        var monitor = monitor()
        let verdicts = monitor.judge(
            DriftWindow(startMicroseconds: 0, endMicroseconds: 60, summary: summary), reference: Self.profile)
        #expect(raised(verdicts) == [])
        #expect(verdicts.count == 5 * 4 + 1 + 3 * 2 + 1)
    }

    @Test func duplicatesAreOfTheEvents() throws {
        var monitor = monitor()
        let bad = monitor.judge(
            window(0, rows: 100) { pane, _, _ in pane.duplicates += 1 }, reference: Self.profile)
        let verdict = try #require(bad.first { $0.status == .drift })
        #expect(raised(bad) == ["quality/duplicates"])
        #expect(verdict.value == 0.5 && verdict.count == 200)
    }

    @Test func unknownFeaturesAreNamedUntilTheyAreGone() {
        var monitor = monitor()
        monitor.adopt(QualityRule.defaults, ignoring: ["id"])
        func judge(_ index: Int, _ names: [String]) -> [Verdict] {
            monitor.judge(
                window(index, rows: 100) { pane, _, _ in
                    var hint = 0
                    for name in names {
                        Array(name.utf8).withUnsafeBytes { pane.unknownFeatures.count($0, hint: &hint) }
                    }
                }, reference: Self.profile)
        }
        #expect(raised(judge(0, ["id"])) == [])
        #expect(raised(judge(1, ["id", "zip"])) == ["quality/schema/zip"])
        let after = judge(2, [])
        #expect(after.filter { $0.reason == .cleared }.map(\.detector) == ["quality/schema/zip"])
        #expect(!judge(3, []).contains { $0.detector == "quality/schema/zip" })
    }

    @Test func rulesOfAColumnGoBeforeRulesForAll() {
        let lenient = QualityRule(check: .missing, columns: ["x"], maximumShare: 0.9)
        var monitor = monitor(QualityRule.defaults + [lenient, QualityRule(check: .missing, columns: ["nowhere"])])
        let verdicts = monitor.judge(
            window(0, rows: 300) { pane, row, done in
                guard row % 2 == 0 else { return }
                pane.addMissing(column: 0)
                pane.addMissing(column: 4)
                done.formUnion(["x", "n"])
            }, reference: Self.profile)
        #expect(raised(verdicts) == ["quality/missing/n"])
        #expect(verdicts.filter { $0.status == .error }.map(\.detector) == ["quality/missing/nowhere"])
    }

    @Test func emptyAndSmallWindowsSayNothing() {
        var monitor = monitor()
        let empty = DriftWindow(startMicroseconds: 0, endMicroseconds: 60, summary: nil)
        #expect(monitor.judge(empty, reference: Self.profile).allSatisfy { $0.status == .noData })
        let small = monitor.judge(
            window(1, rows: 10) { pane, _, done in
                pane.addViolation(column: 0)
                done.insert("x")
            }, reference: Self.profile)
        #expect(small.allSatisfy { $0.status == .insufficient || $0.status == .noData })
        #expect(monitor.judge(window(1, rows: 100), reference: Self.profile).isEmpty, "the same window again")
    }

    /// The first hours of a fortnight are one weekday, and of one weekday there are more events than chance would give.
    @Test func aWindowThatHasJustBegunIsNoConstant() throws {
        var monitor = monitor()
        func detectors(_ start: Int64, rows: Int = 100) -> [String] {
            var late = window(0, rows: rows) { pane, _, done in
                pane.add(boolean: true, column: 3)
                done.insert("flag")
            }
            late.startMicroseconds = start
            late.endMicroseconds = start + 240
            if rows == 0 { late.summary = nil }
            return raised(monitor.judge(late, reference: Self.profile, slide: 60))
        }
        // Events since 60: the first window that holds four panes of them starts there.
        #expect(detectors(-120) == [] && detectors(-60) == [] && detectors(0) == [])
        monitor = try JSONDecoder().decode(QualityMonitor.self, from: JSONEncoder().encode(monitor))
        #expect(detectors(60) == ["quality/constant/flag"])
        // After a window without events it begins anew.
        #expect(detectors(120, rows: 0) == [])
        #expect(detectors(180) == [] && detectors(300) == [])
        #expect(detectors(360) == ["quality/constant/flag"])
    }

    @Test func stateSurvivesARestart() throws {
        var monitor = monitor()
        _ = monitor.judge(
            window(0, rows: 100) { pane, _, done in
                pane.addMissing(column: 0)
                done.insert("x")
            }, reference: Self.profile)
        var restored = try JSONDecoder().decode(QualityMonitor.self, from: JSONEncoder().encode(monitor))
        #expect(restored == monitor)
        let cleared = restored.judge(window(1, rows: 100), reference: Self.profile)
        #expect(cleared.contains { $0.detector == "quality/missing/x" && $0.reason == .cleared })
    }
}
