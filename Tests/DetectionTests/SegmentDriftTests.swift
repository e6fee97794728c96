import Foundation
import Statistics
import Testing
import TidewatchTestKit
import Windowing

@testable import Detection

/// Panes of many segments whose counts are drawn on the cells of a reference, as if events had been counted.
private struct SegmentWorld {
    static let hour: Int64 = 3_600_000_000
    let reference: ReferenceProfile
    let encoder: ReferenceEncoder
    let segments: Int
    /// Shares of each column's cells.
    private let shares: [[Double]]
    private var stream: DriftStream
    private(set) var hours: Int64 = 0

    init(segments: Int, columns: Int, seed: UInt64, rowsPerSegment: Int = 500) {
        self.segments = segments
        stream = DriftStream(seed: seed)
        let shapes: [[Double]] = [[0.5, 0.3, 0.2], [0.35, 0.3, 0.2, 0.1, 0.05], [0.7, 0.3]]
        let shares = (0..<columns).map { shapes[$0 % shapes.count] }
        self.shares = shares
        var columns: [(name: String, values: ReferenceBuilder.ColumnValues)] = []
        let rows = segments * rowsPerSegment
        for (index, share) in shares.enumerated() {
            let drawn = stream.categories(rows, weights: share)
            // Every other column is numeric with few values.
            columns.append(
                index % 2 == 0
                    ? (name: "x\(index)", values: .categorical(drawn))
                    : (name: "x\(index)", values: .numeric(drawn.map { Double($0.dropFirst()) ?? .nan })))
        }
        columns.append((name: "region", values: .categorical((0..<rows).map { "r\($0 % segments)" })))
        reference = ReferenceBuilder.build(columns: columns)
        encoder = ReferenceEncoder(reference)
    }

    /// So many events of one segment; `moved` takes the first cell's share of that column down by half.
    mutating func draw(_ events: Int, moved: Int? = nil) -> PaneSummary {
        var summary = PaneSummary(empty: encoder)
        summary.events = Int64(events)
        for (column, share) in shares.enumerated() {
            var share = share
            if column == moved {
                share[1] += share[0] / 2
                share[0] /= 2
            }
            let names: [String]
            switch reference.columns[column].binning {
            case .categories(let kept): names = kept
            default: names = share.indices.map { "c\($0)" }
            }
            var (rest, mass) = (events, 1.0)
            for (value, part) in share.enumerated() {
                let count = value == share.count - 1 ? rest : binomial(rest, min(1, part / mass))
                guard let cell = names.firstIndex(of: "c\(value)") else { continue }
                summary.columns[column].counts[cell] += Int64(count)
                rest -= count
                mass -= part
            }
        }
        summary.columns[shares.count].counts[0] = Int64(events)
        return summary
    }

    /// Binomial by its normal approximation: the events of a segment are many.
    private mutating func binomial(_ count: Int, _ share: Double) -> Int {
        guard count > 0 else { return 0 }
        let mean = Double(count) * share
        let drawn = stream.normal(mean: mean, deviation: (mean * (1 - share)).squareRoot())
        return min(count, max(0, Int(drawn.rounded())))
    }

    mutating func watch(_ rules: MonitorRules, rows: Int = 500) -> SegmentDriftWatch {
        let parts = (0..<segments).map { number in
            SegmentReference(
                segment: SegmentKey(column: "region", value: "r\(number)"), rows: Int64(rows),
                summary: draw(rows))
        }
        return SegmentDriftWatch(
            of: reference, settings: SegmentSettings(columns: ["region"], countsDrift: true), rules: rules, parts: parts
        )
    }

    mutating func pane(_ parts: [String: PaneSummary]) -> DriftWindow {
        hours += 1
        var whole: PaneSummary?
        for part in parts.values {
            if whole == nil { whole = part } else { whole?.merge(part) }
        }
        return DriftWindow(
            startMicroseconds: (hours - 1) * Self.hour, endMicroseconds: hours * Self.hour, summary: whole)
    }
}

