import Testing
import TidewatchTestKit

@testable import Learning

/// A table in which every sort of leak is planted beside columns that only look suspicious.
@Suite struct LeakageTests {
    private static func planted(rows: Int = 2_000) throws -> Table {
        var stream = DriftStream(seed: 11)
        let signal = stream.normals(rows)
        let isYes = signal.map { $0 + stream.normal() > 0.8 }
        func numbers(_ name: String, _ value: (Int) -> Double) -> TableColumn {
            TableColumn(name: name, numbers: (0..<rows).map(value))
        }
        func texts(_ name: String, _ value: (Int) -> String?) -> TableColumn {
            TableColumn(name: name, texts: (0..<rows).map(value))
        }
        var noise = DriftStream(seed: 12)
        let hidden = Set((0..<rows).filter { _ in noise.uniform() < 0.03 })
        return try Table(columns: [
            // Innocent: strong, sparse, skewed, many categories, missing at random, large whole numbers.
            numbers("signal") { signal[$0] },
            numbers("gain") { _ in noise.uniform() < 0.9 ? 0 : (noise.uniform() * 5_000).rounded() },
            numbers("income") { _ in (1e6 * noise.uniform()).rounded() * 17 },
            texts("city") { _ in "city \(Int(noise.uniform() * 300))" },
            texts("occupation") { _ in noise.uniform() < 0.2 ? nil : noise.uniform() < 0.5 ? "a" : "b" },
            texts("country") { _ in noise.uniform() < 0.97 ? "US" : "KR" },
            // Planted.
            numbers("row_number") { Double($0 + 1) },
            texts("customer") { _ in "c\(Int(noise.uniform() * 1e15))" },
            numbers("decision") { isYes[$0] ? 3 + noise.normal() * 0.1 : noise.normal() * 0.1 },
            texts("closed_as") { isYes[$0] ? "settled \(Int(noise.uniform() * 5))" : "open" },
            numbers("refund") { isYes[$0] && noise.uniform() < 0.6 ? noise.uniform() * 100 : 0 },
            texts("cancelled_on") { isYes[$0] && noise.uniform() < 0.7 ? "2026-0\(1 + $0 % 9)-11" : nil },
            numbers("days_to_label") { hidden.contains($0) ? .nan : noise.uniform() * 30 },
            texts("label") { hidden.contains($0) ? nil : isYes[$0] ? "yes" : "no" },
        ])
    }

    private static let expected: [String: Set<String>] = [
        "row_number": ["counter"], "customer": ["identifier"], "decision": ["perfect"],
        "closed_as": ["perfect", "constant"], "refund": ["constant"], "cancelled_on": ["constant"],
        "days_to_label": ["missing"],
    ]

    private func names(_ profile: TableProfile) -> [String: Set<String>] {
        profile.suspects.reduce(into: [:]) { found, suspect in
            found[suspect.column] = Set(
                suspect.reasons.map { reason in
                    switch reason {
                    case .nearPerfect: "perfect"
                    case .identifier(let isCounter): isCounter ? "counter" : "identifier"
                    case .missingWithTarget: "missing"
                    case .constantWithinClass, .constantOutsideClass: "constant"
                    }
                })
        }
    }

    @Test func everySuspectIsNamedAndNoInnocentColumn() throws {
        var profiler = TableProfiler(target: "label")
        profiler.timeOfText = { $0.count == 10 && $0.hasPrefix("2026-") ? Double($0.suffix(2)) : nil }
        #expect(names(try profiler.run(Self.planted())) == Self.expected)
    }

    /// The order of rows and of columns says nothing about a leak, but for the counter.
    @Test func rowsInAnotherOrder() throws {
        let table = try Self.planted()
        var generator = SeededGenerator(seed: 3)
        let shuffled = table.rows(Array(0..<table.rowCount).shuffled(using: &generator))
        var expected = Self.expected
        expected["row_number"] = ["identifier"]
        #expect(names(try TableProfiler(target: "label").run(shuffled)) == expected)
    }

