import Statistics
import Testing

@testable import Learning

@Suite struct RankingSearchTests {
    private let problem = RankingProblem(relevance: "grade", group: "query")

    private func search(_ trials: Int, _ metric: RankingMetric = .ndcg, control: TrainingControl = TrainingControl())
        throws -> RankingSearch
    {
        let table = try TreeFixtures.table("lists")
        let groups = LearningProblem(task: .regression, target: "grade", group: "query")
        let folds = try SplitPlan.grouped(3).folds(of: table, problem: groups, seed: 1)
        let candidates = try CandidateSpace(kinds: [.boostedTrees], seed: 1, rows: 600)
        var tuner = Tuner(
            space: candidates.space, metric: metric, seed: 1, budget: TuningBudget(trials: trials))
        tuner.firstTrials = candidates.firstTrials
        return try RankingSearch.run(
            candidates, objective: .ndcg, table: table, problem: problem, folds: folds,
            measure: RankingSearch.Measure(metric: metric, places: 5), tuner: tuner, clock: { 0 }, control: control)
    }

    @Test func theBestTrialIsThatOfItsFolds() throws {
        let found = try search(4)
        #expect(found.trials.count == 4 && found.validation.count == 3)
        let means = found.trials.filter { $0.state == .complete }.compactMap(\.mean)
        #expect(found.best.mean == means.max())
        #expect(found.best.scores == found.validation.compactMap { $0.summary.ndcg.value })
        #expect(try search(4).trials == found.trials)
        #expect(try search(2, .map).best.scores != search(2, .mrr).best.scores)
    }

    @Test func cancelledIsCancelled() {
        #expect(learningError { _ = try search(4, control: cancelled(at: 9)) }?.code == .cancelled)
    }

    /// The contributions of a row add up to its score (a base of 0.5 included).
    @Test func contributionsAddUpToTheScore() throws {
        let table = try TreeFixtures.table("lists")
        let learner = RankingLearner(parameters: BoostingParameters(rounds: 20, learningRate: 0.2, maximumDepth: 3))
        let model = try learner.fit(table, problem: problem)
        let found = try model.contributions(table)
        let scores = try model.scores(table)
        for row in scores.indices { #expect(abs(found.total(row: row) - scores[row]) < 1e-5) }
        let shares = try #require(try model.normalizedImportance())
        #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9)
        guard case .ranking(let loaded) = try ArtifactModel(serialized: model.serialized()) else {
            Issue.record("not loaded as a ranking")
            return
        }
        #expect(try loaded.scores(table) == scores)
        #expect(learningError { _ = try ModelArtifact.load(model.serialized()) }?.code == .unsupportedModel)
    }
}
