import Statistics
import Windowing

/// Regressions: direct loss estimation (DLE) in the place of calibrated scores.
extension PerformanceEstimator {
    /// Collects the rows that losses are learned from: those of the version's first panes whose outcomes are all in.
    mutating func collectLosses(before mature: Int64, geometry: PaneGeometry) {
        let wanted = min(settings.calibrationPairs, LossTraining.capacity)
        for (pane, part) in labelled.panes(from: .min, before: mature) {
            labelled.drop(before: pane + 1)
            guard case .regression(let said)? = predictions[pane] else { continue }
            var training = state.training ?? LossTraining()
            training.add(said.sample, part.outcomes)
            guard training.actual.count >= Int(wanted) else {
                state.training = training
                continue
            }
            state.training = nil
            calibrated(.losses(training), on: pane, geometry: geometry)
            return
        }
    }

    /// The estimates of a window's sample of rows. What is learned from the rows of the calibration is learned when it is
    /// first needed, and again after a restore.
    mutating func estimate(
        _ said: PredictedRows, from training: LossTraining, learner: LossLearner?
    ) -> (values: [EstimatedMetric], count: Int64) {
        if lossModels == nil, let learner {
            let rows = training.rows
            lossModels = settings.metrics.reduce(into: [:]) { $0[$1] = learner($1, rows) }
        }
        let features = said.sample.features
        let predicted = PredictionColumn.numbers(of: said.sample.rows.map(\.prediction))
        let values = settings.metrics.map { metric in
            let loss = lossModels?[metric]?.estimate(features, predicted)
            return EstimatedMetric(metric, loss?.value ?? MetricValue(value: nil, count: 0))
        }
        return (values, said.count)
    }
}
