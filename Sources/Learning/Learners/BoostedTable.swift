import Statistics

/// A training table in the form that XGBoost takes. Of the parameters only the number of categories changes it, so that
/// made once it serves any number of trainings: the library also keeps its bins with it.
final class BoostedTable {
    let problem: LearningProblem
    let schema: FeatureSchema
    let target: EncodedTarget
    let rows: TrainingRows
    let rowsWithoutTarget: Int
    private let weighting: RowWeights

    /// - Throws: `LearningError` for a table that nothing can be learned from.
    init(
        _ table: Table, problem: LearningProblem, maximumCategories: Int, threads: Int
    ) throws(LearningError) {
        try Self.validate(problem.task)
        let names = try problem.featureNames(in: table)
        self.problem = problem
        target = try EncodedTarget(table.column(named: problem.target), task: problem.task)
        let learnable = target.rows.count == table.rowCount ? table : table.rows(target.rows)
        schema = try FeatureSchema.fit(learnable, names: names, maximumCategories: maximumCategories)
        weighting = try RowWeights(problem, target: target)
        rows = try Self.rows(
            learnable, target, schema, weighting.weights(of: table, target: target), threads: threads)
        rowsWithoutTarget = table.rowCount - target.rows.count
    }

    /// The rows of a validation table, which weigh as those of the training table.
    func watched(_ validation: Table, threads: Int) throws(LearningError) -> TrainingRows {
        // It may hold one class only: that is no reason not to train.
        let target = try EncodedTarget(
            validation.column(named: problem.target), task: problem.task, allowsOneClass: true)
        return try Self.rows(
            validation.rows(target.rows), target, schema, weighting.weights(of: validation, target: target),
            threads: threads)
    }

    private static func rows(
        _ table: Table, _ target: EncodedTarget, _ schema: FeatureSchema, _ weights: [Double]?, threads: Int
    ) throws(LearningError) -> TrainingRows {
        try LibraryCall.silence()
        var counts = AlignmentCounts()
        let cells = FeatureEncoder(schema: schema).encode(table, rows: 0..<table.rowCount, counts: &counts)
        return try TrainingRows(
            cells: cells, labels: target.labels, weights: weights.map { $0.map { Float($0) } }, schema: schema,
            threads: threads)
    }

    private static func validate(_ task: ModelTask) throws(LearningError) {
        guard case .multiclass(let classes) = task else { return }
        guard classes.count > 1, Set(classes.map(NumberText.canonical)).count == classes.count else {
            throw LearningError(
                .invalidParameter, "the classes are \(classes)", advice: "Name at least two different classes.")
        }
    }
}
