import Foundation
import Testing
import TidewatchTestKit

@testable import Statistics

/// The profile of a part of a reference's rows, on the whole's cells.
struct ReferencePartTests {
    private static let rows = 4_000

    /// A part of each kind of column; the part's `x` is narrower and higher than the whole's.
    private func world() -> (whole: ReferenceProfile, part: PaneSummary, x: [Double], few: [Double]) {
        var stream = DriftStream(seed: 3)
        let part = (0..<Self.rows).map { $0 % 4 == 0 }
        let x = part.map { $0 ? stream.normal(mean: 2, deviation: 0.5) : stream.normal() }
        let few = part.map { Double(Int(stream.uniform() * ($0 ? 3 : 9))) }
        let plans = part.map { $0 ? (stream.uniform() < 0.5 ? "a" : "b") : "c" }
        let whole = ReferenceBuilder.build(columns: [
            (name: "x", values: .numeric(x)), (name: "few", values: .numeric(few)),
            (name: "plan", values: .categorical(plans)),
            (name: "new", values: .boolean(part.map { $0 ? true : false })),
        ])
        let encoder = ReferenceEncoder(whole)
        let pane = PaneAccumulator(encoder: encoder)
        for row in part.indices where part[row] {
            pane.events += 1
            pane.add(numeric: x[row], column: 0)
            pane.add(numeric: few[row], column: 1)
            var plan = plans[row]
            plan.withUTF8 { pane.add(category: UnsafeRawBufferPointer($0), column: 2) }
            pane.add(boolean: true, column: 3)
        }
        let kept = part.indices.filter { part[$0] }
        return (whole, pane.summary(), kept.map { x[$0] }, kept.map { few[$0] })
    }

    @Test func itHasThePartsNumbersOnTheWholesCells() throws {
        let (whole, summary, x, few) = world()
        let part = whole.part(summary)
        #expect(part.rows == 1_000 && part.cellsIdentifier == whole.id && part.id != whole.id)
        #expect(whole.partOf == nil && whole.cellsIdentifier == whole.id)
        for (mine, theirs) in zip(part.columns, whole.columns) {
            #expect(mine.binning == theirs.binning && mine.total == 1_000)
            #expect(mine.scale == theirs.scale && mine.origin == theirs.origin)
        }
        func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (mean, (squares / Double(values.count)).squareRoot())
        }
        let direct = moments(x)
        #expect(abs(part.columns[0].mean - direct.mean) < 1e-5)
        #expect(abs(part.columns[0].standardDeviation - direct.deviation) < 1e-3)
        #expect(part.columns[0].minimum == x.min() && part.columns[0].maximum == x.max())
        let exact = moments(few)
        #expect(abs(part.columns[1].mean - exact.mean) < 1e-12)
        #expect(abs(part.columns[1].standardDeviation - exact.deviation) < 1e-12)
        let decoded = try JSONDecoder().decode(ReferenceProfile.self, from: JSONEncoder().encode(part))
        #expect(decoded == part)
    }

    /// Compared with itself it shows nothing, whatever the distance; the whole against the part shows a lot.
    @Test func itsOwnRowsAreNoDrift() throws {
        let (whole, summary, x, _) = world()
        let part = whole.part(summary)
        for (index, column) in part.columns.enumerated() {
            let own = ColumnComparison(reference: column, window: summary.columns[index])
            for statistic in DriftStatistic.allCases where statistic.isDefined(for: column.kind) {
                let found = own.compute(statistic)
                guard let value = found.value, statistic != .andersonDarling else { continue }
                #expect(value < 1e-4, "\(column.name) \(statistic.rawValue)")
            }
        }
        let far = ColumnComparison(reference: whole.columns[0], window: summary.columns[0])
        #expect(try #require(far.psi().value) > 0.5)
        // Sums stay readable: 0.3 higher is a distance of 0.3 in the column's unit, 0.6 of the part's deviations.
        let encoder = ReferenceEncoder(whole)
        let pane = PaneAccumulator(encoder: encoder)
        for value in x { pane.add(numeric: value + 0.3, column: 0) }
        let moved = ColumnComparison(reference: part.columns[0], window: pane.summary().columns[0])
        #expect(abs(try #require(moved.wasserstein().value) - 0.3) < 0.02)
        #expect(abs(try #require(moved.wassersteinNormalized().value) - 0.6) < 0.05)
    }

    /// What the part does not have is unlisted for it, as in a profile of the part alone.
    @Test func valuesThatThePartLacksAreUnlisted() {
        let (whole, summary, _, _) = world()
        let part = whole.part(summary)
        guard case .categories(let names) = whole.columns[2].binning, let c = names.firstIndex(of: "c") else {
            Issue.record("no categories")
            return
        }
        #expect(whole.columns[2].unlistedCells == [names.count, names.count + 1])
        #expect(part.columns[2].unlistedCells == [c, names.count, names.count + 1])
        #expect(part.columns[1].unlistedCells.count == 7, "of nine values the part has three")
        #expect(part.columns[3].unlistedCells == [2, 3], "a boolean column has two values, always")
    }
}
