import Foundation
import Statistics
import Testing

@testable import Learning

/// A sum of its columns x0, x1, …, each weighed by its number, and the product of the first two.
struct SumModel: TrainedModel {
    let count: Int
    let task = ModelTask.regression
    let target = "sum"
    var featureNames: [String] { (0..<count).map { "x\($0)" } }

    func predict(_ table: Table) throws(LearningError) -> Predictions {
        var values = [Double](repeating: 0, count: table.rowCount)
        var columns: [TableColumn] = []
        for name in featureNames { columns.append(try table.column(named: name)) }
        for row in values.indices {
            for (index, column) in columns.enumerated() { values[row] += Double(index) * column.number(at: row) }
            values[row] += columns[0].number(at: row) * columns[1].number(at: row)
        }
        return Predictions(task: task, rowCount: table.rowCount, probabilities: [], values: values)
    }

    func serialized() throws(LearningError) -> [UInt8] { [] }

    /// Rows of which the cell (row, column) is a fixed pattern.
    func table(rows: Int, shift: Int = 0) throws -> Table {
        try Table(
            columns: (0..<count).map { column in
                TableColumn(
                    name: "x\(column)", numbers: (0..<rows).map { Double(($0 * 7 + column * 5 + shift) % 11) })
            })
    }
}

@Suite struct KernelExplainerTests {
    @Test func exactValuesAreThoseOfTheShapPackage() throws {
        let (table, expected) = (try TreeFixtures.table(), try ExpectedExplanations.load().kernel)
        let explainer = try KernelExplainer(model: TreeFixtures.binary(), background: table.rows(100..<130))
        let found = try explainer.explain(table.rows(expected.rows))
        #expect(abs(found.base[0] - expected.base) < 1e-6)
        #expect(TreeFixtures.distance(found.values, expected.values) < 1e-6)
        let scores = try TreeFixtures.binary().predict(table.rows(expected.rows)).probabilities
        for row in scores.indices { #expect(abs(found.total(row: row) - scores[row]) < 1e-9) }
    }

    /// As in a prediction, a feature without a column is one of missing cells.
    @Test func absentColumnsAreMissingCells() throws {
        let (model, table) = (try TreeFixtures.binary(), try TreeFixtures.table())
        let absent = try Table(columns: table.columns.filter { $0.name != model.featureNames[0] })
        let (background, rows) = (absent.rows(100..<110), absent.rows(0..<2))
        let found = try KernelExplainer(model: model, background: background).explain(rows)
        let scores = try model.predict(rows).probabilities
        for row in scores.indices {
            #expect(abs(found.total(row: row) - scores[row]) < 1e-9)
            #expect(abs(try #require(found.contributions(row: row, output: 0).first)) < 1e-9)
        }
        // In one of the two tables only.
        let mixed = try KernelExplainer(model: model, background: table.rows(100..<110)).explain(rows)
        for row in scores.indices { #expect(abs(mixed.total(row: row) - scores[row]) < 1e-9) }
    }

    /// Of a sum with one product, the Shapley values are known.
    @Test func sampledValuesApproachTheKnownOnes() throws {
        let model = SumModel(count: 16)
        let (background, row) = (try model.table(rows: 9), try model.table(rows: 1, shift: 4))
        let explainer = try KernelExplainer(model: model, background: background, maximumCoalitions: 1_500, seed: 5)
        let found = try explainer.explain(row)
        func mean(_ column: Int) -> Double { background.columns[column].mean }
        let product = (0..<9).reduce(0) {
            $0 + background.columns[0].number(at: $1) * background.columns[1].number(at: $1) / 9
        }
        let (a, b) = (row.columns[0].number(at: 0), row.columns[1].number(at: 0))
        for feature in 0..<16 {
            var known = Double(feature) * (row.columns[feature].number(at: 0) - mean(feature))
            // Worth of {}, {0}, {1}, {0, 1}: the mean product, a·mean, b·mean, a·b.
            if feature == 0 { known += (a * mean(1) - product + a * b - b * mean(0)) / 2 }
            if feature == 1 { known += (b * mean(0) - product + a * b - a * mean(1)) / 2 }
            #expect(abs(found.values[feature] - known) < 0.5, "\(feature)")
        }
        #expect(try abs(found.total(row: 0) - model.predict(row).values[0]) < 1e-9)
        #expect(try explainer.explain(row) == found)
        let other = try KernelExplainer(model: model, background: background, maximumCoalitions: 1_500, seed: 6)
        #expect(try other.explain(row) != found)
    }

    /// Where every size fits, the regression over all sets is exact too, which proves its weights.
    @Test func theRegressionOverAllSetsIsExact() throws {
        let worth = { (set: [Bool]) -> Double in
            set.indices.reduce(0.0) { $0 + (set[$1] ? Double($1 * $1) : 0) } * (set[1] && set[4] ? 2 : 1)
        }
        let exact = CoalitionPlan(features: 6, maximum: 64, seed: 0)
        let fitted = CoalitionPlan(features: 6, maximum: 63, seed: 0)
        #expect(exact.sets.count == 62 && fitted.sets.count == 62)
        let values = [exact, fitted].map { plan in
            plan.shapleyValues(worth: plan.sets.map(worth), base: 0, full: worth(Array(repeating: true, count: 6)))
        }
        #expect(TreeFixtures.distance(values[0], values[1]) < 1e-9)
        #expect(abs(values[0].reduce(0, +) - 110) < 1e-9)
    }

    @Test func severalOutputsAndCategoriesOfOtherTables() throws {
        let table = try TreeFixtures.table()
        let model = try TreeFixtures.model("several", task: TreeFixtures.three, target: "three")
        // The categories of the explained row have other codes than those of the background.
        let row = try Table(columns: [
            TableColumn(name: "d", texts: ["s"]), TableColumn(name: "c", numbers: [1]),
            TableColumn(name: "b", numbers: [4]), TableColumn(name: "a", numbers: [.nan]),
        ])
        let found = try KernelExplainer(model: model, background: table.rows(0..<20)).explain(row)
        let scores = try model.predict(row).probabilities
        for output in 0..<3 { #expect(abs(found.total(row: 0, output: output) - scores[output]) < 1e-9) }
        for feature in 0..<4 {
            let sum = (0..<3).reduce(0) { $0 + found.contributions(row: 0, output: $1).value(at: feature) }
            #expect(abs(sum) < 1e-6)
        }
    }

    @Test func tablesThatDoNotFitAreRefused() throws {
        let (table, model) = (try TreeFixtures.table(), try TreeFixtures.binary())
        let explainer = try KernelExplainer(model: model, background: table.rows(0..<5))
        let texts = TableColumn(name: "a", texts: Array(repeating: "1", count: table.rowCount))
        #expect(learningError { _ = try explainer.explain(table.replacing(texts, at: 0)) }?.code == .invalidInput)
        let empty = learningError { _ = try KernelExplainer(model: model, background: table.rows(0..<0)) }
        #expect(empty?.code == .invalidParameter)
        let control = TrainingControl(isCancelled: { true })
        #expect(learningError { _ = try explainer.explain(table, control: control) }?.code == .cancelled)
    }
}

extension TableColumn {
    fileprivate var mean: Double { (0..<count).reduce(0) { $0 + number(at: $1) } / Double(count) }
}
