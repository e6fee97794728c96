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
        try Self.validate(problem.task)
        let names = try problem.featureNames(in: table)
        let encoded = try EncodedTarget(table.column(named: problem.target), task: problem.task)
        let learnable = encoded.rows.count == table.rowCount ? table : table.rows(encoded.rows)
        let schema = try FeatureSchema.fit(
            learnable, names: names, maximumCategories: parameters.maximumCategories)
        let weighting = try RowWeighting(problem, target: encoded)
        let weights = try weighting.weights(learnable, target: encoded)
        let settings = try self.settings(
            task: problem.task, schema: schema, baseScore: baseScore(encoded, task: problem.task, weights: weights))

        try LibraryCall.silence()
        let training = try rows(learnable, encoded, schema, weights)
        var watched: TrainingRows?
        if parameters.earlyStoppingRounds != nil, parameters.kind != .randomForest {
            watched = try watchedRows(validation, problem: problem, schema: schema, weighting: weighting)
        }
        let growth = TreeGrowth(parameters: parameters, settings: settings, control: control)
        let ubj = try growth.model(on: training, watching: watched, schema: schema)
        let header = ModelHeader(
            schema: schema, task: problem.task, target: problem.target, negativeLabel: encoded.negativeLabel,
            parameters: parameters, rows: encoded.rows.count, rowsWithoutTarget: table.rowCount - encoded.rows.count)
        // The model is the one its bytes give, so that it cannot differ from a reloaded one.
        return try BoostedTreeModel(header: header, ubj: ubj)
    }

    private static func validate(_ task: ModelTask) throws(LearningError) {
        guard case .multiclass(let classes) = task else { return }
        guard classes.count > 1, Set(classes.map(NumberText.canonical)).count == classes.count else {
            throw LearningError(
                .invalidParameter, "the classes are \(classes)", advice: "Name at least two different classes.")
        }
    }

    private func rows(
        _ table: Table, _ target: EncodedTarget, _ schema: FeatureSchema, _ weights: [Float]?
    ) throws(LearningError) -> TrainingRows {
        var counts = AlignmentCounts()
        let cells = FeatureEncoder(schema: schema).encode(table, rows: 0..<table.rowCount, counts: &counts)
        return try TrainingRows(
            cells: cells, labels: target.labels, weights: weights, schema: schema, threads: parameters.threads)
    }

    private func watchedRows(
        _ validation: Table?, problem: LearningProblem, schema: FeatureSchema, weighting: RowWeighting
    ) throws(LearningError) -> TrainingRows {
        guard let validation else {
            throw LearningError(
                .invalidParameter, "early stopping is on, but there is no validation table",
                advice: "Give a validation table, or leave earlyStoppingRounds unset.")
        }
        do throws(LearningError) {
            // The validation part may hold one class only: that is no reason not to train.
            let target = try EncodedTarget(
                validation.column(named: problem.target), task: problem.task, allowsOneClass: true)
            let known = validation.rows(target.rows)
            return try rows(known, target, schema, weighting.weights(known, target: target))
        } catch {
            throw LearningError(error.code, "validation table: \(error.message)", advice: error.advice)
        }
    }

    /// XGBoost's `base_score`: the mean, the share of positives or the quantile; of a forest of classes ½, where a Newton
    /// step is gentlest.
    private func baseScore(
        _ target: EncodedTarget, task: ModelTask, weights: [Float]?
    ) throws(LearningError) -> Float {
        if let quantile = parameters.quantile {
            return WeightedQuantile.value(of: target.labels, weights: weights, quantile: quantile)
        }
        if parameters.kind == .randomForest, task != .regression { return 0.5 }
        guard let weights else { return target.baseScore }
        return try target.baseScore(weights: weights)
    }
}