    @Test func withoutATargetOnlyIdentifiersAreNamed() throws {
        #expect(names(try TableProfiler().run(Self.planted())).keys.sorted() == ["customer", "row_number"])
    }

    @Test func classesOfThree() throws {
        var stream = DriftStream(seed: 2)
        let classes = (0..<900).map { ["a", "b", "c"][$0 % 3] }
        let table = try Table(columns: [
            TableColumn(name: "noise", numbers: stream.normals(900)),
            TableColumn(name: "only_a", texts: classes.map { $0 == "a" ? "x\(Int(stream.uniform() * 3))" : nil }),
            TableColumn(name: "zero_in_b", numbers: classes.map { $0 == "b" ? 0 : stream.normal() }),
            TableColumn(name: "class", texts: classes),
        ])
        let profile = try TableProfiler(target: "class").run(table)
        let suspects = profile.suspects.reduce(into: [:]) { $0[$1.column] = $1.reasons }
        #expect(suspects.count == 2)
        #expect(
            suspects["only_a"]?.contains(
                .constantOutsideClass(label: "a", value: nil, rows: 600, shareWithin: 0)) == true)
        #expect(
            suspects["zero_in_b"]?.contains(
                .constantWithinClass(label: "b", value: "0", rows: 300, shareElsewhere: 0)) == true)
    }

    @Test func regression() throws {
        var stream = DriftStream(seed: 8)
        let weak = stream.normals(3_000)
        let target = weak.map { 40 * $0 + 100 * stream.normal() }
        let table = try Table(columns: [
            TableColumn(name: "weak", numbers: weak), TableColumn(name: "noise", numbers: stream.normals(3_000)),
            TableColumn(name: "nearly", numbers: target.map { $0 / 7 + stream.normal() }),
            TableColumn(name: "target", numbers: target),
        ])
        let profile = try TableProfiler(target: "target").run(table)
        #expect(profile.target?.task == .regression)
        #expect(names(profile) == ["nearly": ["perfect"]])
        // r² is 0.138; the bins lose a little of it.
        let power = try #require(profile["weak"]?.relation?.predictivePower)
        #expect(power > 0.08 && power < 0.16)
        #expect(try #require(profile["noise"]?.relation?.predictivePower) < 0.01)
    }

    /// Copies of training rows in the hold-out are found; rows that repeat because there are few values are not suspicious.
    @Test func copiesAcrossTheSplit() throws {
        var stream = DriftStream(seed: 6)
        var numbers = stream.normals(1_000)
        let labels = numbers.map { $0 > 0 ? "u" : "d" }
        let clean = try Table(columns: [
            TableColumn(name: "id", numbers: (0..<1_000).map(Double.init)), TableColumn(name: "x", numbers: numbers),
            TableColumn(name: "y", texts: labels),
        ])
        let split = try #require(try TableProfiler(target: "y").run(clean).duplicates.acrossSplit)
        #expect(split.shared == 0 && !split.isSuspicious && split.holdout > 150 && split.holdout < 250)
        for row in 900..<1_000 { numbers[row] = numbers[row - 800] }
        let copied = try Table(columns: [
            TableColumn(name: "id", numbers: (0..<1_000).map(Double.init)), TableColumn(name: "x", numbers: numbers),
            TableColumn(name: "y", texts: labels),
        ])
        let profile = try TableProfiler(target: "y", time: "id").run(copied)
        #expect(
            profile.duplicates.acrossSplit
                == .init(isByTime: true, holdout: 200, shared: 100, isSuspicious: true))
        #expect(profile.duplicates.features == 100 && profile.duplicates.rows == 0)
        let clashes = (900..<1_000).count { labels[$0] != labels[$0 - 800] }
        #expect(profile.duplicates.conflicting == 2 * clashes)
        let coarse = try Table(columns: [
            TableColumn(name: "x", numbers: numbers.map { $0 > 0 ? 1 : 0 }), TableColumn(name: "y", texts: labels),
        ])
        #expect(try TableProfiler(target: "y").run(coarse).duplicates.acrossSplit?.isSuspicious == false)
    }
}
