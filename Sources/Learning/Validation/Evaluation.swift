public import Statistics

/// How good predictions were on rows whose outcome is known, by the exact metrics of `Statistics`.
public struct Evaluation: Codable, Sendable, Equatable {
    public let task: ModelTask
    /// Rows that have both a prediction and a known outcome; the metrics are over these.
    public let rows: Int
    /// Rows left out: without an outcome, without a prediction, or (multiclass) with a label that is none of the
    /// classes.
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
    /// - Throws: `LearningError(.unequalColumns)` if the numbers of rows differ.
    public static func evaluate(
        _ predictions: Predictions, labels: TableColumn, threshold: Double = 0.5
    ) throws(LearningError) -> Evaluation {
        guard predictions.rowCount == labels.count else {
            throw LearningError(
                .unequalColumns, "\(predictions.rowCount) predictions, \(labels.count) outcomes in \"\(labels.name)\"",
                advice: "Give the outcomes of exactly the rows that were predicted.")
        }
        switch predictions.task {
        case .binary(let positive): return binary(predictions, labels, positive: positive, threshold: threshold)
        case .multiclass(let classes): return multiclass(predictions, labels, classes: classes)
        case .regression: return regression(predictions, labels)
        }
    }

    private static func finish(
        _ predictions: Predictions, rows: Int, _ values: [(metric: PerformanceMetric, value: MetricValue)]
    ) -> Evaluation {
        var metrics: [String: Double] = [:]
        for (metric, found) in values { metrics[metric.rawValue] = found.value }
        return Evaluation(
            task: predictions.task, rows: rows, rowsLeftOut: predictions.rowCount - rows, metrics: metrics)
    }

    private static func binary(
        _ predictions: Predictions, _ labels: TableColumn, positive: String, threshold: Double
    ) -> Evaluation {
        let classes = ClassMatcher(classes: [positive]).indices(of: labels)
        let rows = classes.indices.filter {
            classes[$0] != ClassMatcher.missing && !predictions.probabilities[$0].isNaN
        }
        let scores = rows.map { predictions.probabilities[$0] }
        let actual = rows.map { classes[$0] == 0 }
        let sample = BinarySample(labels: actual, scores: scores, threshold: threshold)
        return finish(predictions, rows: rows.count, sample.metrics)
    }

    private static func multiclass(
        _ predictions: Predictions, _ labels: TableColumn, classes: [String]
    ) -> Evaluation {
        let actual = ClassMatcher(classes: classes).indices(of: labels)
        let predicted = predictions.predictedClasses()
        let rows = actual.indices.filter { actual[$0] >= 0 && predicted[$0] >= 0 }
        let width = classes.count
        let sample = MulticlassSample(
            actual: rows.map { actual[$0] }, predicted: rows.map { predicted[$0] },
            probabilities: rows.map { Array(predictions.probabilities[($0 * width)..<(($0 + 1) * width)]) },
            classes: width)
        return finish(predictions, rows: rows.count, sample.metrics)
    }

    private static func regression(_ predictions: Predictions, _ labels: TableColumn) -> Evaluation {
        let outcomes = (0..<labels.count).map { labels.number(at: $0) }
        let rows = outcomes.indices.filter { outcomes[$0].isFinite && predictions.values[$0].isFinite }
        let sample = RegressionSample(
            predicted: rows.map { predictions.values[$0] }, actual: rows.map { outcomes[$0] })
        return finish(predictions, rows: rows.count, sample.metrics)
    }
}
