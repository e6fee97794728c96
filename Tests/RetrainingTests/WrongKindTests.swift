import Learning
import Retraining
import Statistics
import Testing
import Windowing

/// One producer that writes a number as text must not take the column away from everybody.
@Suite struct WrongKindTests {
    private let fixture: RunFixture
    private var factory = RowFactory(seed: 11)

    init() throws { fixture = try RunFixture() }

    private func spoiled(_ rows: [LabelledRow], at index: Int) -> [LabelledRow] {
        var rows = rows
        let text = String(decoding: rows[index].message, as: UTF8.self)
        rows[index].message = Array(text.replacing(#/"amount":[^,]+/#, with: #""amount":"oops""#).utf8)
        return rows
    }

    @Test mutating func theColumnStaysNumeric() throws {
        let rows = spoiled(factory.binary(400, concept: .negative), at: 10)
        let table = try TableBuilder.table(rows: rows)
        #expect(table["amount"]?.kind == .numeric)
        #expect(table["amount"]?.missingCount == 1)
    }

    @Test mutating func theChallengerStillLearns() throws {
        let rows = spoiled(factory.binary(400, concept: .negative), at: 10)
        let outcome = fixture.run().execute(
            model: "fraud", rows: rows, champion: nil, trigger: "performance_below", now: 50)
        guard case .accepted(_, _, let accuracy) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(accuracy > 0.8)
    }

    @Test mutating func theChampionIsStillScored() throws {
        _ = try fixture.install(trainedOn: factory.binary(300, concept: .positive))
        let rows = factory.binary(100, concept: .positive)
        let scorer = ShadowScorer(registry: fixture.registry)
        let clean = try scorer.score(model: "fraud", version: "1", rows: rows)
        let dirty = try scorer.score(model: "fraud", version: "1", rows: spoiled(rows, at: 10))
        #expect(zip(clean.probabilities, dirty.probabilities).count { $0 != $1 } <= 1)
    }
}
