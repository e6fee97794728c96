public import Statistics

/// What more rows would bring: the metric on unseen rows, learned from growing shares of each fold's training rows.
public struct LearningCurve: Sendable, Equatable {
    public struct Point: Sendable, Equatable {
        /// Rows learned from, on average over the folds.
        public let rows: Int
        /// Over the folds.
        public let mean: Double
        public let deviation: Double?

        public init(rows: Int, mean: Double, deviation: Double?) {
            self.rows = rows
            self.mean = mean
            self.deviation = deviation
        }
    }

    public let metric: PerformanceMetric
    public let points: [Point]

    /// - Parameters:
    ///   - shares: of each fold's training rows, in (0, 1], ascending. Taken at random, or the newest where the problem
    ///     has a time column. One that nothing can be learned from (it holds one class only) gives no point.
    ///   - known: the cross-validation of the same learner, of which `folds` are the first ones: it is the share 1.
    /// - Throws: `LearningError(.cancelled)`; `.invalidParameter` for a share out of its range; as `SplitPlan` for a time
    ///   column that is none.
    public init(
        _ learner: any Learner, table: Table, problem: LearningProblem, folds: [Fold], metric: PerformanceMetric,
        shares: [Double] = [0.1, 0.25, 0.5, 0.75, 1], seed: UInt64, known: CrossValidation? = nil,
        control: TrainingControl = TrainingControl()
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
            var parts: [Fold] = []
            for fold in folds {
                let size = max(1, Int((share * Double(fold.train.count)).rounded()))
                let chosen =
                    if let time = problem.time {
                        try TimeOrder(table.column(named: time), rows: fold.train).rows.suffix(size)
                    } else {
                        fold.train.shuffled(using: &generator).prefix(size)
                    }
                parts.append(Fold(train: chosen.sorted(), test: fold.test))
            }
            let found: CrossValidation
            do {
                found =
                    if share == 1, let known {
                        CrossValidation(folds: Array(known.folds.prefix(folds.count)), outOfFold: known.outOfFold)
                    } else {
                        try CrossValidation.run(
                            learner, table: table, problem: problem, folds: parts, control: control)
                    }
            } catch {
                if error.code == .cancelled { throw error }
                continue
            }
            guard let mean = found.mean(metric) else { continue }
            let rows = parts.reduce(0) { $0 + $1.train.count } / parts.count
            points.append(Point(rows: rows, mean: mean, deviation: found.deviation(metric)))
        }
        self.points = points
    }
}
