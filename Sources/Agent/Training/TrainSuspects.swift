import Foundation
import Learning
import Statistics

/// Features that know the outcome too well to be true.
enum TrainSuspects {
    /// From here on a single feature is no predictor but the outcome under another name.
    static let single = 0.995
    /// The same of the whole model.
    static let whole = 0.999

    /// Sentences for the report, from the best features by importance; each is tried alone, on small trees.
    static func find(
        _ features: [String], training: Table, holdout: Table, problem: LearningProblem, report: MetricsReport,
        seed: Int, control: TrainingControl
    ) throws(LearningError) -> [String] {
        var found: [String] = []
        for feature in features {
            try control.check()
            var alone = problem
            alone.features = [feature]
            let parameters = BoostingParameters(rounds: 20, learningRate: 0.5, maximumDepth: 4, seed: seed)
            let model = try BoostedTreeLearner(parameters: parameters).fit(
                training, problem: alone, validation: nil, control: control)
            let evaluation = try Evaluation.evaluate(model, on: holdout)
            guard let (name, value) = score(evaluation), value >= single else { continue }
            found.append(
                "\"\(feature)\" alone reaches \(name) \(String(format: "%.4f", value)) on the hold-out: is it known before "
                    + "the outcome? If not, leave it out (--exclude).")
        }
        let measured = report["roc_auc"]?.value ?? report["r2"]?.value ?? report["accuracy"]?.value ?? 0
        if found.isEmpty, measured >= whole {
            found.append(
                "the hold-out is predicted almost perfectly: look for columns that are only known after the outcome.")
        }
        return found
    }

    private static func score(_ evaluation: Evaluation) -> (name: String, value: Double)? {
        let metric: PerformanceMetric =
            switch evaluation.task {
            case .binary: .rocAUC
            case .multiclass: .accuracy
            case .regression: .r2
            }
        return evaluation[metric].map { (metric.rawValue, $0) }
    }
}
