extension BoostedTreeLearner {
    public func fit(
        _ table: Table, problem: LearningProblem, validation: Table?, control: TrainingControl
    ) throws(LearningError) -> any TrainedModel {
        try control.check()
        return try fit(
            table, target: problem.target, features: problem.featureNames(in: table), task: problem.task,
            validation: validation)
    }
}
