import Learning
import Statistics

/// What a search ends in: the best model or a stack of the best, calibrated and with a threshold if that was asked for.
struct TrainChoice {
    let model: any TrainedModel
    let learner: String
    let parameters: [String: ParameterValue]
    let preparation: [String]
    let stackNote: String?
    /// Of the best trial.
    let validation: CrossValidation
    let threshold: (threshold: Double, value: MetricValue)?
    /// Of the model, stacked and calibrated as it is, decided by the threshold: on the predictions on which that was found.
    let decided: CrossValidation?

    init(
        _ search: ModelSearch, candidates: CandidateSpace, training: Table, problem: LearningProblem, folds: [Fold],
        options: TrainOptions, control: TrainingControl
    ) throws {
        let labels = try training.asked(problem.target, option: "--target")
        let outcome = try SearchOutcome(
            search, candidates: candidates, table: training, problem: problem, folds: folds, control: control)
        parameters = candidates.parameters(of: search.best.values)
        validation = search.leaders[0].validation
        var said = outcome.outOfFold
        var found = outcome.model
        let members = outcome.isStack ? outcome.judgement?.members.count ?? 0 : 0
        learner =
            members > 0
            ? "stack of \(members) model\(members == 1 ? "" : "s")" : candidates.kind(of: search.best.values).rawValue
        stackNote = outcome.judgement.map { Self.note($0, search.leaders.map(\.trial.number)) }
        // A step without columns, such as the filling of booleans where there are none, is not worth a line.
        preparation = ((found as? TrainedPipeline)?.preparation.describe() ?? []).filter { !$0.hasSuffix(": .") }
        if options.calibration != "none", problem.task != .regression {
            let method = CalibratedModel.Method(rawValue: options.calibration) ?? .automatic
            let calibrated = try CalibratedModel(found, outOfFold: said, labels: labels, method: method)
            said = calibrated.calibrated(said)
            found = calibrated
        }
        model = found
        let tuned = try Self.threshold(said, labels, options)
        threshold = tuned
        decided = try tuned.map {
            try CrossValidation(
                judging: said, table: training, problem: problem, folds: folds, threshold: $0.threshold)
        }
    }

    private static func note(_ judgement: StackJudgement, _ trials: [Int]) -> String {
        let format = ComparisonFormat.number
        let name = judgement.metric.rawValue
        guard judgement.isKept else {
            return "No stack: out of fold it has \(name) \(format(judgement.stack)), its best member "
                + "\(format(judgement.best))."
        }
        let parts = zip(trials, judgement.weights).filter { $0.1 > 1e-6 }.map { "trial \($0.0) × \(format($0.1))" }
        return "Stack of \(parts.joined(separator: ", ")): out of fold \(name) \(format(judgement.stack)), its best "
            + "member \(format(judgement.best))."
    }

    private static func threshold(
        _ said: Predictions, _ labels: TableColumn, _ options: TrainOptions
    ) throws -> (threshold: Double, value: MetricValue)? {
        guard let values = options.costs else { return nil }
        guard case .binary(let positive) = said.task, let costs = CostMatrix(classes: 2, values: values) else {
            throw CommandStop.badInput("--cost gives the value of binary decisions, and the task is another")
        }
        let rows = (0..<labels.count).filter { labels.text(at: $0) != nil && !said.probabilities[$0].isNaN }
        let outcomes = labels.matches(positive)
        let tuned = ThresholdTuning(
            scores: rows.map { said.probabilities[$0] }, labels: rows.map { outcomes[$0] }, costs: costs)
        return tuned.map { ($0.threshold, $0.value) }
    }

    /// Shares of the gain of boosted trees, best first; empty for other models.
    func importance() throws -> [(feature: String, share: Double)] {
        guard let trees = Self.trees(in: model).first, let shares = try trees.normalizedImportance() else { return [] }
        return shares.map { (feature: $0.key, share: $0.value) }.sorted {
            ($1.share, $0.feature) < ($0.share, $1.feature)
        }
    }

    /// The boosted trees of a model, however deep inside.
    static func trees(in model: any TrainedModel) -> [BoostedTreeModel] {
        switch model {
        case let trees as BoostedTreeModel: [trees]
        case let pipeline as TrainedPipeline: Self.trees(in: pipeline.model)
        case let calibrated as CalibratedModel: Self.trees(in: calibrated.base)
        case let ensemble as EnsembleModel: ensemble.members.flatMap { Self.trees(in: $0) }
        default: []
        }
    }
}
