import Foundation
import Learning
import Statistics
import Testing
import TidewatchTestKit

@testable import Agent

@Suite struct ComparisonTests {
    private func table(_ columns: TableColumn...) throws -> Table { try Table(columns: columns) }

    private func single(_ reference: [Double], _ current: [Double], _ statistics: [DriftStatistic]? = nil) throws
        -> ComparedColumn
    {
        let report = try TableComparison.run(
            reference: table(TableColumn(name: "x", numbers: reference)),
            current: table(TableColumn(name: "x", numbers: current)), statistics: statistics)
        return try #require(report.columns.first)
    }

    @Test func identicalTablesDoNotDrift() throws {
        var stream = DriftStream(seed: 1)
        let same = try table(
            TableColumn(name: "amount", numbers: stream.logNormals(2_000)),
            TableColumn(name: "colour", texts: stream.categories(2_000, weights: [5, 3, 1])),
            TableColumn(name: "member", booleans: stream.normals(2_000).map { $0 > 0 }))
        let report = try TableComparison.run(reference: same, current: same)
        #expect(report.columns.map(\.column) == ["amount", "colour", "member"])
        #expect(report.columns.map(\.kind) == ["numeric", "categorical", "boolean"])
        #expect(report.columns.allSatisfy { $0.status == .ok && $0.drift == false && $0.reason == .noEvidence })
        #expect(report.driftedShare == 0)
        #expect(!report.hasFailed)
        #expect(report.columns[0].statistics["ks"]?.value == 0)
        #expect(report.columns[0].statistics["ks"]?.pValue == 1)
        #expect(report.columns[0].statistics["ks"]?.method == "exact")
    }

    @Test func theShiftedColumnsAreFoundAndNoOther() throws {
        var stream = DriftStream(seed: 2)
        func side(_ shift: Double, _ weights: [Double]) throws -> Table {
            try table(
                TableColumn(name: "steady", numbers: stream.normals(3_000)),
                TableColumn(name: "shifted", numbers: stream.normals(3_000, shift: shift)),
                TableColumn(name: "calm", texts: stream.categories(3_000, weights: [4, 3, 2, 1])),
                TableColumn(name: "turned", texts: stream.categories(3_000, weights: weights)))
        }
        let report = try TableComparison.run(
            reference: side(0, [4, 3, 2, 1]), current: side(0.4, [1, 2, 3, 4]))
        #expect(report.driftedColumns == ["shifted", "turned"])
        #expect(report.driftedShare == 0.5)
        #expect(report.hasFailed)
        #expect(report.columns[1].severity == "warning")
        #expect(report.columns[3].severity == "critical")
        #expect(report.columnsBySeverity.map(\.column).prefix(2) == ["turned", "shifted"])
    }

    /// Equal distributions, a hundred times: how often any column is named must keep to the level that is promised.
    @Test func columnsWithoutDriftAreSeldomNamed() throws {
        var stream = DriftStream(seed: 3)
        var named = 0
        for _ in 0..<100 {
            let sides = try (0..<2).map { _ in
                try Table(
                    columns: (0..<4).map { TableColumn(name: "n\($0)", numbers: stream.normals(300)) }
                        + (0..<4).map {
                            TableColumn(name: "c\($0)", texts: stream.categories(300, weights: [8, 4, 2, 1, 1]))
                        })
            }
            let report = try TableComparison.run(reference: sides[0], current: sides[1])
            if !report.driftedColumns.isEmpty { named += 1 }
        }
        // At level 0.05 at most 5 are expected; 11 or more have a chance below 1 %.
        #expect(named <= 10)
    }

    @Test func significantButTrivialIsNotDrift() throws {
        var stream = DriftStream(seed: 4)
        let column = try single(stream.normals(30_000), stream.normals(30_000, shift: 0.06))
        #expect(column.reason == .evidenceWithoutEffect)
        #expect(column.drift == false)
        #expect(column.statistics["ks"]?.method != "exact")
    }

    @Test func largeButByChanceIsNotDrift() throws {
        var stream = DriftStream(seed: 9)
        let reasons = try (0..<40).map { _ in try single(stream.normals(40), stream.normals(40)).reason }
        #expect(reasons.contains(.effectWithoutEvidence))
        #expect(reasons.count { $0 == .evidenceAndEffect } <= 6)
    }

