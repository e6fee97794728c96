import Statistics

/// Validates one learner after the other on the same folds of the same table, and keeps what they have in common.
final class CrossValidator {
    /// What is kept at most: the encoded folds of a quarter of a million rows of 30 columns. Other work is done anew.
    static let usualBytes = 512 << 20

    private let table: Table
    private let problem: LearningProblem
    private let folds: [Fold]
    private let maximumBytes: Int
    private(set) var bytes = 0
    /// Per fold, in the order in which they were made.
    private var kept: [[(key: FoldKey, work: any FoldWork)]]

    /// - Parameter maximumBytes: of what is kept until the validator is released; 0 to keep nothing.
    init(table: Table, problem: LearningProblem, folds: [Fold], maximumBytes: Int = CrossValidator.usualBytes) {
        precondition(!folds.isEmpty, "a cross-validation has folds")
        self.table = table
        self.problem = problem
        self.folds = folds
        self.maximumBytes = maximumBytes
        kept = Array(repeating: [], count: folds.count)
    }

    /// As `CrossValidation.run`.
    func run(
        _ learner: any Learner, control: TrainingControl, goesOn: ([Evaluation]) -> Bool = { _ in true }
    ) throws(LearningError) -> CrossValidation {
        let labels = try table.column(named: problem.target)
        var evaluations: [Evaluation] = []
        var collected = OutOfFold(rows: table.rowCount, task: problem.task)
        // A share of the whole is the caller's to tell; the fold's own progress would run backwards.
        let silent = control.silent
        for (index, fold) in folds.enumerated() {
            try control.check()
            let said = try predictions(learner, fold: index, silent)
            evaluations.append(
                try Evaluation.evaluate(
                    said, labels: labels.rows(fold.test),
                    weights: RowWeights.samples(problem.weight, of: table, rows: fold.test)))
            collected.add(said, rows: fold.test)
            if evaluations.count < folds.count, !goesOn(evaluations) { break }
        }
        return CrossValidation(folds: evaluations, outOfFold: collected.predictions)
    }

    private func predictions(
        _ learner: any Learner, fold: Int, _ control: TrainingControl
    ) throws(LearningError) -> Predictions {
        if let learner = learner as? any FoldLearner { return try reusing(learner, fold: fold, control) }
        let model = try learner.fit(
            table.rows(folds[fold].train), problem: problem, validation: nil, control: control)
        return try model.predict(table.rows(folds[fold].test))
    }

    private func reusing<Kind: FoldLearner>(
        _ learner: Kind, fold: Int, _ control: TrainingControl
    ) throws(LearningError) -> Predictions {
        let key = learner.foldKey
        if let work = kept[fold].first(where: { $0.key == key })?.work as? Kind.Work {
            return try learner.predictions(work, problem: problem, control: control)
        }
        let work = try learner.work(
            training: table.rows(folds[fold].train), test: table.rows(folds[fold].test), problem: problem,
            control: control)
        if bytes + work.bytes <= maximumBytes {
            bytes += work.bytes
            kept[fold].append((key, work))
        }
        return try learner.predictions(work, problem: problem, control: control)
    }
}
