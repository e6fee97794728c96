import Learning
import Statistics

/// What more rows would bring: the best learner on growing shares of the rows to learn from.
struct TrainCurve {
    /// Of the rows of each fold. With three folds the new trainings cost as much as about one trial of five.
    static let shares = [0.1, 0.25, 0.5, 0.75, 1]
    static let folds = 3
    /// Rows times features from which on the curve would cost minutes.
    static let maximumCells = 20_000_000

    let metric: String
    private(set) var points: [LearningCurve.Point] = []
    /// Why there are no points.
    private(set) var note: String?

    /// - Parameters:
    ///   - learner: of the best trial, also where the model is a stack.
    ///   - known: its cross-validation, which is the last point.
    /// - Throws: `LearningError(.cancelled)`.
    init(
        _ learner: any Learner, training: Table, problem: LearningProblem, folds: [Fold], known: CrossValidation,
        metric: PerformanceMetric, options: TrainOptions, control: TrainingControl
    ) throws(LearningError) {
        self.metric = metric.rawValue
        note = Self.reasonAgainst(
            rows: training.rowCount, features: problem.features?.count ?? 0, options: options)
        guard note == nil else { return }
        points = try LearningCurve(
            learner, table: training, problem: problem, folds: Array(folds.prefix(Self.folds)), metric: metric,
            shares: Self.shares, seed: options.seed, known: known, control: control
        ).points
    }

    init(metric: String, points: [LearningCurve.Point] = [], note: String? = nil) {
        (self.metric, self.points, self.note) = (metric, points, note)
    }

    /// Why there shall be no curve; `nil` if there shall.
    static func reasonAgainst(rows: Int, features: Int, options: TrainOptions) -> String? {
        guard options.hasLearningCurve else { return "No learning curve: it was not asked for." }
        guard rows * features > maximumCells else { return nil }
        return "No learning curve: \(rows * features) cells are more than \(maximumCells), and it would take long."
    }

    /// Whether the last step up still helped; `nil` without two points.
    var sentence: String? {
        guard points.count > 1, let last = points.last else { return note }
        let before = points[points.count - 2]
        let format = ComparisonFormat.number
        let step =
            "From \(before.rows) to \(last.rows) rows \(metric) went from \(format(before.mean)) to \(format(last.mean))"
        guard let deviation = last.deviation else { return step + "." }
        return step
            + (abs(last.mean - before.mean) > deviation
                ? ", more than the folds differ (\(format(deviation))): more rows may help."
                : ", less than the folds differ (\(format(deviation))): more rows of this kind would change little.")
    }
}
