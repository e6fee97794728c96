public import Statistics

/// Whether models stacked are better than the best of them, judged on rows that neither members nor weights had seen.
public struct StackJudgement: Sendable, Equatable {
    /// Fitted on all out-of-fold rows.
    public let weights: [Double]
    /// Mean of the metric over the folds.
    public let stack: Double
    /// The best member by the same measure, and which it is.
    public let best: Double
    public let bestMember: Int
    public let metric: PerformanceMetric

    /// The stack is used only if it is better.
    public var isKept: Bool { metric.higherIsBetter ? stack > best : stack < best }

    /// - Parameters:
    ///   - said: what each member says out of fold, of the whole table.
    ///   - folds: those of the members. The weights that a fold is judged by are fitted on the other folds.
    /// - Throws: `LearningError`: `.invalidParameter` where the metric is not defined on the folds; as
    ///   `EnsembleWeights.fit`.
    public init(
        outOfFold said: [Predictions], labels: TableColumn, task: ModelTask, folds: [Fold], metric: PerformanceMetric
    ) throws(LearningError) {
        precondition(!said.isEmpty, "a stack has members")
        var stacked: [Double] = []
        var alone = [[Double]](repeating: [], count: said.count)
        for index in folds.indices {
            let others = folds.indices.filter { $0 != index }.flatMap { folds[$0].test }.sorted()
            let test = folds[index].test
            let outcomes = labels.rows(test)
            let weights = try EnsembleWeights.fit(
                said.map { $0.rows(others) }, labels: labels.rows(others), task: task)
            let judged = said.map { $0.rows(test) }
            let together = EnsembleModel.combined(judged, .weighted(weights))
            stacked.append(try Self.value(together, outcomes, metric))
            for member in said.indices { alone[member].append(try Self.value(judged[member], outcomes, metric)) }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let means = alone.map(mean)
        let better: (Double, Double) -> Bool = metric.higherIsBetter ? { $0 > $1 } : { $0 < $1 }
        var leader = 0
        for member in means.indices where better(means[member], means[leader]) { leader = member }
        self.metric = metric
        stack = mean(stacked)
        best = means[leader]
        bestMember = leader
        weights = try EnsembleWeights.fit(said, labels: labels, task: task)
    }

    private static func value(
        _ said: Predictions, _ labels: TableColumn, _ metric: PerformanceMetric
    ) throws(LearningError) -> Double {
        if let value = try Evaluation.evaluate(said, labels: labels)[metric] { return value }
        throw LearningError(
            .invalidParameter, "\(metric.rawValue) is not defined on every fold",
            advice: "Choose another metric, or fewer folds.")
    }
}