    @Test func missingnessAloneIsDrift() throws {
        var stream = DriftStream(seed: 5)
        let values = stream.normals(1_000)
        let holes = values.enumerated().map { $0.offset % 4 == 0 ? Double.nan : $0.element }
        let column = try single(values, holes)
        #expect(column.drift == true)
        #expect(column.missingReference == 0)
        #expect(column.missingCurrent == 0.25)
        let gone = try single(values, Array(repeating: .nan, count: 1_000))
        #expect(gone.drift == true)
        #expect(gone.severity == "critical")
    }

    struct Degenerate: Sendable {
        var reference: [Double]
        var current: [Double]
        var status: ComparisonStatus
        var reason: ComparisonReason

        static let cases: [Degenerate] = [
            Degenerate(reference: [], current: [1, 2], status: .noData, reason: .noValues),
            Degenerate(reference: [1, 2], current: [], status: .noData, reason: .noValues),
            Degenerate(reference: many(.nan), current: many(.nan), status: .noData, reason: .noValues),
            Degenerate(reference: many(.infinity), current: many(-.infinity), status: .noData, reason: .noValues),
            Degenerate(reference: [1, 2, 3], current: [1, 2, 3], status: .insufficient, reason: .tooFewRows),
            Degenerate(reference: many(7), current: many(7), status: .ok, reason: .noEvidence),
            Degenerate(reference: many(7), current: many(8), status: .ok, reason: .evidenceAndEffect),
            Degenerate(reference: many(.nan), current: many(8), status: .ok, reason: .evidenceAndEffect),
        ]

        private static func many(_ value: Double) -> [Double] { Array(repeating: value, count: 50) }
    }

    @Test(arguments: Degenerate.cases)
    func everyDegenerateColumnHasItsStatus(_ given: Degenerate) throws {
        let column = try single(given.reference, given.current, DriftStatistic.allCases)
        #expect(column.status == given.status)
        #expect(column.reason == given.reason)
        for (name, statistic) in column.statistics {
            #expect(statistic.value?.isFinite != false, "\(name)")
            #expect((statistic.value == nil) == (statistic.status != .ok), "\(name)")
            #expect(statistic.pValue.map { (0...1).contains($0) } != false, "\(name)")
        }
    }

    @Test func infinitiesAreCountedAndDoNotSpoilTheRest() throws {
        var stream = DriftStream(seed: 6)
        let values = stream.normals(2_000)
        let spoilt = values.enumerated().map { $0.offset % 5 == 0 ? Double.infinity : $0.element }
        let column = try single(values, spoilt)
        #expect(column.drift == true)
        #expect(column.statistics["wasserstein_normalized"]?.value?.isFinite == true)
        #expect(column.statistics["ks"].flatMap(\.value).map { $0 < 0.05 } == true)
    }

    @Test func oneOutlierMovesNothing() throws {
        var stream = DriftStream(seed: 7)
        let (reference, current) = (stream.normals(2_000), stream.normals(2_000))
        let plain = try single(reference, current)
        let spiked = try single(reference, current + [1e6])
        let difference = try #require(spiked.statistics["psi"]?.value) - #require(plain.statistics["psi"]?.value)
        #expect(abs(difference) < 0.001)
        let inReference = try single(reference + [1e6], current)
        let other = try #require(inReference.statistics["psi"]?.value) - #require(plain.statistics["psi"]?.value)
        #expect(abs(other) < 0.005)
        #expect(spiked.drift == false && inReference.drift == false)
    }

    @Test func identifiersAreNotCalledDrift() throws {
        func ids(_ range: Range<Int>) throws -> Table {
            try table(TableColumn(name: "id", texts: range.map { "u\($0)" }))
        }
        let report = try TableComparison.run(reference: ids(0..<2_000), current: ids(2_000..<4_000))
        #expect(report.columns[0].status == .insufficient)
        #expect(report.columns[0].drift == nil)
    }

