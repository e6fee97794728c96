import Statistics

/// A search for the parameters of a ranking by cross-validation over whole lists.
public struct RankingSearch: Sendable {
    public let trials: [Trial]
    public let best: Trial
    /// What the best trial's models achieved on the fold that each did not see.
    public let validation: [RankingEvaluation]

    /// How lists are compared: the metric, and how many places of a list count for NDCG.
    public struct Measure: Sendable, Equatable {
        public var metric: RankingMetric
        public var places: Int

        public init(metric: RankingMetric = .ndcg, places: Int = 10) {
            self.metric = metric
            self.places = places
        }
    }

    /// - Parameters:
    ///   - candidates: a space of boosted trees.
    ///   - tuner: of that space, by the metric of the measure.
    ///   - history: the trials of a search that is taken up again.
    /// - Throws: as `Tuner.run`; `LearningError(.invalidInput)` with the reason where no trial was completed.
    public static func run(
        _ candidates: CandidateSpace, objective: RankingLearner.Objective, table: Table, problem: RankingProblem,
        folds: [Fold], measure: Measure, tuner: Tuner<RankingMetric>, history: [Trial] = [], clock: () -> Double,
        control: TrainingControl, onTrial: (TuningProgress) throws -> Void = { _ in }
    ) throws -> RankingSearch {
        precondition(tuner.metric == measure.metric, "a search goes by one metric")
        func evaluate(
            _ values: [String: ParameterValue], _ goesOn: ([Double]) -> Bool
        ) throws(LearningError) -> [RankingEvaluation] {
            let learner = learner(candidates, values, objective: objective, places: measure.places)
            var found: [RankingEvaluation] = []
            var scores: [Double] = []
            for fold in folds {
                try control.check()
                let model = try learner.fit(table.rows(fold.train), problem: problem, control: control.silent)
                let evaluation = try RankingEvaluation.evaluate(
                    model, on: table.rows(fold.test), places: measure.places)
                guard let score = measure.metric.value(in: evaluation) else {
                    throw LearningError(
                        .oneClassTarget, "in fold \(found.count + 1) no list has something relevant",
                        advice: "Ask for fewer folds, or check the columns of relevance and of groups.")
                }
                found.append(evaluation)
                scores.append(score)
                if found.count < folds.count, !goesOn(scores) { break }
            }
            return found
        }
        let trials = try tuner.run(history: history, clock: clock, control: control, onTrial: onTrial) {
            _, values, goesOn throws(LearningError) in
            try evaluate(values, goesOn).compactMap { measure.metric.value(in: $0) }
        }
        guard let best = trials.best(higherIsBetter: measure.metric.higherIsBetter) else {
            throw LearningError(
                .invalidInput, "no trial was completed: \(trials.last?.reason ?? "there was none")",
                advice: "Correct the table, or allow more trials.")
        }
        // Only the scores of a trial are kept while the search runs.
        return RankingSearch(trials: trials, best: best, validation: try evaluate(best.values) { _ in true })
    }

    /// The learner of a trial.
    public static func learner(
        _ candidates: CandidateSpace, _ values: [String: ParameterValue], objective: RankingLearner.Objective,
        places: Int
    ) -> RankingLearner {
        guard let trees = candidates.learner(values) as? BoostedTreeLearner else {
            preconditionFailure("a ranking is learned by boosted trees")
        }
        return RankingLearner(parameters: trees.parameters, objective: objective, places: places)
    }
}
