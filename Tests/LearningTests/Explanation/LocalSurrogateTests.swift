import Statistics
import Testing

@testable import Learning

@Suite struct LocalSurrogateTests {
    /// The lime package with as many neighbours; they are random here and there, and drawn a little differently within a
    /// quartile.
    @Test func weightsAreThoseOfTheLimePackage() throws {
        let table = try TreeFixtures.table()
        let complete = table.rows((0..<table.rowCount).filter { !table.columns[0].number(at: $0).isNaN })
        let surrogate = try LocalSurrogate(
            model: TreeFixtures.binary(), training: complete, samples: 20_000, seed: 1)
        for expected in try ExpectedExplanations.load().lime {
            let found = try #require(try surrogate.explain(table, row: expected.row).first)
            for (index, feature) in TreeFixtures.features.enumerated() {
                let term = try #require(found.terms.first { $0.feature == feature })
                #expect(abs(term.weight - expected.weights[index]) < 0.02, "\(expected.row) \(term)")
            }
            #expect(abs(found.r2 - expected.r2) < 0.03)
            #expect(found.terms.map { abs($0.weight) } == found.terms.map { abs($0.weight) }.sorted(by: >))
        }
    }

    @Test func conditionsSayWhereTheRowIs() throws {
        let table = try TreeFixtures.table()
        let surrogate = try LocalSurrogate(model: TreeFixtures.binary(), training: table, samples: 100)
        let found = try #require(try surrogate.explain(table, row: 3).first)
        let conditions = Dictionary(uniqueKeysWithValues: found.terms.map { ($0.feature, $0.condition) })
        #expect(conditions["d"] == "d = p")
        #expect(conditions["c"] == "1 < c ≤ 2")
        #expect(conditions["b"]?.hasPrefix("b ≤ 2.") == true)
        #expect(found.output == "yes")
        #expect(try found.prediction == TreeFixtures.binary().predict(table).probabilities[3])
        let missing = try #require(try surrogate.explain(table, row: 0).first)
        #expect(missing.terms.contains { $0.condition == "a is missing" })
    }

    @Test func fewTermsAreTheLargest() throws {
        let model = SumModel(count: 8)
        let table = try model.table(rows: 200)
        let found = try LocalSurrogate(model: model, training: table, samples: 2_000, maximumFeatures: 3)
            .explain(table, row: 3)
        #expect(found[0].terms.count == 3)
        #expect(Set(found[0].terms.map(\.feature)).isDisjoint(with: ["x1", "x2"]))
        let again = try LocalSurrogate(model: model, training: table, samples: 2_000, maximumFeatures: 3)
            .explain(table, row: 3)
        #expect(again == found)
    }

    @Test func everyClassHasASurrogate() throws {
        let table = try TreeFixtures.table()
        let model = try TreeFixtures.model("several", task: TreeFixtures.three, target: "three")
        let surrogate = try LocalSurrogate(model: model, training: table, samples: 200)
        #expect(try surrogate.explain(table).map(\.output) == ["low", "middle", "high"])
        #expect(learningError { _ = try surrogate.explain(table, row: 600) }?.code == .invalidInput)
        let small = learningError { _ = try LocalSurrogate(model: model, training: table, samples: 1) }
        #expect(small?.code == .invalidParameter)
    }
}
