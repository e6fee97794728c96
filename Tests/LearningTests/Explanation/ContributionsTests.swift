import Foundation
import Statistics
import Testing

@testable import Learning

/// What Python's libraries say of the models of Fixtures/trees.
struct ExpectedExplanations: Decodable {
    struct Kernel: Decodable {
        let rows: [Int]
        let base: Double
        let values: [Double]
    }
    struct Lime: Decodable {
        let row: Int
        let weights: [Double]
        let r2: Double
        let conditions: [String]
    }
    struct Permutation: Decodable {
        let mean: [Double]
        let deviation: [Double]
    }
    struct Dependence: Decodable {
        let grid: [Double]
        let average: [Double]
        let individual: [Double]
    }
    let contributions: [Double]
    let interactions: [Double]
    let contributionsOfSeveral: [Double]
    let margins: [Double]
    let kernel: Kernel
    let lime: [Lime]
    let permutation: Permutation
    let dependence: [String: Dependence]

    static func load() throws -> ExpectedExplanations { try TreeFixtures.values("explanations") }
}

@Suite struct ContributionsTests {
    /// XGBoost's layout: per row and output the features, then the base.
    private func flat(_ found: Attributions) -> [Double] {
        (0..<found.rowCount).flatMap { row in
            found.outputs.indices.flatMap { Array(found.contributions(row: row, output: $0)) + [found.base[$0]] }
        }
    }

    @Test func contributionsAreThoseOfPython() throws {
        let (table, expected) = (try TreeFixtures.table().rows(0..<20), try ExpectedExplanations.load())
        let found = try TreeFixtures.binary().contributions(table)
        #expect(found.features == TreeFixtures.features && found.outputs == ["yes"] && found.rowCount == 20)
        #expect(TreeFixtures.distance(flat(found), expected.contributions) < 1e-6)
        #expect(TreeFixtures.distance((0..<20).map { found.total(row: $0) }, expected.margins) < 1e-5)
        let several = try TreeFixtures.model("several", task: TreeFixtures.three, target: "three").contributions(table)
        #expect(several.outputs == ["low", "middle", "high"])
        #expect(TreeFixtures.distance(flat(several), expected.contributionsOfSeveral) < 1e-6)
    }

    @Test func contributionsAddUpForEveryKindOfTree() throws {
        let table = try TreeFixtures.table()
        for kind in BoostingParameters.Kind.allCases {
            var parameters = kind == .randomForest ? BoostingParameters.randomForest(trees: 20) : small(15)
            parameters.kind = kind
            let learner = BoostedTreeLearner(parameters: parameters)
            let model = try learner.fit(
                table, target: "two", features: TreeFixtures.features, task: TreeFixtures.two)
            let found = try model.contributions(table.rows(0..<50))
            let scores = try model.predict(table.rows(0..<50)).probabilities
            for row in 0..<50 {
                #expect(abs(1 / (1 + exp(-found.total(row: row))) - scores[row]) < 1e-5, "\(kind)")
            }
        }
        var quantile = small(15)
        quantile.quantile = 0.3
        let model = try BoostedTreeLearner(parameters: quantile).fit(
            table, target: "y", features: TreeFixtures.features, task: .regression)
        let found = try model.contributions(table)
        let totals = (0..<table.rowCount).map { found.total(row: $0) }
        #expect(try TreeFixtures.distance(totals, model.predict(table).values) < 1e-4)
    }

    @Test func interactionsAreThoseOfPython() throws {
        let table = try TreeFixtures.table()
        let expected = try ExpectedExplanations.load()
        let model = try TreeFixtures.binary()
        let found = try model.interactions(table.rows(1..<2))
        for row in 0..<4 {
            #expect(TreeFixtures.distance(found[row], expected.interactions[(5 * row)..<(5 * row + 4)]) < 1e-6)
            #expect(abs(found[row].reduce(0, +) - expected.contributions[5 + row]) < 1e-5)
        }
        #expect(learningError { _ = try model.interactions(table) }?.code == .invalidInput)
    }

    @Test func importanceIsTheMeanMagnitude() {
        let found = Attributions(
            scale: .margin, features: ["x", "y"], outputs: ["z"], base: [1], values: [1, -2, -1, 4])
        #expect(found.importance().map(\.feature) == ["y", "x"])
        #expect(found.importance().map(\.mean) == [3, 1])
        #expect(found.total(row: 1) == 4)
    }

    @Test func noRowsAreNoContributions() throws {
        let found = try TreeFixtures.binary().contributions(TreeFixtures.table().rows(0..<0))
        #expect(found.rowCount == 0 && found.values.isEmpty)
    }
}
