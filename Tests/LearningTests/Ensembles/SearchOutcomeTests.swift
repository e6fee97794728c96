import Learning
import Statistics
import Testing

@Suite struct SearchOutcomeTests {
    private let problem = LearningProblem(task: yes, target: "label", weight: "w")

    private func table() throws -> Table {
        let plain = try exclusiveOr(rows: 240, seed: 2)
        return try Table(
            columns: plain.columns + [TableColumn(name: "w", numbers: (0..<240).map { 1 + Double($0 % 2) })])
    }

    private func search(leaders: Int) throws -> (
        outcome: SearchOutcome, search: ModelSearch, candidates: CandidateSpace
    ) {
        let table = try table()
        let folds = try SplitPlan.stratified(3).folds(of: table, problem: problem, seed: 1)
        let candidates = try CandidateSpace(kinds: [.boostedTrees, .linear], seed: 1, rows: table.rowCount)
        let tuner = candidates.tuner(metric: .logLoss, seed: 1, budget: TuningBudget(trials: 4))
        let search = try ModelSearch.run(
            candidates, table: table, problem: problem, folds: folds, tuner: tuner, leaders: leaders, clock: { 0 },
            control: TrainingControl())
        let outcome = try SearchOutcome(search, candidates: candidates, table: table, problem: problem, folds: folds)
        return (outcome, search, candidates)
    }

    @Test func isTheStackIfThatIsBetterOutOfFold() throws {
        let found = try search(leaders: 3)
        let judgement = try #require(found.outcome.judgement)
        #expect(judgement.best == found.search.best.mean)
        #expect(found.outcome.isStack == (judgement.stack < judgement.best))
        let leaders = found.search.leaders
        guard let stack = found.outcome.model as? EnsembleModel else {
            #expect(!found.outcome.isStack && found.outcome.outOfFold == leaders[0].validation.outOfFold)
            return
        }
        #expect(stack.combination == judgement.combination && stack.members.count == judgement.members.count)
        let said = judgement.members.map { leaders[$0].validation.outOfFold }
        #expect(found.outcome.outOfFold == EnsembleModel.combined(said, judgement.combination))
    }

    @Test func isTheBestTrialsModelWithoutOthers() throws {
        let found = try search(leaders: 1)
        #expect(found.outcome.judgement == nil && !found.outcome.isStack)
        let model = try found.candidates.learner(found.search.best.values).fit(
            table(), problem: problem, validation: nil, control: TrainingControl())
        #expect(try found.outcome.model.serialized() == model.serialized())
    }
}
