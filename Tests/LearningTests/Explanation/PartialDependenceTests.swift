import Statistics
import Testing

@testable import Learning

@Suite struct PartialDependenceTests {
    @Test func curvesAreThoseOfScikitLearn() throws {
        let (table, model) = (try TreeFixtures.table().rows(0..<300), try TreeFixtures.binary())
        let all = try ExpectedExplanations.load().dependence
        for feature in ["b", "c"] {
            let expected = try #require(all[feature])
            let found = try PartialDependence.measure(model, on: table, feature: feature, points: 20, curves: 3)
            guard case .numbers(let grid) = found.grid else {
                Issue.record("\(feature) is a number")
                continue
            }
            #expect(TreeFixtures.distance(grid, expected.grid) < 1e-6)
            #expect(TreeFixtures.distance(found.means[0], expected.average) < 1e-6)
            #expect(found.curves[0].count == 3)
            #expect(TreeFixtures.distance(found.curves[0][0], expected.individual) < 1e-6)
        }
    }

    @Test func categoriesAreTriedOneByOne() throws {
        let (table, model) = (try TreeFixtures.table().rows(0..<300), try TreeFixtures.binary())
        let expected = try #require(try ExpectedExplanations.load().dependence["d"])
        let found = try PartialDependence.measure(model, on: table, feature: "d", points: 20)
        guard case .categories(let names) = found.grid else {
            Issue.record("d is a category")
            return
        }
        #expect(Set(names) == ["p", "q", "r", "s"])
        for (name, mean) in zip(names, found.means[0]) {
            let code = try #require(["p", "q", "r", "s"].firstIndex(of: name))
            #expect(abs(mean - expected.average[code]) < 1e-6)
        }
        #expect(found.curves[0].count == 50)
        let few = try PartialDependence.measure(model, on: table, feature: "d", points: 2, maximumRows: 10)
        #expect(few.means[0].count == 2 && few.curves[0].count == 10)
    }

    @Test func flagsAndSeveralClasses() throws {
        let table = try Table(columns: [
            TableColumn(name: "flag", booleans: (0..<90).map { $0 % 3 == 0 }),
            TableColumn(name: "t", texts: (0..<90).map { ["low", "middle", "high"][$0 % 3] }),
        ])
        let model = try BoostedTreeLearner(parameters: small(5)).fit(table, target: "t", task: TreeFixtures.three)
        let found = try PartialDependence.measure(model, on: table, feature: "flag")
        #expect(found.grid == .categories(["false", "true"]))
        #expect(found.means.count == 3 && found.means[0][1] > found.means[0][0])
    }

    @Test func whatHasNoValuesIsRefused() throws {
        let (table, model) = (try TreeFixtures.table(), try TreeFixtures.binary())
        let empty = table.replacing(TableColumn(name: "a", numbers: Array(repeating: .nan, count: 600)), at: 0)
        #expect(
            learningError { _ = try PartialDependence.measure(model, on: empty, feature: "a") }?.code == .invalidInput)
        #expect(
            learningError { _ = try PartialDependence.measure(model, on: table, feature: "z") }?.code == .unknownColumn)
        #expect(
            learningError { _ = try PartialDependence.measure(model, on: table.rows(0..<0), feature: "a") }?.code
                == .noRows)
    }
}
