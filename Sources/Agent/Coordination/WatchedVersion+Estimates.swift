import Detection
import Learning
import Windowing

/// Performance before its labels are in, and what became of the estimates.
extension WatchedVersion {
    /// The windows that can be estimated, and those that can be reconciled, since the last time.
    mutating func judgeEstimates(
        drift: Int64, pairs: Int64, geometry: PaneGeometry
    ) -> [JudgedWindow] {
        guard
            let found = labels.estimator?.advance(
                drift: drift, pairs: pairs, geometry: geometry, learner: Self.learnLoss)
        else { return [] }
        var windows = found.estimated.map { window in
            let start = geometry.start(of: window.firstPane)
            let end = geometry.end(of: window.lastPane)
            var judged = JudgedWindow(
                key: key, kind: .estimate, startMicroseconds: start, endMicroseconds: end, count: window.count,
                verdicts: monitor.judge(
                    estimates: window.metrics, count: window.count, startMicroseconds: start, endMicroseconds: end))
            judged.estimates = window.metrics
            return judged
        }
        windows += found.reconciled.map { window in
            var judged = JudgedWindow(
                key: key, kind: .reconciliation, startMicroseconds: geometry.start(of: window.firstPane),
                endMicroseconds: geometry.end(of: window.lastPane), count: window.count, verdicts: [])
            judged.estimates = window.metrics
            let predictions = labels.predictions(from: window.firstPane, through: window.lastPane)
            judged.labelMaturity =
                predictions > 0 ? min(1, Double(window.count) / Double(predictions)) : nil
            return judged
        }
        return windows
    }

    /// Boosted trees that say how wrong a regression is. A loss that cannot be learned has no estimate, and the verdict of a
    /// rule that watches it says so.
    private static let learnLoss: LossLearner = { metric, rows in
        do {
            let model = try DirectLossModel(
                metric: metric, rows: rows.features, predicted: rows.predicted, actual: rows.actual)
            return LossModel { features, predicted in
                do {
                    return try model.estimate(rows: features, predicted: predicted)
                } catch {
                    return nil
                }
            }
        } catch {
            return nil
        }
    }
}
