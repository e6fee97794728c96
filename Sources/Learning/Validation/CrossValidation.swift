public import Statistics

/// How well a learner does on rows that its models did not see, fold by fold.
public struct CrossValidation: Sendable, Equatable {
    /// What each fold's model achieved on the fold's own rows; fewer than there are folds if it was stopped.
    public let folds: [Evaluation]
    /// For each row of the table what the model of the other rows said of it; NaN in rows that no fold judged.
    public let outOfFold: Predictions

    init(folds: [Evaluation], outOfFold: Predictions) {
        (self.folds, self.outOfFold) = (folds, outOfFold)
    }

    /// Judges what is known already, by another threshold, say, or of several models put together.
    /// - Parameters:
    ///   - outOfFold: of each row of the table, by models that did not learn from it.
    ///   - threshold: P(positive) from which a row counts as predicted positive (binary).
    /// - Throws: `LearningError` for a problem that is not the table's.
    public init(
        judging outOfFold: Predictions, table: Table, problem: LearningProblem, folds: [Fold], threshold: Double
    ) throws(LearningError) {
        let labels = try table.column(named: problem.target)
        var evaluations: [Evaluation] = []
        for fold in folds {
            evaluations.append(
                try Evaluation.evaluate(
                    outOfFold.rows(fold.test), labels: labels.rows(fold.test),
                    weights: RowWeights.samples(problem.weight, of: table, rows: fold.test), threshold: threshold))
        }
        self.init(folds: evaluations, outOfFold: outOfFold)
    }

    /// Mean of a metric over the folds in which it is defined; `nil` where it is in none.
    public func mean(_ metric: PerformanceMetric) -> Double? {
        let values = folds.compactMap { $0[metric] }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Standard deviation of a metric over the folds (n − 1); `nil` below two of them.
    public func deviation(_ metric: PerformanceMetric) -> Double? {
        let values = folds.compactMap { $0[metric] }
        guard values.count > 1, let mean = mean(metric) else { return nil }
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    /// Trains once per fold and judges by the fold's own rows.
    ///
    /// Everything that a learner fits, its preparation too, it fits on the training rows of each fold alone.
    /// Rows with a sample weight count with it, in the metrics too.
    /// - Parameter goesOn: asked after each fold but the last with the evaluations so far; `false` stops (pruning).
    /// - Throws: `LearningError` as the learner; `.cancelled`.
    public static func run(
        _ learner: any Learner, table: Table, problem: LearningProblem, folds: [Fold],
        control: TrainingControl = TrainingControl(), goesOn: ([Evaluation]) -> Bool = { _ in true }
    ) throws(LearningError) -> CrossValidation {
        try CrossValidator(table: table, problem: problem, folds: folds, maximumBytes: 0).run(
            learner, control: control, goesOn: goesOn)
    }
}

/// Predictions of parts of a table, put together.
struct OutOfFold {
    private let rows: Int
    private let task: ModelTask
    private var numbers: [Double]
    private var negativeLabel = ""

    init(rows: Int, task: ModelTask) {
        self.rows = rows
        self.task = task
        numbers = Array(repeating: .nan, count: rows * task.width)
    }

    mutating func add(_ said: Predictions, rows part: [Int]) {
        negativeLabel = said.negativeLabel
        let source = said.numbers
        let width = task.width
        for (index, row) in part.enumerated() {
            for column in 0..<width { numbers[row * width + column] = source[index * width + column] }
        }
    }

    var predictions: Predictions { Predictions(task: task, numbers: numbers, negativeLabel: negativeLabel) }
}

extension ModelTask {
    /// Numbers per row of a prediction.
    var width: Int {
        if case .multiclass(let classes) = self { classes.count } else { 1 }
    }
}

extension Predictions {
    /// Probabilities or values, whichever the task has.
    var numbers: [Double] { task == .regression ? values : probabilities }

    init(
        task: ModelTask, numbers: [Double], negativeLabel: String = "", alignment: AlignmentCounts = AlignmentCounts()
    ) {
        let isRegression = task == .regression
        self.init(
            task: task, rowCount: numbers.count / task.width, probabilities: isRegression ? [] : numbers,
            values: isRegression ? numbers : [], negativeLabel: negativeLabel, alignment: alignment)
    }

    /// The predictions of some rows.
    func rows(_ indices: [Int]) -> Predictions {
        let width = task.width
        return Predictions(
            task: task, numbers: indices.flatMap { numbers[($0 * width)..<(($0 + 1) * width)] },
            negativeLabel: negativeLabel)
    }
}

extension TrainingControl {
    /// Hears cancellation and says nothing.
    var silent: TrainingControl {
        TrainingControl(isCancelled: { [self] in
            do {
                try check()
                return false
            } catch {
                return true
            }
        })
    }
}
