/// What a search ends in: a model of all rows by the best trial, or a stack of the best trials where that is better out
/// of fold.
public struct SearchOutcome: Sendable {
    public let model: any TrainedModel
    /// Of the leaders stacked; `nil` where there is only one.
    public let judgement: StackJudgement?
    /// What the model says of rows that it was not trained on.
    public let outOfFold: Predictions

    public var isStack: Bool { judgement?.isKept ?? false }

    /// - Parameters:
    ///   - table: the one that was searched with, and its folds.
    ///   - control: its progress is that of each model that is trained.
    /// - Throws: as `StackJudgement` and the learners; `LearningError(.cancelled)`.
    public init(
        _ search: ModelSearch, candidates: CandidateSpace, table: Table, problem: LearningProblem, folds: [Fold],
        control: TrainingControl = TrainingControl()
    ) throws(LearningError) {
        func fit(_ trial: Trial) throws(LearningError) -> any TrainedModel {
            try control.check()
            return try candidates.learner(trial.values).fit(table, problem: problem, validation: nil, control: control)
        }
        let leaders = search.leaders
        judgement =
            leaders.count > 1
            ? try StackJudgement(
                outOfFold: leaders.map(\.validation.outOfFold), labels: table.column(named: problem.target),
                rowWeights: problem.sampleWeights(of: table), task: problem.task, folds: folds, metric: search.metric)
            : nil
        guard let judgement, judgement.isKept else {
            model = try fit(search.best)
            outOfFold = leaders[0].validation.outOfFold
            return
        }
        var members: [any TrainedModel] = []
        for index in judgement.members { members.append(try fit(leaders[index].trial)) }
        model = try EnsembleModel(members, combination: judgement.combination)
        outOfFold = EnsembleModel.combined(
            judgement.members.map { leaders[$0].validation.outOfFold }, judgement.combination)
    }
}
