import Foundation
import Statistics
import Testing

@testable import Learning

@Suite struct RankingTests {
    private struct Expected: Decodable {
        let scores: [Double]
        let ndcg: Double
        let mrr: Double
        let map: Double
    }

    private let problem = RankingProblem(relevance: "grade", group: "query")

    /// The lists of Fixtures/trees: to learn from the first forty that appear, to try the others.
    private func lists() throws -> (learned: Table, tried: Table) {
        let table = try TreeFixtures.table("lists")
        let queries = try table.column(named: "query")
        var first: Set<String> = []
        for row in 0..<table.rowCount where first.count < 40 { first.insert(queries.text(at: row) ?? "") }
        let isFirst = (0..<table.rowCount).map { first.contains(queries.text(at: $0) ?? "") }
        return (
            table.rows(isFirst.indices.filter { isFirst[$0] }), table.rows(isFirst.indices.filter { !isFirst[$0] })
        )
    }

    private func learner(_ objective: RankingLearner.Objective) -> RankingLearner {
        RankingLearner(
            parameters: BoostingParameters(rounds: 25, learningRate: 0.2, maximumDepth: 3), objective: objective)
    }

    /// Scores of Python's xgboost, and what scikit-learn says of them; rows of a list lie apart in the table.
    @Test(arguments: RankingLearner.Objective.allCases)
    func ranksAsPython(_ objective: RankingLearner.Objective) throws {
        let expected = try #require(
            try TreeFixtures.values("ranking", as: [String: Expected].self)[objective.rawValue])
        let (learned, tried) = try lists()
        let model = try learner(objective).fit(learned, problem: problem)
        #expect(model.featureNames == ["u", "v", "w"])
        #expect(model.lists == 40 && model.rows == learned.rowCount)
        let scores = try model.scores(tried)
        let inLists = try RankedLists(tried, problem: problem).rows.map { scores[$0] }
        #expect(TreeFixtures.distance(inLists, expected.scores) < 1e-6)
        let evaluation = try RankingEvaluation.evaluate(model, on: tried, places: 5)
        #expect(abs((evaluation.summary.ndcg.value ?? 0) - expected.ndcg) < 1e-6)
        #expect(abs((evaluation.summary.meanReciprocalRank.value ?? 0) - expected.mrr) < 1e-6)
        #expect(abs((evaluation.meanAveragePrecision ?? 0) - expected.map) < 1e-9)
    }

    @Test func aModelIsItsBytes() throws {
        let (learned, tried) = try lists()
        let model = try learner(.ndcg).fit(learned, problem: problem)
        let bytes = try model.serialized()
        #expect(bytes.starts(with: Array("TIDERANK".utf8)))
        #expect(try learner(.ndcg).fit(learned, problem: problem).serialized() == bytes)
        let reloaded = try RankingModel(serialized: bytes)
        #expect(try reloaded.scores(tried) == model.scores(tried))
        #expect(reloaded.problem == problem && reloaded.learner == learner(.ndcg))
        for position in stride(from: 0, to: bytes.count, by: 97) {
            var damaged = bytes
            damaged[position] ^= 4
            #expect(learningError { _ = try RankingModel(serialized: damaged) }?.code == .corruptModel)
        }
        #expect(learningError { _ = try BoostedTreeModel(serialized: bytes) }?.code == .corruptModel)
    }

    @Test func stopsEarlyOnOtherLists() throws {
        let (learned, tried) = try lists()
        for objective in RankingLearner.Objective.allCases {
            var learner = learner(objective)
            (learner.parameters.rounds, learner.parameters.earlyStoppingRounds) = (200, 10)
            #expect(learningError { _ = try learner.fit(learned, problem: problem) }?.code == .invalidParameter)
            #expect(try learner.fit(learned, problem: problem, validation: tried).rounds < 150)
        }
    }

    @Test func rowsWithoutAGroupOrRelevanceAreLeftOut() throws {
        let table = try Table(columns: [
            TableColumn(name: "query", texts: ["x", "y", nil, "x", "y", "y"]),
            TableColumn(name: "grade", numbers: [1, 0, 1, 0, .nan, 2]),
            TableColumn(name: "u", numbers: [1, 2, 3, 4, 5, 6]),
        ])
        let lists = try RankedLists(table, problem: problem)
        #expect(lists.rows == [0, 3, 1, 5])
        #expect(lists.sizes == [2, 2])
        #expect(lists.relevance == [1, 0, 0, 2])
        #expect(lists.hasOrder)
    }

    @Test func whatCannotBeRankedIsRefused() throws {
        func code(_ grades: [Double], _ groups: [String?] = ["x", "x", "y"]) -> LearningError.Code? {
            learningError {
                let table = try Table(columns: [
                    TableColumn(name: "query", texts: groups), TableColumn(name: "grade", numbers: grades),
                    TableColumn(name: "u", numbers: [1, 2, 3]),
                ])
                _ = try RankingLearner(parameters: small(2)).fit(table, problem: problem)
            }?.code
        }
        #expect(code([1, 0, 1]) == nil)
        #expect(code([1, 1, 0]) == .oneClassTarget)
        #expect(code([1, -1, 0]) == .invalidTarget)
        #expect(code([1, .infinity, 0]) == .invalidTarget)
        #expect(code([1, 0.5, 0]) == .invalidTarget)
        #expect(code([1, 32, 0]) == .invalidTarget)
        #expect(code([.nan, .nan, .nan]) == .targetMissing)
        #expect(code([1, 0, 1], [nil, nil, nil]) == .targetMissing)
    }

    @Test func averagePrecisionOfKnownLists() {
        let known = RankingSummary.averagePrecision(scores: [3, 2, 1], relevance: [1, 0, 2])
        #expect(abs((known ?? 0) - 5.0 / 6) < 1e-12)
        // Equal scores: all of them count as placed at the last of their places.
        #expect(RankingSummary.averagePrecision(scores: [1, 1], relevance: [1, 0]) == 0.5)
        #expect(RankingSummary.averagePrecision(scores: [1], relevance: [0]) == nil)
    }
}
