import Learning
import Statistics

extension RankTraining {
    /// What more lists would bring: the learner of the best trial on growing shares of whole lists.
    /// - Parameter known: its cross-validation, which is the last point.
    /// - Throws: `LearningError(.cancelled)`.
    func curve(
        _ learner: RankingLearner, training: Table, problem: RankingProblem, folds: [Fold], known: [RankingEvaluation]
    ) throws -> TrainCurve {
        if let note = TrainCurve.reasonAgainst(
            rows: training.rowCount, features: problem.features?.count ?? 0, options: options)
        {
            return TrainCurve(metric: metricName, note: note)
        }
        let group = try training.asked(problem.group, option: "--group")
        let folds = Array(folds.prefix(TrainCurve.folds))
        var points: [LearningCurve.Point] = []
        for share in TrainCurve.shares {
            var generator = SplitMix(seed: options.seed)
            var rows = 0
            var values: [Double] = []
            for (index, fold) in folds.enumerated() {
                let chosen = share == 1 ? fold.train : Self.lists(fold.train, group, share: share, &generator)
                rows += chosen.count
                let evaluation =
                    share == 1
                    ? known[index] : try evaluate(learner, training, problem, Fold(train: chosen, test: fold.test))
                if let value = evaluation.flatMap({ measure.metric.value(in: $0) }) { values.append(value) }
            }
            guard let point = LearningCurve.Point(rows: rows / folds.count, values: values) else { continue }
            points.append(point)
        }
        return TrainCurve(metric: metricName, points: points)
    }

    /// `nil` where so few lists hold nothing that could be learned.
    private func evaluate(
        _ learner: RankingLearner, _ table: Table, _ problem: RankingProblem, _ fold: Fold
    ) throws(LearningError) -> RankingEvaluation? {
        do {
            let model = try learner.fit(table.rows(fold.train), problem: problem, control: control)
            return try RankingEvaluation.evaluate(model, on: table.rows(fold.test), places: measure.places)
        } catch {
            if error.code == .cancelled { throw error }
            return nil
        }
    }

    private static func lists(
        _ rows: [Int], _ group: TableColumn, share: Double, _ generator: inout SplitMix
    ) -> [Int] {
        var lists: [String: [Int]] = [:]
        for row in rows { if let name = group.text(at: row) { lists[name, default: []].append(row) } }
        let names = lists.keys.sorted().shuffled(using: &generator)
        let kept = names.prefix(max(1, Int((share * Double(names.count)).rounded())))
        return kept.flatMap { lists[$0] ?? [] }.sorted()
    }
}

extension LearningCurve.Point {
    /// Mean and deviation (n − 1) of the folds; `nil` without any.
    init?(rows: Int, values: [Double]) {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(
            rows: rows, mean: mean,
            deviation: values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil)
    }
}