private func rules(_ budget: String = "1 per 30d", drift: [DriftRule] = []) throws -> MonitorRules {
    MonitorRules(
        drift: drift, performance: [], minimumDriftSample: 200,
        calibrated: DriftDetectorSettings(budget: try #require(FalseAlarmBudget(budget)), minimumSample: 200))
}

struct SegmentDriftTests {
    /// Half a year of hourly panes, twenty segments of ten columns, with a budget that allows six false alarms.
    @Test func halfAYearWithoutDriftKeepsTheBudget() throws {
        var world = SegmentWorld(segments: 20, columns: 10, seed: 5)
        let rules = try rules()
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        monitor.watch(world.watch(rules))
        var raised: Set<String> = []
        var alarms: [String] = []
        var judged = 0
        for hour in 0..<4_380 {
            // Each segment comes every fifth hour, as many as make an interval.
            var parts: [String: PaneSummary] = [:]
            for number in 0..<20 where (hour + number) % 5 == 0 { parts["region=r\(number)"] = world.draw(200) }
            let verdicts = monitor.judge(pane: world.pane(parts), reference: world.reference, segments: parts)
            judged += verdicts.count { $0.segment != nil }
            let now = Set(verdicts.filter { $0.status == .drift }.map(\.detector))
            let quiet = Set(verdicts.filter { $0.status == .ok }.map(\.detector))
            alarms += now.subtracting(raised)
            raised = raised.union(now).subtracting(quiet)
        }
        #expect(judged == 4_380 * 4 * 10)
        #expect(alarms.count <= 6, "\(alarms)")
    }

    @Test func theSegmentThatMovesIsFoundAndSurvivesARestart() throws {
        var world = SegmentWorld(segments: 4, columns: 3, seed: 6)
        let rules = try rules()
        var straight = ModelMonitor(model: "m", version: "1", rules: rules)
        straight.watch(world.watch(rules))
        var restored = straight
        var found: Set<String> = []
        for hour in 0..<40 {
            var parts: [String: PaneSummary] = [:]
            for number in 0..<4 {
                parts["region=r\(number)"] = world.draw(150, moved: number == 2 && hour >= 20 ? 0 : nil)
            }
            let pane = world.pane(parts)
            let expected = straight.judge(pane: pane, reference: world.reference, segments: parts)
            restored = try JSONDecoder().decode(ModelMonitor.self, from: JSONEncoder().encode(restored))
            restored.adopt(rules)
            let again = restored.judge(pane: pane, reference: world.reference, segments: parts)
            #expect(again == expected)
            let repeated = restored.judge(pane: pane, reference: world.reference, segments: parts)
            #expect(repeated.isEmpty)
            let drifted = expected.filter { $0.status == .drift && $0.segment != nil }
            found.formUnion(drifted.map(\.detector))
            if hour < 20 { #expect(drifted.isEmpty) }
        }
        #expect(restored == straight)
        #expect(found == ["drift/x0/divergence@region=r2"])
    }

    /// A segment with too few rows in the reference is never judged, and says so; one without events says nothing.
    @Test func smallSegmentsAreInsufficient() throws {
        var world = SegmentWorld(segments: 3, columns: 2, seed: 7)
        let rule = DriftRule(statistic: .psi, raise: 0.2, clear: 0.1)
        let rules = try rules(drift: [rule])
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        let parts = [500, 30, 0].enumerated().map { number, rows in
            SegmentReference(
                segment: SegmentKey(column: "region", value: "r\(number)"), rows: Int64(rows),
                summary: rows < 200 ? nil : world.draw(rows))
        }
        monitor.watch(
            SegmentDriftWatch(
                of: world.reference, settings: SegmentSettings(columns: ["region"], countsDrift: true), rules: rules,
                parts: parts))
        // One judged segment: half of the budget is its own.
        #expect(monitor.budgetShares(world.reference) == (0.5, 0.5))
        var verdicts: [Verdict] = []
        for _ in 0..<4 {
            let parts = ["region=r0": world.draw(200), "region=r1": world.draw(100, moved: 0)]
            let pane = world.pane(parts)
            verdicts += monitor.judge(pane: pane, reference: world.reference, segments: parts)
            verdicts += monitor.judge(drift: pane, reference: world.reference, segments: parts)
        }
        func statuses(_ segment: String) -> Set<VerdictStatus> {
            Set(verdicts.filter { $0.segment == segment }.map(\.status))
        }
        #expect(statuses("region=r0") == [.ok])
        #expect(statuses("region=r1") == [.insufficient])
        #expect(statuses("region=r2") == [.noData])
        let calibrated = verdicts.filter { $0.segment == "region=r1" && $0.subject.detector.hasSuffix("divergence") }
        // Twice in four panes of a hundred events, for each column.
        #expect(calibrated.count == 4 && calibrated.allSatisfy { $0.count == 200 && $0.reason == .tooFewEvents })
        #expect(verdicts.filter { $0.segment == "region=r2" }.allSatisfy { $0.subject.detector.hasSuffix("psi") })
    }

    /// Rules that go take their states along, others keep them; a rollback keeps references and nothing else.
    @Test func statesFollowTheRules() throws {
        var world = SegmentWorld(segments: 2, columns: 2, seed: 8)
        let psi = DriftRule(statistic: .psi, raise: 0.1, clear: 0.05)
        let rules = try rules(drift: [psi])
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        monitor.watch(world.watch(rules))
        func parts(moved: Int?) -> [String: PaneSummary] {
            ["region=r0": world.draw(400), "region=r1": world.draw(400, moved: moved)]
        }
        let first = parts(moved: 0)
        let raised = monitor.judge(drift: world.pane(first), reference: world.reference, segments: first)
        #expect(
            raised.filter { $0.status == .drift && $0.segment != nil }.map(\.detector) == ["drift/x0/psi@region=r1"])
        monitor.adopt(rules)
        #expect(monitor.segmentWatch?.segments[1].states.values.contains { $0.isRaised } == true)
        monitor.adopt(try Self.without(rules))
        #expect(monitor.segmentWatch?.segments[1].states.isEmpty == true)

        monitor.adopt(rules)
        monitor.restart(rules: rules)
        #expect(monitor.segmentReference == world.reference.id)
        #expect(monitor.segmentWatch?.segments.allSatisfy { $0.states.isEmpty && $0.detector != nil } == true)
    }

    private static func without(_ rules: MonitorRules) throws -> MonitorRules {
        var rules = rules
        rules.drift = [DriftRule(statistic: .hellinger, raise: 0.1, clear: 0.05)]
        return rules
    }

    /// Other settings after a restart: what they no longer make is let go of.
    @Test func segmentsFollowTheConfiguration() throws {
        var world = SegmentWorld(segments: 2, columns: 2, seed: 9)
        let rules = try rules()
        var monitor = ModelMonitor(model: "m", version: "1", rules: rules)
        let watch = world.watch(rules)
        monitor.watch(watch)
        monitor.keepSegments(of: SegmentSettings(columns: ["plan", "region"], countsDrift: true))
        #expect(monitor.segmentReference == world.reference.id)
        monitor.keepSegments(of: SegmentSettings(columns: ["plan"], countsDrift: true))
        #expect(monitor.segmentReference == nil)
        monitor.watch(watch)
        monitor.keepSegments(of: SegmentSettings(columns: ["region"], maximumValues: 1, countsDrift: true))
        #expect(monitor.segmentReference == nil, "`other` holds other rows then")
        monitor.watch(watch)
        monitor.keepSegments(of: SegmentSettings(columns: ["region"]))
        #expect(monitor.segmentReference == nil)
    }

    /// The retraining policy looks at the whole.
    @Test func theDriftedShareLeavesSegmentsOut() throws {
        func verdict(_ column: String, _ segment: String?, _ status: VerdictStatus) -> Verdict {
            Verdict(
                model: "m", version: "1", reference: "", subject: .drift(column: column, statistic: "psi"),
                segment: segment, status: status, reason: .noEvidence, value: 1, raiseLevel: 0, clearLevel: 0,
                windowStart: 0, windowEnd: 1, count: 1)
        }
        let verdicts = [
            verdict("a", nil, .drift), verdict("b", nil, .ok), verdict("c", nil, .insufficient),
            verdict("b", "region=r0", .drift), verdict("c", "region=r0", .ok), verdict("d", "region=r0", .drift),
        ]
        #expect(driftedShare(verdicts) == 0.5)
    }
}
