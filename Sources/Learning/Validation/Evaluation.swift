public import Statistics

/// How good predictions were on rows whose outcome is known, by the exact metrics of `Statistics`.
public struct Evaluation: Codable, Sendable, Equatable {
    public let task: ModelTask
    /// Rows that have both a prediction and a known outcome; the metrics are over these.
    public let rows: Int
    /// Rows left out: without an outcome, without a prediction, of weight 0, or (multiclass) with a label that is none of
    /// the classes.
    public let rowsLeftOut: Int
    /// By `PerformanceMetric.rawValue`. A metric that is not defined on these rows (ROC AUC with one class) is absent.
    ///
    /// Every metric that applies to the task.
    public let metrics: [String: Double]

    public init(task: ModelTask, rows: Int, rowsLeftOut: Int, metrics: [String: Double]) {
        self.task = task
        self.rows = rows
        self.rowsLeftOut = rowsLeftOut
        self.metrics = metrics
    }

    public subscript(metric: PerformanceMetric) -> Double? { metrics[metric.rawValue] }

    /// Predicts the table and compares with its target column.
    /// - Parameters:
    ///   - target: `nil` for the column the model was trained on.
    ///   - threshold: P(positive) from which a row counts as predicted positive (binary).
    public static func evaluate(
        _ model: any TrainedModel, on table: Table, target: String? = nil, threshold: Double = 0.5
    ) throws(LearningError) -> Evaluation {
        let labels = try table.column(named: target ?? model.target)
        return try evaluate(model.predict(table), labels: labels, threshold: threshold)
    }

    /// Compares predictions with the outcomes of the same rows.
    ///
    /// Labels match in any form (`1`, `1.0`, `true` of a boolean column).
    /// - Parameter weights: how much each row counts, 0 or more; `nil` if all count alike.
    /// - Throws: `LearningError(.unequalColumns)` if the numbers of rows differ.
    public static func evaluate(
        _ predictions: Predictions, labels: TableColumn, weights: [Double]? = nil, threshold: Double = 0.5
    ) throws(LearningError) -> Evaluation {
        guard predictions.rowCount == labels.count else {
            throw LearningError(
                .unequalColumns, "\(predictions.rowCount) predictions, \(labels.count) outcomes in \"\(labels.name)\"",
                advice: "Give the outcomes of exactly the rows that were predicted.")
        }
        guard weights?.count ?? labels.count == labels.count else {
            throw LearningError(
                .unequalColumns, "\(weights?.count ?? 0) weights, \(labels.count) outcomes in \"\(labels.name)\"",
                advice: "Give the weights of exactly the rows that were predicted.")
        }
        switch predictions.task {
        case .binary(let positive): return binary(predictions, labels, weights, positive, threshold: threshold)
        case .multiclass(let classes): return multiclass(predictions, labels, weights, classes)
        case .regression: return regression(predictions, labels, weights)
        }
    }

    private init(_ predictions: Predictions, rows: Int, _ values: [PerformanceMetric: Double]) {
        self.init(
            task: predictions.task, rows: rows, rowsLeftOut: predictions.rowCount - rows,
            metrics: Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) }))
    }

    private init(
        _ predictions: Predictions, rows: Int, _ values: [(metric: PerformanceMetric, value: MetricValue)]
    ) {
        var metrics: [PerformanceMetric: Double] = [:]
        for (metric, found) in values { metrics[metric] = found.value }
        self.init(predictions, rows: rows, metrics)
    }

    private static func binary(
        _ predictions: Predictions, _ labels: TableColumn, _ weights: [Double]?, _ positive: String, threshold: Double
    ) -> Evaluation {
        let classes = ClassMatcher(classes: [positive]).indices(of: labels)
        let rows = classes.indices.filter {
            classes[$0] != ClassMatcher.missing && !predictions.probabilities[$0].isNaN && weights?[$0] != 0
        }
        let scores = rows.map { predictions.probabilities[$0] }
        let actual = rows.map { classes[$0] == 0 }
        if let weights {
            let found = WeightedMetrics.binary(
                scores: scores, actual: actual, weights: rows.map { weights[$0] }, threshold: threshold)
            return Evaluation(predictions, rows: rows.count, found)
        }
        let sample = BinarySample(labels: actual, scores: scores, threshold: threshold)
        return Evaluation(predictions, rows: rows.count, sample.metrics)
    }

    private static func multiclass(
        _ predictions: Predictions, _ labels: TableColumn, _ weights: [Double]?, _ classes: [String]
    ) -> Evaluation {
        let actual = ClassMatcher(classes: classes).indices(of: labels)
        let predicted = predictions.predictedClasses()
        let rows = actual.indices.filter { actual[$0] >= 0 && predicted[$0] >= 0 && weights?[$0] != 0 }
        let width = classes.count
        let probabilities = rows.map { Array(predictions.probabilities[($0 * width)..<(($0 + 1) * width)]) }
        let decided = (actual: rows.map { actual[$0] }, predicted: rows.map { predicted[$0] })
        if let weights {
            let found = WeightedMetrics.multiclass(
                probabilities: probabilities, predicted: decided.predicted, actual: decided.actual,
                weights: rows.map { weights[$0] }, classes: width)
            return Evaluation(predictions, rows: rows.count, found)
        }
        let sample = MulticlassSample(
            actual: decided.actual, predicted: decided.predicted, probabilities: probabilities, classes: width)
        return Evaluation(predictions, rows: rows.count, sample.metrics)
    }

    private static func regression(
        _ predictions: Predictions, _ labels: TableColumn, _ weights: [Double]?
    ) -> Evaluation {
        let outcomes = (0..<labels.count).map { labels.number(at: $0) }
        let rows = outcomes.indices.filter {
            outcomes[$0].isFinite && predictions.values[$0].isFinite && weights?[$0] != 0
        }
        let said = (predicted: rows.map { predictions.values[$0] }, actual: rows.map { outcomes[$0] })
        if let weights {
            let found = WeightedMetrics.regression(
                predicted: said.predicted, actual: said.actual, weights: rows.map { weights[$0] })
            return Evaluation(predictions, rows: rows.count, found)
        }
        let sample = RegressionSample(predicted: said.predicted, actual: said.actual)
        return Evaluation(predictions, rows: rows.count, sample.metrics)
    }
}
