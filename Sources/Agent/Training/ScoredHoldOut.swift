import Learning
import Statistics

/// A model's predictions of the hold-out, measured as `tidewatch metrics` measures a scored table.
struct ScoredHoldOut {
    let said: Predictions
    let report: MetricsReport
    /// Binary only.
    let lift: LiftTable?

    private static let score = "\u{1}score"

    init(_ model: any TrainedModel, holdout: Table, options: TrainOptions, threshold: Double?) throws {
        let said = try model.predict(holdout)
        let target = try holdout.asked(options.target ?? "", option: "--target")
        var question = MetricsOptions(path: options.dataPath, label: target.name)
        question.segments = options.segments
        question.protected = options.protected
        var columns: [TableColumn] = []
        var lift: LiftTable?
        switch said.task {
        case .binary(let positive):
            let outcomes = target.matches(positive)
            columns = [TableColumn(name: Self.score, numbers: said.probabilities)]
            question.task = .binary
            question.positive = positive
            question.scores = [Self.score]
            question.threshold = threshold ?? 0.5
            question.costs = options.costs
            lift = LiftTable(scores: said.probabilities, labels: outcomes)
        case .multiclass(let classes):
            question.task = .multiclass
            for (index, name) in classes.enumerated() {
                let column = "\(Self.score)\(index)"
                columns.append(
                    TableColumn(
                        name: column,
                        numbers: (0..<said.rowCount).map { said.probabilities[$0 * classes.count + index] }))
                question.scores.append("\(name)=\(column)")
            }
        case .regression:
            question.task = .regression
            question.prediction = Self.score
            columns = [TableColumn(name: Self.score, numbers: said.values)]
        }
        self.said = said
        self.lift = lift
        report = try MetricsEngine.run(try Table(columns: holdout.columns + columns), question)
    }
}

extension TableColumn {
    /// Whether each cell is the label, in whatever form (`1`, `1.0`, `true`).
    func matches(_ label: String) -> [Bool] {
        let spelt = ["1": ["1", "true"], "true": ["1", "true"], "0": ["0", "false"], "false": ["0", "false"]]
        let accepted = Set(spelt[label] ?? [label])
        return (0..<count).map { text(at: $0).map(accepted.contains) ?? false }
    }
}
