import Foundation
import FoundationXML
import Learning
import Statistics
import Testing
import TidewatchTestKit

@testable import Agent

struct MultivariateComparisonTests {
    /// Two correlated numbers, another, and a category.
    private func table(_ stream: inout DriftStream, _ count: Int, correlation: Double) throws -> Table {
        let first = stream.normals(count)
        let rest = (1 - correlation * correlation).squareRoot()
        let second = zip(first, stream.normals(count)).map { correlation * $0 + rest * $1 }
        return try Table(columns: [
            TableColumn(name: "height", numbers: first), TableColumn(name: "weight", numbers: second),
            TableColumn(name: "age", numbers: stream.normals(count)),
            TableColumn(name: "town", texts: stream.categories(count, weights: [3, 2, 1])),
            TableColumn(name: "id", texts: (0..<count).map { "u\($0)" }),
        ])
    }

    private func flipped(_ statistics: [MultivariateStatistic]) throws -> ComparisonReport {
        var stream = DriftStream(seed: 20)
        return try TableComparison.run(
            reference: table(&stream, 1_000, correlation: 0.7), current: table(&stream, 800, correlation: -0.7),
            columns: ["height", "weight", "age", "town", "id"], multivariate: statistics)
    }

    @Test func aFlippedCorrelationIsDriftThatNoColumnHas() throws {
        let report = try flipped(MultivariateStatistic.allCases)
        #expect(report.driftedColumns.isEmpty)
        let rows = try #require(report.multivariate)
        #expect(rows.drifted == MultivariateStatistic.allCases)
        #expect(rows.leftOut == ["id"])
        #expect(rows.rowsReference == 1_000 && rows.rowsCurrent == 800)
        #expect(report.hasDrifted && report.hasFailed)
        #expect(Set(rows.statistics[0].result.columns.prefix(2).map(\.column)) == ["height", "weight"])
        #expect(try flipped([.mmd]).multivariate?.statistics.map(\.statistic) == [.mmd])
    }

    @Test func withoutDriftNothingIsNamedAndAsSeldomAsPromised() throws {
        var stream = DriftStream(seed: 21)
        var named = 0
        for _ in 0..<12 {
            let report = try TableComparison.run(
                reference: table(&stream, 400, correlation: 0.5), current: table(&stream, 200, correlation: 0.5),
                multivariate: [.pcaReconstruction, .mmd])
            if report.multivariate?.drifted.isEmpty == false { named += 1 }
        }
        #expect(named <= 3)
    }

