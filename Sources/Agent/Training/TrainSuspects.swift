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

    /// A sentence where the hold-out may be predicted as well by what needs no model: chance, the most frequent class or
    /// the mean of the training rows; `nil` where the model is better for certain.
    static func skill(
        _ report: MetricsReport, training: TableColumn, holdout: TableColumn, task: ModelTask
    ) -> String? {
        let format = ComparisonFormat.number
        func sentence(_ name: String, _ found: MetricValue, _ other: String) -> String {
            let (low, high) = (found.low ?? found.value ?? .nan, found.high ?? found.value ?? .nan)
            return "on the hold-out the model is no better than \(other), as far as its rows can tell: \(name) "
                + "\(format(found.value ?? .nan)) (\(format(low)) to \(format(high)))."
        }
        switch task {
        case .binary:
            guard let found = report["roc_auc"], let low = found.low ?? found.value, low <= 0.5 else { return nil }
            return sentence("roc_auc", found, "chance, 0.5")
        case .multiclass:
            guard let found = report["accuracy"], let low = found.low ?? found.value else { return nil }
            let counts = Dictionary(training.texts.map { ($0, 1) }, uniquingKeysWith: +)
            guard let usual = counts.min(by: { (-$0.value, $0.key) < (-$1.value, $1.key) })?.key else { return nil }
            let labels = holdout.texts
            let share = Double(labels.count { $0 == usual }) / Double(max(1, labels.count))
            return low <= share ? sentence("accuracy", found, "always \"\(usual)\", \(format(share))") : nil
        case .regression:
            guard let found = report["rmse"], let high = found.high ?? found.value else { return nil }
            let (known, actual) = (training.finiteNumbers, holdout.finiteNumbers)
            let mean = known.reduce(0, +) / Double(max(1, known.count))
            let squares = actual.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let usual = (squares / Double(max(1, actual.count))).squareRoot()
            return high >= usual ? sentence("rmse", found, "the mean of the training rows, \(format(usual))") : nil
        }
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

extension TableColumn {
    /// The present cells.
    fileprivate var texts: [String] { (0..<count).compactMap { text(at: $0) } }
    fileprivate var finiteNumbers: [Double] { (0..<count).map { number(at: $0) }.filter(\.isFinite) }
}
