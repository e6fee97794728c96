public import Statistics

/// What more rows would bring: the metric on unseen rows, learned from growing shares of each fold's training rows.
public struct LearningCurve: Sendable, Equatable {
    public struct Point: Sendable, Equatable {
        /// Rows learned from, on average over the folds.
        public let rows: Int
        /// Over the folds.
        public let mean: Double
        public let deviation: Double?
    }

    public let metric: PerformanceMetric
    public let points: [Point]

    /// - Parameters:
    ///   - shares: of each fold's training rows, in (0, 1], ascending. Taken at random, or the newest where the problem
    ///     has a time column.
    /// - Throws: `LearningError` as the learner (too small a share may hold one class only); `.cancelled`.
    public init(
        _ learner: any Learner, table: Table, problem: LearningProblem, folds: [Fold], metric: PerformanceMetric,
        shares: [Double] = [0.1, 0.25, 0.5, 0.75, 1], seed: UInt64, control: TrainingControl = TrainingControl()
    ) throws(LearningError) {
        guard shares.allSatisfy({ $0 > 0 && $0 <= 1 }) else {
            throw LearningError(
                .invalidParameter, "the shares of a learning curve are \(shares)",
                advice: "Give shares above 0, at most 1.")
        }
        self.metric = metric
        var points: [Point] = []
        for share in shares {
            var generator = SplitMix(seed: seed)
            let parts = folds.map { fold in
                let size = max(1, Int((share * Double(fold.train.count)).rounded()))
                let chosen = problem.time == nil ? fold.train.shuffled(using: &generator) : fold.train.reversed()
                return Fold(train: chosen.prefix(size).sorted(), test: fold.test)
            }
            let found = try CrossValidation.run(learner, table: table, problem: problem, folds: parts, control: control)
            guard let mean = found.mean(metric) else { continue }
            let rows = parts.reduce(0) { $0 + $1.train.count } / parts.count
            points.append(Point(rows: rows, mean: mean, deviation: found.deviation(metric)))
        }
        self.points = points
    }
}