    @Test func largeTablesAreSampled() throws {
        var stream = DriftStream(seed: 22)
        var options = ComparisonOptions()
        options.maximumSampledRows = 300
        let rows = try #require(
            TableComparison.run(
                reference: table(&stream, 1_000, correlation: 0.9), current: table(&stream, 250, correlation: -0.9),
                multivariate: [.pcaReconstruction], options: options
            ).multivariate)
        #expect(rows.rowsReference == 300 && rows.rowsCurrent == 250)
        #expect(rows.drifted == [.pcaReconstruction])
    }

    @Test func tooFewRowsAndDifferentColumnsHaveAStatus() throws {
        var stream = DriftStream(seed: 23)
        let small = try table(&stream, 20, correlation: 0)
        let other = try Table(columns: [TableColumn(name: "other", numbers: stream.normals(100))])
        let few = try #require(
            TableComparison.run(reference: small, current: small, multivariate: MultivariateStatistic.allCases)
                .multivariate)
        #expect(few.statistics.allSatisfy { $0.status == .insufficient && $0.drift == nil && $0.reason == .tooFewRows })
        let none = try #require(
            TableComparison.run(reference: small, current: other, multivariate: MultivariateStatistic.allCases)
                .multivariate)
        #expect(none.statistics.allSatisfy { $0.status == .noData && $0.drift == nil })
    }

    @Test func everyFormatShowsIt() throws {
        let report = try flipped(MultivariateStatistic.allCases)
        let decoded = try JSONSerialization.jsonObject(with: Data(report.json().utf8))
        let json = try #require(decoded as? [String: Any])
        let statistics = try #require(json["multivariate"] as? [[String: Any]])
        #expect(statistics.compactMap { $0["statistic"] as? String } == MultivariateStatistic.allCases.map(\.rawValue))
        for entry in statistics {
            #expect(entry["value"] is Double && entry["p_value"] is Double && entry["adjusted_p_value"] is Double)
            #expect(entry["effect"] is Double && entry["status"] as? String == "ok" && entry["drift"] as? Bool == true)
        }
        #expect(statistics[0]["interval"] is [String: Double])
        #expect((statistics[0]["columns"] as? [[String: Any]])?.isEmpty == false)
        let drift = try #require(json["drift"] as? [String: Any])
        #expect(drift["detected"] as? Bool == true)
        #expect(drift["columns"] as? [String] == [])
        #expect(drift["multivariate"] as? [String] == MultivariateStatistic.allCases.map(\.rawValue))
        let text = ComparisonText(usesColour: false).render(report)
        #expect(text.contains("whole rows (1000 of the reference, 800 of the current table)"))
        #expect(text.contains("left out: id"))
        #expect(text.contains("drift of whole rows (domain_classifier, pca_reconstruction, mmd)"))
        let page = ComparisonPage().render(report)
        #expect(XMLParser(data: Data(page.utf8)).parse())
        #expect(page.contains("<h2>Whole rows</h2>"))
        #expect(page.contains("<p>1000 rows of the reference, 800 now."))
        // Nothing of it where it was not asked for.
        let plain = try flipped([])
        #expect(plain.multivariate == nil)
        #expect(!(try plain.json().contains("multivariate")))
    }

    @Test func unknownNamesAreRefused() throws {
        let options = CompareOptions(
            referencePath: "/dev/null", currentPath: "/dev/null", columns: nil, statistics: nil,
            multivariate: ["psi"], format: "text", outputPath: nil, failsOnDrift: false, isQuiet: true)
        #expect(throws: CommandStop.self) { try CompareCommand.run(options) }
    }
}

/// Real tables, from the folder that `TIDEWATCH_DATA` names.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TIDEWATCH_DATA"] != nil))
struct MultivariateOnRealTablesTests {
    private func read(_ name: String) throws -> Table {
        let folder = try #require(ProcessInfo.processInfo.environment["TIDEWATCH_DATA"])
        return try Table.read(path: "\(folder)/\(name).csv.gz")
    }

    private var options: ComparisonOptions {
        var options = ComparisonOptions()
        // A debug build takes seconds for more.
        options.maximumSampledRows = 3_000
        return options
    }

    @Test func shuffledHalvesOfTheCensusDoNotDrift() throws {
        let census = try read("adult_census")
        var generator = SeededGenerator(seed: 14)
        let order = Array(0..<census.rowCount).shuffled(using: &generator)
        let report = try TableComparison.run(
            reference: census.rows(Array(order[..<(order.count / 2)])),
            current: census.rows(Array(order[(order.count / 2)...])), columns: census.columnNames,
            multivariate: MultivariateStatistic.allCases, options: options)
        let rows = try #require(report.multivariate)
        #expect(rows.statistics.allSatisfy { $0.status == .ok && $0.drift == false }, "\(rows)")
    }

    @Test func electricityDriftsWithTheNewMarket() throws {
        let market = try read("elec2_electricity_nsw")
        let report = try TableComparison.run(
            reference: market.rows(0..<17_424), current: market.rows(17_424..<market.rowCount),
            multivariate: MultivariateStatistic.allCases, options: options)
        let rows = try #require(report.multivariate)
        #expect(rows.drifted == MultivariateStatistic.allCases, "\(rows)")
    }
}
