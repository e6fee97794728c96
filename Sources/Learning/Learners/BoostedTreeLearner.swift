public import Statistics

/// Trees boosted or bagged by XGBoost (`hist`): the same table, parameters and seed give the same model, byte by byte.
public struct BoostedTreeLearner: Learner {
    public let parameters: BoostingParameters

    public init(parameters: BoostingParameters = BoostingParameters()) { self.parameters = parameters }

    /// Trains a model; blocks the calling thread until it is done. As `train(_:problem:validation:control:)`, with rows
    /// that all count alike.
    /// - Parameter features: the columns to learn from; `nil` for all but the target.
    public func fit(
        _ table: Table, target: String, features: [String]? = nil, task: ModelTask, validation: Table? = nil
    ) throws(LearningError) -> BoostedTreeModel {
        try train(
            table, problem: LearningProblem(task: task, target: target, features: features), validation: validation)
    }

    public func fit(
        _ table: Table, problem: LearningProblem, validation: Table?, control: TrainingControl
    ) throws(LearningError) -> any TrainedModel {
        try train(table, problem: problem, validation: validation, control: control)
    }

    /// Trains a model; blocks the calling thread until it is done, and can be cancelled between rounds, of which
    /// a forest has one.
    ///
    /// Rows without a target are left out (`BoostedTreeModel.rowsWithoutTarget` counts them). Missing cells are learned
    /// as such; categories are split as sets; infinities count as missing.
    /// - Parameter validation: watched for early stopping; needed if `earlyStoppingRounds` is set, otherwise unused. Its
    ///   rows weigh as those of the training table.
    /// - Throws: `LearningError`: no rows, no features, an unknown column, a target that is missing throughout, has one
    ///   class only, an unknown class, or is not finite, a weight below 0, a parameter out of its range, or `.cancelled`.
    public func train(
        _ table: Table, problem: LearningProblem, validation: Table? = nil, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> BoostedTreeModel {
        try parameters.validate()
        let learnable = try BoostedTable(
            table, problem: problem, maximumCategories: parameters.maximumCategories, threads: parameters.threads)
        // The model is the one its bytes give, so that it cannot differ from a reloaded one.
        return try BoostedTreeModel(
            header: header(of: learnable), ubj: grow(on: learnable, validation: validation, control: control))
    }

    /// XGBoost's bytes of a model of the table.
    /// - Precondition: the parameters are valid, and the table was made with their number of categories.
    func grow(
        on table: BoostedTable, validation: Table? = nil, control: TrainingControl
    ) throws(LearningError) -> [UInt8] {
        let settings = try self.settings(task: table.problem.task, schema: table.schema, baseScore: baseScore(table))
        var watched: TrainingRows?
        if parameters.earlyStoppingRounds != nil, parameters.kind != .randomForest {
            watched = try watchedRows(validation, table)
        }
        // A table that was made on another thread has silenced the library there only.
        try LibraryCall.silence()
        let growth = TreeGrowth(parameters: parameters, settings: settings, control: control)
        return try growth.model(on: table.rows, watching: watched, schema: table.schema)
    }

    func header(of table: BoostedTable) -> ModelHeader {
        ModelHeader(
            schema: table.schema, task: table.problem.task, target: table.problem.target,
            negativeLabel: table.target.negativeLabel, parameters: parameters, rows: table.target.rows.count,
            rowsWithoutTarget: table.rowsWithoutTarget)
    }

    private func watchedRows(
        _ validation: Table?, _ training: BoostedTable
    ) throws(LearningError) -> TrainingRows {
        guard let validation else {
            throw LearningError(
                .invalidParameter, "early stopping is on, but there is no validation table",
                advice: "Give a validation table, or leave earlyStoppingRounds unset.")
        }
        do {
            return try training.watched(validation, threads: parameters.threads)
        } catch {
            throw LearningError(error.code, "validation table: \(error.message)", advice: error.advice)
        }
    }

    /// XGBoost's `base_score`: the mean, the share of positives or the quantile; of a forest of classes ½, where a Newton
    /// step is gentlest.
    private func baseScore(_ table: BoostedTable) throws(LearningError) -> Float {
        if let quantile = parameters.quantile {
            return WeightedQuantile.value(of: table.rows.labels, weights: table.rows.weights, quantile: quantile)
        }
        if parameters.kind == .randomForest, table.problem.task != .regression { return 0.5 }
        guard let weights = table.rows.weights else { return table.target.baseScore }
        return try table.target.baseScore(weights: weights)
    }
}
