/// Learners of any parameters learn from the same prepared table.
extension PipelineLearner: FoldLearner {
    struct PreparedFold: FoldWork {
        let problem: LearningProblem
        let training: Table
        let test: Table

        var bytes: Int { training.bytes + test.bytes }
    }

    var foldKey: FoldKey { .preparation(preparation, seed: seed) }

    func work(
        training: Table, test: Table, problem: LearningProblem, control: TrainingControl
    ) throws(LearningError) -> PreparedFold {
        try control.check()
        let (fitted, prepared) = try preparation.fit(training, problem: problem, seed: seed, control: control)
        return PreparedFold(
            problem: fitted.problem(problem), training: prepared, test: try fitted.apply(test))
    }

    func predictions(
        _ work: PreparedFold, problem: LearningProblem, control: TrainingControl
    ) throws(LearningError) -> Predictions {
        try learner.fit(work.training, problem: work.problem, validation: nil, control: control).predict(work.test)
    }
}
