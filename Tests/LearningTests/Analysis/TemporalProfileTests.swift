import Foundation
import Testing
import TidewatchTestKit

@testable import Learning

@Suite struct TemporalProfileTests {
    private func profile(_ columns: [TableColumn], time: String = "t") throws -> TemporalProfile {
        try #require(try TableProfiler(time: time).run(Table(columns: columns)).temporal)
    }

    @Test func stepsGapsAndOrder() throws {
        // About every 10; the last row comes too early.
        let times: [Double] = [0, 10, 20, 70, 80, 80, 90, 110, 120, 130, 140, 150, 160, 170, 85]
        let found = try profile([TableColumn(name: "t", numbers: times)])
        #expect(found.rows == 15 && found.distinct == 14 && found.backwards == 1 && found.firstBackwards == 14)
        #expect(found.step == 10 && !found.isCalendar)
        #expect(found.start == 0 && found.end == 170)
    }

    @Test func regularStepsShowEveryGap() throws {
        let times = (0..<400).filter { !(100..<130).contains($0) && $0 != 300 }.map { Double($0) * 60 }
        let found = try profile([TableColumn(name: "t", numbers: times)])
        #expect(found.gaps.map(\.start) == [5_940, 17_940] && found.gaps.map(\.end) == [7_800, 18_060])
        #expect(found.regularShare.map { $0 > 0.99 } == true)
    }

    /// Arrivals by chance have no gap.
    @Test func irregularSteps() throws {
        var stream = DriftStream(seed: 9)
        var now = 0.0
        let times = (0..<20_000).map { _ in
            now -= log(stream.uniform())
            return now
        }
        let found = try profile([TableColumn(name: "t", numbers: times)])
        #expect(found.gapCount == 0 && found.backwards == 0)
        #expect(found.regularShare.map { $0 < 0.1 } == true)
    }

    @Test func driftIsSeenWhereItIs() throws {
        var stream = DriftStream(seed: 4)
        let rows = 6_000
        let columns = [
            TableColumn(name: "t", numbers: (0..<rows).map(Double.init)),
            TableColumn(name: "still", numbers: stream.normals(rows)),
            TableColumn(name: "moved", numbers: stream.normals(rows, shift: 1, from: 3_000)),
            TableColumn(
                name: "kind",
                texts: stream.categories(rows, weights: [5, 3, 2], later: [2, 3, 5], from: 4_500)),
        ]
        let found = try profile(columns)
        #expect(found.parts.count == 12 && found.parts.allSatisfy { $0.rows == 500 })
        #expect(Set(found.drift.prefix(2).map(\.column)) == ["moved", "kind"])
        let moved = try #require(found.drift.first { $0.column == "moved" })
        #expect(moved.psi[..<6].allSatisfy { ($0 ?? 1) < 0.08 } && moved.psi[6...].allSatisfy { ($0 ?? 0) > 0.5 })
        let kind = try #require(found.drift.first { $0.column == "kind" })
        #expect(kind.psi[..<9].allSatisfy { ($0 ?? 1) < 0.08 } && kind.psi[9...].allSatisfy { ($0 ?? 0) > 0.2 })
        let still = try #require(found.drift.first { $0.column == "still" })
        #expect(still.psi.allSatisfy { ($0 ?? 1) < 0.08 } && found.standstills.isEmpty)
    }

    /// A column that starts to vary, one that starts to be filled, and beside them a slow one, a sparse one and a constant.
    @Test func standstills() throws {
        var stream = DriftStream(seed: 5)
        let rows = 5_000
        let columns = [
            TableColumn(name: "t", numbers: (0..<rows).map(Double.init)),
            TableColumn(name: "price", numbers: (0..<rows).map { $0 < 2_000 ? 0.5 : stream.normal() }),
            TableColumn(name: "filled", texts: (0..<rows).map { $0 < 700 ? nil : "v\(Int(stream.uniform() * 9))" }),
            TableColumn(name: "stuck", numbers: (0..<rows).map { (3_000..<3_500).contains($0) ? 7 : stream.normal() }),
            TableColumn(name: "season", numbers: (0..<rows).map { Double($0 / 1_250) }),
            TableColumn(name: "rare", numbers: (0..<rows).map { _ in stream.uniform() < 0.02 ? 1 : 0 }),
            TableColumn(name: "same", numbers: Array(repeating: 3, count: rows)),
        ]
        let found = try profile(columns).standstills
        #expect(
            found.map { "\($0.column) \($0.value ?? "nothing") \($0.rows)" } == [
                "price 0.5 0..<2000", "filled nothing 0..<700", "stuck 7 3000..<3500",
            ])
    }

    @Test func textsAndSecondsAreTimes() throws {
        var profiler = TableProfiler(time: "t")
        profiler.timeOfText = { Double($0.dropFirst()).map { $0 * 1e6 } }
        profiler.timeOfNumber = { $0 >= 1e8 ? $0 * 1e6 : nil }
        let texts = TableColumn(name: "t", texts: ["@3", nil, "@1", "@2"])
        let read = try #require(try profiler.run(Table(columns: [texts])).temporal)
        #expect(read.isCalendar && read.missing == 1 && read.start == 1e6 && read.end == 3e6 && read.backwards == 1)
        let seconds = TableColumn(name: "t", numbers: [1.7e9, .nan, 1.7e9 + 60])
        let counted = try #require(try profiler.run(Table(columns: [seconds])).temporal)
        #expect(counted.isCalendar && counted.step == 60e6 && counted.missing == 1)
        let words = TableColumn(name: "t", texts: ["@3", "soon", "later"])
        let error = learningError { _ = try profiler.run(Table(columns: [words])) }
        #expect(error?.code == .invalidInput && error?.message.contains("\"soon\", row 2") == true)
    }
}
