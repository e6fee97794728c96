public import Statistics

/// Gradient-boosted trees (XGBoost, `hist`): the same table, parameters and seed give the same model, byte by byte.
public struct BoostedTreeLearner: Sendable {
    public let parameters: BoostingParameters

    public init(parameters: BoostingParameters = BoostingParameters()) { self.parameters = parameters }

    /// Trains a model; blocks the calling thread until it is done.
    ///
    /// Rows without a target are left out (`BoostedTreeModel.rowsWithoutTarget` counts them). Missing cells are learned
    /// as such; categories are split as sets; infinities count as missing.
    /// - Parameters:
    ///   - features: the columns to learn from; `nil` for all but the target.
    ///   - validation: watched for early stopping; needed if `earlyStoppingRounds` is set, otherwise unused.
    /// - Throws: `LearningError`: no rows, no features, an unknown column, a target that is missing throughout, has one
    ///   class only, an unknown class, or is not finite, or a parameter out of its range.
    public func fit(
        _ table: Table, target: String, features: [String]? = nil, task: ModelTask, validation: Table? = nil
    ) throws(LearningError) -> BoostedTreeModel {
        try parameters.validate()
        try Self.validate(task)
        let names = features ?? table.columnNames.filter { $0 != target }
        guard !names.contains(target) else {
            throw LearningError(
                .invalidParameter, "the target \"\(target)\" is among the features",
                advice: "Take it out of the list of features.")
        }
        let encoded = try EncodedTarget(table.column(named: target), task: task)
        let learnable = encoded.rows.count == table.rowCount ? table : table.rows(encoded.rows)
        let schema = try FeatureSchema.fit(
            learnable, names: names, maximumCategories: parameters.maximumCategories)

        try LibraryCall.silence()
        let training = try matrix(learnable, encoded, schema)
        let settings = self.settings(task: task, baseScore: encoded.baseScore)
        let booster: Booster
        if let patience = parameters.earlyStoppingRounds {
            guard let validation else {
                throw LearningError(
                    .invalidParameter, "early stopping is on, but there is no validation table",
                    advice: "Give a validation table, or leave earlyStoppingRounds unset.")
            }
            let target = try validationTarget(validation.column(named: target), task: task)
            let watched = try matrix(validation.rows(target.rows), target, schema)
            booster = try stopEarly(training: training, validation: watched, settings: settings, patience: patience)
        } else {
            booster = try Booster.untrained(on: training, settings: settings)
            for round in 0..<parameters.rounds { try booster.update(round: round, training: training) }
        }
        try booster.describe(schema)
        let ubj = try booster.ubj()
        let header = ModelHeader(
            schema: schema, task: task, target: target, negativeLabel: encoded.negativeLabel, parameters: parameters,
            rows: encoded.rows.count, rowsWithoutTarget: table.rowCount - encoded.rows.count)
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

    private func matrix(
        _ table: Table, _ target: EncodedTarget, _ schema: FeatureSchema
    ) throws(LearningError) -> TrainingMatrix {
        var counts = AlignmentCounts()
        let cells = FeatureEncoder(schema: schema).encode(table, rows: 0..<table.rowCount, counts: &counts)
        return try TrainingMatrix.filled(
            matrix: cells, labels: target.labels, schema: schema, threads: parameters.threads)
    }

    /// The validation part may hold one class only: that is no reason not to train.
    private func validationTarget(_ column: TableColumn, task: ModelTask) throws(LearningError) -> EncodedTarget {
        do {
            return try EncodedTarget(column, task: task, allowsOneClass: true)
        } catch {
            throw LearningError(error.code, "validation table: \(error.message)", advice: error.advice)
        }
    }

    private func stopEarly(
        training: borrowing TrainingMatrix, validation: borrowing TrainingMatrix, settings: [(String, String)],
        patience: Int
    ) throws(LearningError) -> Booster {
        let booster = try Booster.untrained(on: training, watching: validation, settings: settings)
        var best = (round: 0, loss: Double.infinity)
        var grown = 0
        for round in 0..<parameters.rounds {
            try booster.update(round: round, training: training)
            grown = round + 1
            let loss = try booster.evaluate(round: round, on: validation)
            if loss < best.loss { best = (round, loss) }
            if round - best.round >= patience { break }
        }
        guard best.round + 1 < grown else { return booster }
        return try booster.slice(rounds: best.round + 1)
    }

    private func settings(task: ModelTask, baseScore: Float) -> [(String, String)] {
        var settings = [
            ("tree_method", "hist"),
            ("eta", "\(parameters.learningRate)"),
            ("max_depth", "\(parameters.maximumDepth)"),
            ("min_child_weight", "\(parameters.minimumChildWeight)"),
            ("subsample", "\(parameters.subsample)"),
            ("colsample_bytree", "\(parameters.columnSample)"),
            ("lambda", "\(parameters.lambda)"),
            ("max_bin", "\(parameters.maximumBins)"),
            ("seed", "\(parameters.seed)"),
            ("nthread", "\(parameters.threads)"),
            // One number without brackets: the bracketed form of 3.x loads in 1.7 without an error, wrongly.
            ("base_score", "\(baseScore)"),
        ]
        switch task {
        case .binary: settings += [("objective", "binary:logistic"), ("eval_metric", "logloss")]
        case .multiclass(let classes):
            settings += [
                ("objective", "multi:softprob"), ("num_class", "\(classes.count)"), ("eval_metric", "mlogloss"),
            ]
        case .regression: settings += [("objective", "reg:squarederror"), ("eval_metric", "rmse")]
        }
        return settings
    }
}
