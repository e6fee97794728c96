public import Statistics

/// Whether models stacked are better than the best of them, judged on rows that neither members nor weights had seen.
public struct StackJudgement: Sendable, Equatable {
    /// Fitted on all out-of-fold rows; one weight per model.
    public let weights: [Double]
    /// The models that count, and how they are combined.
    public let members: [Int]
    public let combination: EnsembleModel.Combination
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
    ///   - rowWeights: how much each row counts; `nil` if all count alike.
    ///   - folds: those of the members. The combination that a fold is judged by is fitted on the other folds.
    /// - Throws: `LearningError`: `.invalidParameter` where the metric is not defined on the folds; as
    ///   `EnsembleModel.Combination.stacked`.
    public init(
        outOfFold said: [Predictions], labels: TableColumn, rowWeights: [Double]? = nil, task: ModelTask, folds: [Fold],
        metric: PerformanceMetric
    ) throws(LearningError) {
        precondition(!said.isEmpty, "a stack has members")
        var stacked: [Double] = []
        var alone = [[Double]](repeating: [], count: said.count)
        for index in folds.indices {
            let others = folds.indices.filter { $0 != index }.flatMap { folds[$0].test }.sorted()
            let test = folds[index].test
            let outcomes = labels.rows(test)
            let combination = try EnsembleModel.Combination.stacked(
                said.map { $0.rows(others) }, labels: labels.rows(others),
                weights: rowWeights.map { weights in others.map { weights[$0] } }, task: task)
            let judged = said.map { $0.rows(test) }
            let counts = rowWeights.map { weights in test.map { weights[$0] } }
            func value(_ said: Predictions) throws(LearningError) -> Double {
                if let value = try Evaluation.evaluate(said, labels: outcomes, weights: counts)[metric] { return value }
                throw LearningError(
                    .invalidParameter, "\(metric.rawValue) is not defined on every fold",
                    advice: "Choose another metric, or fewer folds.")
            }
            stacked.append(try value(EnsembleModel.combined(judged, combination)))
            for member in said.indices { alone[member].append(try value(judged[member])) }
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
        let whole = try EnsembleModel.Combination.stacked(said, labels: labels, weights: rowWeights, task: task)
        let weights = whole.weights(members: said.count)
        members = weights.indices.filter { weights[$0] > 1e-6 }
        combination = whole.keeping(members)
        self.weights = weights
    }
}
