import Foundation
import Learning
import Testing

/// Against pandas, scipy and scikit-learn (Fixtures/profile/generate.py).
@Suite struct ProfileParityTests {
    private struct Golden: Decodable {
        struct Column: Decodable {
            var n: Int
            var distinct: Int
            var mean: Double
            var sd: Double
            var skewness: Double
            var kurtosis: Double
            var quantiles: [Double]
            var mad: Double
            var quartileOutliers: Int
            var robustOutliers: Int
        }
        var columns: [String: Column]
        var pearson: [String: Double]
        var spearman: [String: Double]
        var cramersV: [String: Double]
        var correlationRatio: [String: Double]
        var mutualInformation: [String: Double]
    }

    private let golden: Golden
    private let profile: TableProfile

    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/profile")
        golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: folder.appendingPathComponent("profile.json")))
        let table = try Table.read(path: folder.appendingPathComponent("rows.csv").path)
        profile = try TableProfiler(target: "label").run(table)
    }

    private func expectNear(_ value: Double?, _ expected: Double, _ name: String) throws {
        let value = try #require(value, "\(name)")
        #expect((value - expected).magnitude <= 1e-9 * max(1, expected.magnitude), "\(name): \(value), not \(expected)")
    }

    @Test func numbers() throws {
        #expect(golden.columns.count == 4)
        for (name, expected) in golden.columns {
            let column = try #require(profile[name]?.numeric)
            #expect(column.count == expected.n && column.distinct == expected.distinct, "\(name)")
            try expectNear(column.mean, expected.mean, name)
            try expectNear(column.standardDeviation, expected.sd, name)
            try expectNear(column.skewness, expected.skewness, name)
            try expectNear(column.kurtosis, expected.kurtosis, name)
            try expectNear(column.medianAbsoluteDeviation, expected.mad, name)
            for (value, wanted) in zip(column.quantiles, expected.quantiles) { try expectNear(value, wanted, name) }
            #expect(column.quartileOutliers?.count == expected.quartileOutliers, "\(name)")
            #expect(column.robustOutliers?.count == expected.robustOutliers, "\(name)")
        }
    }

    private func pair(_ names: String) throws -> Association {
        let matrix = profile.associations
        let places = try names.split(separator: " ").map { name in
            try #require(matrix.columns.firstIndex(of: String(name)))
        }
        return try #require(matrix[places[0], places[1]])
    }

    @Test func pairsOfNumbers() throws {
        for (names, expected) in golden.pearson {
            guard case .numbers(let pearson, let spearman) = try pair(names).measures else {
                Issue.record("\(names) are numbers")
                continue
            }
            try expectNear(pearson, expected, "pearson \(names)")
            if let rank = golden.spearman[names] { try expectNear(spearman, rank, "spearman \(names)") }
        }
        #expect(golden.pearson.count == 6 && golden.spearman.count == 3)
    }

    @Test func pairsOfNames() throws {
        for (names, expected) in golden.cramersV {
            guard case .categories(let value) = try pair(names).measures else {
                Issue.record("\(names) are names")
                continue
            }
            try expectNear(value, expected, names)
        }
        #expect(golden.cramersV.count == 3)
    }

    @Test func pairsOfBoth() throws {
        for (names, expected) in golden.correlationRatio {
            guard case .mixed(let value) = try pair(names).measures else {
                Issue.record("\(names) are a name and a number")
                continue
            }
            try expectNear(value, expected, names)
        }
        #expect(golden.correlationRatio.count == 12)
    }

    @Test func mutualInformation() throws {
        for (name, expected) in golden.mutualInformation {
            try expectNear(profile[name]?.relation?.mutualInformation, expected, name)
        }
        #expect(golden.mutualInformation.count == 5)
    }

    /// What a column says on rows that it was not counted on is less than what it seems to say, and chance says nothing.
    @Test func predictivePower() throws {
        let few = try #require(profile["few"]?.relation)
        let power = try #require(few.predictivePower)
        #expect(power > 0.4 && power < 0.6)
        #expect(try #require(few.auc) > 0.88)
        let colour = try #require(profile["colour"]?.relation)
        #expect(try #require(colour.predictivePower) < 0.02)
        #expect((try #require(colour.auc) - 0.5).magnitude < 0.06)
        #expect(try #require(colour.informationShare) < 0.01)
    }

    @Test func kindsOfColumns() {
        let types = profile.columns.map { "\($0.name) \($0.type.rawValue)" }
        #expect(
            types == [
                "x continuous", "skewed continuous", "few integer", "colour categorical", "shape categorical",
                "score continuous", "label binary",
            ])
        #expect(profile.suspects.isEmpty && profile.target?.task == .binary && profile.target?.positive == "yes")
    }

    /// Bars of whole numbers hold as many of them each, so that no bar is empty for want of numbers.
    @Test func wholeNumbersHaveWholeBars() throws {
        let hours = TableColumn(name: "hour", numbers: (0..<2_400).map { Double($0 % 24) })
        let cents = TableColumn(name: "cents", numbers: (0..<2_400).map { Double($0 % 100) })
        let profile = try TableProfiler().run(Table(columns: [hours, cents]))
        let hour = try #require(profile["hour"]?.cells)
        #expect(hour.edges == (0...24).map(Double.init) && hour.counts == Array(repeating: 100, count: 24))
        let cent = try #require(profile["cents"]?.cells)
        #expect(cent.edges.count == 26 && cent.counts == Array(repeating: 96, count: 25))
    }

    /// Every bar's rows are counted once, and the mean of the target over all bars is that of the column.
    @Test func barsAddUp() throws {
        for column in profile.columns {
            let cells = column.cells
            let total = cells.counts.reduce(0, +) + cells.below + cells.above + cells.others.rows
            #expect(total == column.rows - column.missing - column.infinite, "\(column.name)")
        }
        let few = try #require(profile["few"]?.cells)
        #expect(few.labels == ["0", "1", "2", "3", "4", "5"] && few.targetMeans.count == 6)
        let rate = zip(few.counts, few.targetMeans).reduce(0) { $0 + Double($1.0) * ($1.1 ?? 0) } / 600
        let positives = try #require(profile.target?.classes.first { $0.name == "yes" }?.count)
        try expectNear(rate, Double(positives) / 600, "rate")
    }
}