    @Test func schemaChangesAreSaidAndDoNotAbort() throws {
        var stream = DriftStream(seed: 8)
        let values = stream.normals(100)
        let report = try TableComparison.run(
            reference: table(
                TableColumn(name: "kept", numbers: values), TableColumn(name: "gone", numbers: values),
                TableColumn(name: "turned", numbers: values)),
            current: table(
                TableColumn(name: "new", numbers: values), TableColumn(name: "kept", numbers: values),
                TableColumn(name: "turned", texts: values.map { "v\($0)" })))
        #expect(report.columns.map(\.column) == ["kept", "gone", "turned", "new"])
        #expect(report.columns.map(\.reason) == [.noEvidence, .missingInCurrent, .kindChanged, .missingInReference])
        #expect(report.columns.map(\.status) == [.ok, .error, .error, .error])
        #expect(report.driftedColumns.isEmpty)
        #expect(report.hasFailed)
        #expect(ComparisonText(usesColour: false).render(report).contains("gone missing in current"))
    }

    @Test func aColumnWithoutValuesTakesTheOthersKind() throws {
        let letters = (0..<100).map { $0 % 2 == 0 ? "a" : "b" }
        let report = try TableComparison.run(
            reference: table(TableColumn(name: "letter", texts: letters)),
            current: table(TableColumn(name: "letter", numbers: Array(repeating: .nan, count: 100))))
        #expect(report.columns[0].kind == "categorical")
        #expect(report.columns[0].reason == .evidenceAndEffect)
    }

    @Test func chosenColumnsAndStatistics() throws {
        var stream = DriftStream(seed: 10)
        let both = try table(
            TableColumn(name: "a", numbers: stream.normals(100)),
            TableColumn(name: "b", texts: stream.categories(100, weights: [1, 1])))
        let report = try TableComparison.run(
            reference: both, current: both, columns: ["b", "a", "b"], statistics: [.psi, .ks])
        #expect(report.columns.map(\.column) == ["b", "a"])
        #expect(report.columns.allSatisfy { Set($0.statistics.keys) == ["psi", "ks"] })
        #expect(report.columns[0].statistics["ks"]?.status == .error)
        let error = #expect(throws: ComparisonError.self) {
            try TableComparison.run(reference: both, current: both, columns: ["a", "c"])
        }
        #expect(error?.description == "neither table has a column \"c\"; they have: a, b")
    }

    /// All values are here, so no distance need be that of a grid: SciPy's `wasserstein_distance` of the same values.
    @Test func distancesAreThoseOfTheValues() throws {
        var stream = DriftStream(seed: 17)
        let (first, second) = (stream.normals(300), stream.normals(200, mean: 0.5).map { $0 * 3 })
        let report = try TableComparison.run(
            reference: table(TableColumn(name: "a", numbers: first)),
            current: table(TableColumn(name: "a", numbers: second)),
            statistics: [.wasserstein, .wassersteinNormalized, .energy])
        let found = report.columns[0].statistics
        let exact = try #require(SampleDistances.wasserstein(first, second))
        #expect(found["wasserstein"]?.value == exact && found["wasserstein"]?.method == "exact")
        let mean = first.reduce(0, +) / 300
        let deviation = (first.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 300).squareRoot()
        let normalised = try #require(found["wasserstein_normalized"]?.value)
        #expect(abs(normalised * deviation / exact - 1) < 0.01)
        let constant = try TableComparison.run(
            reference: table(TableColumn(name: "a", numbers: Array(repeating: 7, count: 100))),
            current: table(TableColumn(name: "a", numbers: first)), statistics: [.wasserstein, .wassersteinNormalized])
        #expect(constant.columns[0].statistics["wasserstein"]?.value != nil)
        #expect(constant.columns[0].statistics["wasserstein_normalized"]?.status == .error)
    }

    @Test func aChangedKindShowsWhatChangedIt() throws {
        let numbers = (0..<100).map { "\($0 * 7 % 31)" }
        let report = try TableComparison.run(
            reference: table(TableColumn(name: "a", numbers: numbers.compactMap(Double.init))),
            current: table(TableColumn(name: "a", texts: numbers.prefix(50) + ["unknown"] + numbers.suffix(49))))
        let detail = "numeric in the reference, categorical in the current table: 'unknown', row 51"
        #expect(report.columns[0].reason == .kindChanged && report.columns[0].detail == detail)
        #expect(ComparisonText(usesColour: false).render(report).contains("a kind changed (\(detail))"))
        #expect(ComparisonPage().render(report).contains("<br/>Schema: a kind changed (numeric in the reference"))
        #expect(ComparisonPage().render(report).contains("&#39;unknown&#39;, row 51"))
        #expect(try report.json().contains("\"detail\" : \"\(detail)\""))
    }

    @Test func namesOfColumnsAreFoundAroundBlanks() throws {
        var stream = DriftStream(seed: 10)
        let both = try table(
            TableColumn(name: "amount", numbers: stream.normals(100)),
            TableColumn(name: " b", numbers: stream.normals(100)))
        let report = try TableComparison.run(reference: both, current: both, columns: [" amount", " b"])
        #expect(report.columns.map(\.column) == ["amount", " b"])
        let error = #expect(throws: ComparisonError.self) {
            try TableComparison.run(reference: both, current: both, columns: ["amuont"])
        }
        #expect(error?.description.contains("did you mean \"amount\"?") == true)
    }

    /// A job that lets tables pass lets no empty one pass.
    @Test func nothingJudgedIsAFailure() throws {
        var stream = DriftStream(seed: 10)
        let full = try table(TableColumn(name: "a", numbers: stream.normals(100)))
        for rows in [0, 1] {
            let report = try TableComparison.run(reference: full, current: full.rows(0..<rows))
            #expect(report.driftedShare == nil && report.hasFailed)
        }
        #expect(!(try TableComparison.run(reference: full, current: full).hasFailed))
    }

    @Test func theSmallestPValuesShowNoDigits() {
        #expect(
            ComparisonFormat.number(-1.23456e300) == "-1.235e+300" && ComparisonFormat.number(12_345) == "12345.000")
        #expect(ComparisonFormat.pValue(0) == "<1e-300" && ComparisonFormat.pValue(.leastNonzeroMagnitude) == "<1e-300")
        #expect(ComparisonFormat.pValue(1e-200) == "1.0e-200" && ComparisonFormat.pValue(nil) == "–")
    }

    @Test func adjustedPValuesAreThoseOfR() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.9), "BH") and "holm".
        let values = [0.01, 0.04, 0.03, 0.005, 0.9]
        let expected = [
            (AdjustedPValues.benjaminiHochberg(values), [0.025, 0.05, 0.05, 0.025, 0.9]),
            (AdjustedPValues.holm(values), [0.04, 0.09, 0.09, 0.025, 0.9]),
        ]
        for (found, right) in expected {
            for (a, b) in zip(found, right) { #expect(abs(a - b) < 1e-12) }
        }
        #expect(AdjustedPValues.holm([]).isEmpty)
    }
}

