import Statistics
import Testing

@testable import Learning

@Suite struct ModelSearchTests {
    @Test func theBestOfEachKindLeads() throws {
        let candidates = try CandidateSpace(kinds: [.boostedTrees, .linear], seed: 1, rows: 100)
        func trial(_ number: Int, _ kind: CandidateKind, _ score: Double, _ state: Trial.State = .complete) -> Trial {
            Trial(number: number, state: state, values: ["learner": .text(kind.rawValue)], scores: [score])
        }
        let trials = [
            trial(0, .boostedTrees, 0.7), trial(1, .linear, 0.9), trial(2, .linear, 0.8), trial(3, .linear, 0.85),
            trial(4, .boostedTrees, 0.75), trial(5, .boostedTrees, 0.99, .pruned),
        ]
        func leaders(_ count: Int) -> [Int] {
            ModelSearch.leaders(of: trials, candidates, .rocAUC, count).map(\.number)
        }
        #expect(leaders(1) == [1])
        #expect(leaders(2) == [1, 4])
        #expect(leaders(3) == [1, 3, 4])
        #expect(leaders(9) == [1, 3, 2, 4, 0])
        #expect(ModelSearch.leaders(of: trials, candidates, .rmse, 2).map(\.number) == [0, 2])
    }

    /// What is kept of the trials on the way is what a cross-validation of the leaders says.
    @Test func leadersAreTheirCrossValidations() throws {
        let table = try exclusiveOr(rows: 200, seed: 2)
        let problem = LearningProblem(task: yes, target: "label")
        let folds = try SplitPlan.stratified(3).folds(of: table, problem: problem, seed: 1)
        let candidates = try CandidateSpace(kinds: [.boostedTrees, .linear], seed: 1, rows: table.rowCount)
        var tuner = candidates.tuner(metric: .logLoss, seed: 1, budget: TuningBudget(trials: 6))
        tuner.narrowing = nil
        func search(history: [Trial]) throws -> ModelSearch {
            try ModelSearch.run(
                candidates, table: table, problem: problem, folds: folds, tuner: tuner, leaders: 3, history: history,
                clock: { 0 }, control: TrainingControl())
        }
        let found = try search(history: [])
        #expect(Set(found.leaders.map { candidates.kind(of: $0.trial.values) }) == [.boostedTrees, .linear])
        for leader in found.leaders {
            let again = try CrossValidation.run(
                candidates.learner(leader.trial.values), table: table, problem: problem, folds: folds)
            #expect(leader.validation == again && again.mean(.logLoss) == leader.trial.mean)
        }
        let resumed = try search(history: found.trials)
        #expect(resumed.leaders.map(\.trial) == found.leaders.map(\.trial))
        #expect(resumed.leaders.map(\.validation) == found.leaders.map(\.validation))
    }
}
