import Learning
import Testing
import TidewatchTestKit

/// Tables that break careless arithmetic.
@Suite struct HostileProfileTests {
    @Test(arguments: 1...4) func fewRows(_ rows: Int) throws {
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: [1, 2, 4, 8].prefix(rows).map { $0 }),
            TableColumn(name: "k", texts: ["a", "b", nil, "a"].prefix(rows).map { $0 }),
            TableColumn(name: "f", booleans: [true, nil, false, true].prefix(rows).map { $0 }),
            TableColumn(name: "y", texts: ["u", "v", "u", "v"].prefix(rows).map { $0 }),
        ])
        for target in [nil, "x", "k", "f", "y"] {
            for time in [nil, "x"] where time != target || time == nil {
                let profile = try TableProfiler(target: target, time: time).run(table)
                #expect(profile.rows == rows && profile.columns.count == 4)
                let x = try #require(profile["x"]?.numeric)
                #expect((x.standardDeviation == nil) == (rows < 2) && (x.skewness == nil) == (rows < 3))
                #expect((x.kurtosis == nil) == (rows < 4))
            }
        }
        #expect(try TableProfiler().run(table)["x"]?.numeric?.median == [1, 1.5, 2, 3][rows - 1])
    }

    @Test func noRows() throws {
        let table = try Table(columns: [TableColumn(name: "x", numbers: [])])
        #expect(learningError { _ = try TableProfiler().run(table) }?.code == .noRows)
    }

    @Test func emptyAndConstantColumns() throws {
        let rows = 120
        let table = try Table(columns: [
            TableColumn(name: "none", numbers: Array(repeating: .nan, count: rows)),
            TableColumn(name: "blank", texts: Array(repeating: nil, count: rows)),
            TableColumn(name: "one", numbers: Array(repeating: 0.1, count: rows)),
            TableColumn(name: "word", texts: Array(repeating: "w", count: rows)),
            TableColumn(name: "x", numbers: (0..<rows).map { Double($0 % 7) + 0.5 }),
            TableColumn(name: "y", texts: (0..<rows).map { $0 % 3 == 0 ? "a" : "b" }),
        ])
        for (target, time) in [("y", nil), ("x", nil), ("one", "x"), ("none", nil), ("blank", nil), ("word", nil)] {
            let profile = try TableProfiler(target: target, time: time).run(table)
            #expect(profile.notes.contains(.emptyColumns(["none", "blank"])))
            #expect(profile.notes.contains(.constantColumns(["one", "word"])))
            let isHopeless = target != "y" && target != "x"
            #expect((profile.target?.task == TargetProfile.Task.none) == isHopeless, "\(target)")
            #expect(profile.suspects.isEmpty, "\(target): \(profile.suspects)")
        }
        let one = try #require(try TableProfiler().run(table)["one"]?.numeric)
        #expect(one.skewness == nil && one.quartileOutliers == nil && one.robustOutliers == nil)
    }

    @Test func infinitiesAndHugeNumbers() throws {
        var stream = DriftStream(seed: 1)
        let rows = 5_000
        let table = try Table(columns: [
            TableColumn(name: "huge", numbers: (0..<rows).map { _ in 1.7e308 * (2 * stream.uniform() - 1) }),
            TableColumn(
                name: "tiny",
                numbers: (0..<rows).map { _ in .leastNonzeroMagnitude + .leastNormalMagnitude * stream.uniform() }),
            TableColumn(name: "endless", numbers: (0..<rows).map { $0 % 10 == 0 ? .infinity : stream.normal() }),
            TableColumn(name: "both", numbers: (0..<rows).map { $0 % 2 == 0 ? .infinity : -.infinity }),
            TableColumn(name: "zero", numbers: (0..<rows).map { $0 % 2 == 0 ? 0.0 : -0.0 }),
            TableColumn(name: "y", texts: (0..<rows).map { _ in stream.uniform() < 0.5 ? "a" : "b" }),
        ])
        for (target, time) in [("y", nil), ("huge", nil), ("endless", "huge"), ("both", nil), ("tiny", "endless")] {
            let profile = try TableProfiler(target: target, time: time).run(table)
            #expect(profile["endless"]?.infinite == 500 && profile["both"]?.infinite == rows)
            #expect(profile["both"]?.type == .empty && profile["zero"]?.type == .constant)
            #expect(profile["huge"]?.cells.counts.reduce(0, +) ?? 0 > 4_900)
            for pair in profile.associations.pairs { #expect(pair.strength.map { (0...1).contains($0) } ?? true) }
            let numbers = profile.columns.compactMap(\.numeric)
            #expect(numbers.allSatisfy { $0.mean.map(\.isFinite) ?? true && $0.skewness.map(\.isFinite) ?? true })
        }
        let endless = try #require(try TableProfiler().run(table)["endless"]?.numeric)
        #expect(endless.count == 4_500 && endless.mean.map { $0.magnitude < 0.1 } == true)
    }

    /// Pairs and cards are bounded, and what is left out is counted; the columns that matter are in.
    @Test func veryWide() throws {
        var stream = DriftStream(seed: 7)
        var columns = (0..<3_000).map { TableColumn(name: "n\($0)", numbers: stream.normals(60)) }
        let label = (0..<60).map { $0 % 2 == 0 ? "a" : "b" }
        columns.append(
            TableColumn(name: "told", numbers: label.map { $0 == "a" ? stream.normal() : 2.5 + stream.normal() }))
        columns.append(TableColumn(name: "y", texts: label))
        let profile = try TableProfiler(target: "y").run(Table(columns: columns))
        #expect(profile.columnCount == 3_002 && profile.columns.count == 500)
        #expect(profile.associations.columns.count == 30 && profile.associations.leftOut == 2_972)
        #expect(profile.associations.columns.first == "y" && profile.associations.columns.contains("told"))
        #expect(profile["told"]?.cells.counts.isEmpty == false)
    }

    @Test func hugeCardinality() throws {
        var stream = DriftStream(seed: 3)
        let rows = 20_000
        let table = try Table(columns: [
            TableColumn(name: "key", texts: (0..<rows).map { "k\(($0 * 7_919) % rows)" }),
            TableColumn(name: "many", texts: (0..<rows).map { _ in "m\(Int(stream.uniform() * 9_000))" }),
            TableColumn(name: "y", texts: (0..<rows).map { _ in stream.uniform() < 0.3 ? "a" : "b" }),
        ])
        let profile = try TableProfiler(target: "y").run(table)
        #expect(profile["key"]?.type == .identifier && profile["many"]?.type == .categorical)
        // As counted, a third of the target; of rows not counted on, nothing.
        let many = try #require(profile["many"]?.relation)
        #expect(try #require(many.predictivePower) < 0.01 && (try #require(many.informationShare)) < 0.1)
        #expect(profile.suspects.map(\.column) == ["key"])
    }

    @Test func sameTableSameProfile() throws {
        let table = try exclusiveOr(rows: 3_000, seed: 1)
        let profiler = TableProfiler(target: "label", time: "a")
        #expect(try profiler.run(table) == profiler.run(table))
    }

    @Test func unknownTarget() throws {
        let table = try exclusiveOr(rows: 30, seed: 1)
        #expect(learningError { _ = try TableProfiler(target: "lable").run(table) }?.code == .unknownColumn)
    }
}
