import Statistics
import Windowing

/// How scores become probabilities, fitted on pairs whose outcomes are known; of a regression, those pairs themselves.
enum PerformanceCalibration: Sendable, Equatable, Codable {
    case binary(ScoreCalibrator)
    /// One per class.
    case multiclass([ScoreCalibrator])
    /// What the losses of a regression are learned from.
    case losses(LossTraining)

    /// - Returns: `nil` while there are too few pairs with scores, or outcomes of one kind only.
    static func fit(_ pairs: LabelledPredictions, wanted: Int64) -> PerformanceCalibration? {
        switch pairs.summary.task {
        case .binary:
            guard pairs.summary.scored >= wanted else { return nil }
            return ScoreCalibrator.fit(pairs.summary).map(PerformanceCalibration.binary)
        case .multiclass(let classes):
            let rows = pairs.sample.rows
            guard rows.count >= min(Int(wanted), ScoredSample.capacity) else { return nil }
            let calibrators = classes.indices.compactMap { index in
                ScoreCalibrator.fit(
                    scores: rows.map { Double($0.scores[index]) }, labels: rows.map { $0.actual == index })
            }
            return calibrators.count == classes.count ? .multiclass(calibrators) : nil
        case .regression: return nil
        }
    }

    /// The estimate of each metric of a classification, in their order, and the predictions that it rests on.
    func estimate(
        _ predictions: PanePredictions, metrics: [PerformanceMetric]
    ) -> (values: [EstimatedMetric], count: Int64) {
        switch (self, predictions) {
        case (.binary(let calibrator), .binary(let summary)):
            let estimate = EstimatedPerformance(summary, calibrator: calibrator)
            return (metrics.map { EstimatedMetric($0, estimate.metric($0)) }, estimate.count)
        case (.multiclass(let calibrators), .multiclass(let sample)):
            var estimate = MulticlassEstimate(calibrators: calibrators)
            for row in sample.rows { estimate.add(scores: row.scores.map(Double.init), predicted: Int(row.predicted)) }
            return (metrics.map { EstimatedMetric($0, estimate.metric($0)) }, estimate.count)
        default: return ([], 0)
        }
    }
}