/// Real tables, from the folder that `TIDEWATCH_DATA` names.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TIDEWATCH_DATA"] != nil))
struct ComparisonOnRealTablesTests {
    private func read(_ name: String) throws -> Table {
        let folder = try #require(ProcessInfo.processInfo.environment["TIDEWATCH_DATA"])
        return try Table.read(path: "\(folder)/\(name).csv.gz")
    }

    @Test func shuffledHalvesOfTheCensusDoNotDrift() throws {
        let census = try read("adult_census")
        var generator = SeededGenerator(seed: 14)
        let order = Array(0..<census.rowCount).shuffled(using: &generator)
        let report = try TableComparison.run(
            reference: census.rows(Array(order[..<(order.count / 2)])),
            current: census.rows(Array(order[(order.count / 2)...])))
        #expect(report.columns.count == 15)
        #expect(report.columns.allSatisfy { $0.status == .ok })
        #expect(report.driftedColumns.isEmpty)
    }

    @Test func redWinesAreNotWhite() throws {
        let wines = try read("wine_quality")
        let report = try TableComparison.run(
            reference: wines.rows(0..<4_898), current: wines.rows(4_898..<wines.rowCount))
        #expect(report.columns.count == 13)
        #expect(report.driftedColumns.count >= 10)
        #expect(report.driftedColumns.contains("type"))
        #expect(report.columnsBySeverity[0].severity == "critical")
    }
}
