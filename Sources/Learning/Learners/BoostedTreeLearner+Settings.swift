import Statistics

/// The parameters in XGBoost's names.
extension BoostedTreeLearner {
    func settings(
        task: ModelTask, schema: FeatureSchema, baseScore: Float
    ) throws(LearningError) -> TreeSettings {
        let metric = try Self.metric(parameters.earlyStoppingMetric, task: task, quantile: parameters.quantile)
        var values = parameters.libraryValues
        // One number without brackets: the bracketed form of 3.x loads in 1.7 without an error, wrongly.
        values.append(("base_score", "\(baseScore)"))
        switch task {
        case .binary: values.append(("objective", "binary:logistic"))
        case .multiclass(let classes):
            values += [("objective", "multi:softprob"), ("num_class", "\(classes.count)")]
        // A quantile's gradients are our own; what is left of the objective is that values are not transformed.
        case .regression: values.append(("objective", "reg:squarederror"))
        }
        values.append(("eval_metric", metric.name))
        if let constraints = try parameters.monotoneConstraints(schema) {
            values.append(("monotone_constraints", constraints))
        }
        if parameters.quantile != nil, task != .regression {
            throw LearningError(
                .invalidParameter, "a quantile is asked for, but the task is not regression",
                advice: "Leave the quantile unset, or learn a numeric target.")
        }
        return TreeSettings(values: values, baseScore: baseScore, higherIsBetter: metric.higherIsBetter)
    }

    /// XGBoost's metric that puts models in the same order.
    private static func metric(
        _ metric: PerformanceMetric?, task: ModelTask, quantile: Double?
    ) throws(LearningError) -> (name: String, higherIsBetter: Bool) {
        switch (task, metric) {
        case (.regression, nil): return ("rmse", false)
        case (.regression, .pinball?) where quantile != nil: return ("rmse", false)
        case (.binary, nil), (.binary, .logLoss?): return ("logloss", false)
        case (.multiclass, nil), (.multiclass, .logLoss?): return ("mlogloss", false)
        case (.binary, .rocAUC?): return ("auc", true)
        case (.binary, .averagePrecision?): return ("aucpr", true)
        case (.binary, .accuracy?): return ("error", false)
        case (.binary, .brier?): return ("rmse", false)
        case (.multiclass, .accuracy?): return ("merror", false)
        case (.regression, .rmse?) where quantile == nil, (.regression, .mse?) where quantile == nil:
            return ("rmse", false)
        case (.regression, .mae?) where quantile == nil: return ("mae", false)
        case (.regression, .mape?) where quantile == nil: return ("mape", false)
        case (_, let metric?):
            throw LearningError(
                .invalidParameter, "early stopping cannot watch \(metric.rawValue) here",
                advice: "Leave earlyStoppingMetric unset, or take one of those its description names for the task.")
        }
    }
}

/// What a booster is set to, and which way its metric is better.
struct TreeSettings {
    let values: [(String, String)]
    let baseScore: Float
    let higherIsBetter: Bool
}

extension BoostingParameters {
    /// Without objective, metric and base score.
    var libraryValues: [(String, String)] {
        let isForest = kind == .randomForest
        var values = [
            ("tree_method", "hist"),
            ("eta", isForest ? "1" : "\(learningRate)"),
            ("max_depth", "\(maximumDepth)"),
            ("min_child_weight", "\(minimumChildWeight)"),
            ("subsample", "\(subsample)"),
            ("colsample_bytree", "\(columnSample)"),
            ("colsample_bylevel", "\(columnSampleByLevel)"),
            ("colsample_bynode", "\(columnSampleByNode)"),
            ("lambda", "\(lambda)"),
            ("alpha", "\(alpha)"),
            ("gamma", "\(gamma)"),
            ("max_bin", "\(maximumBins)"),
            ("seed", "\(seed)"),
            ("nthread", "\(threads)"),
        ]
        switch kind {
        case .depthWise: break
        case .leafWise: values += [("grow_policy", "lossguide"), ("max_leaves", "\(maximumLeaves)")]
        case .dart:
            values += [
                ("booster", "dart"), ("rate_drop", "\(dropRate)"), ("skip_drop", "\(dropSkip)"),
                ("one_drop", dropsAtLeastOne ? "1" : "0"),
            ]
        case .randomForest: values.append(("num_parallel_tree", "\(rounds)"))
        }
        return values
    }

    /// As many rounds as the library boosts.
    var boostingRounds: Int { kind == .randomForest ? 1 : rounds }

    /// One of 1, 0, -1 per feature, in XGBoost's form; `nil` without constraints.
    func monotoneConstraints(_ schema: FeatureSchema) throws(LearningError) -> String? {
        guard !monotone.isEmpty else { return nil }
        let kinds = Dictionary(uniqueKeysWithValues: schema.features.map { ($0.name, $0.kind) })
        for name in monotone.keys.sorted() {
            guard let kind = kinds[name] else {
                throw LearningError(
                    .unknownColumn, "there is a monotone constraint on \"\(name)\", which is no feature",
                    advice: "Take the constraint away, or the column in.")
            }
            guard kind != .categorical else {
                throw LearningError(
                    .invalidParameter, "there is a monotone constraint on \"\(name)\", whose categories have no order",
                    advice: "Take the constraint away, or encode the column as numbers.")
            }
        }
        let signs = schema.names.map { name in
            switch monotone[name] {
            case .increasing?: "1"
            case .decreasing?: "-1"
            case nil: "0"
            }
        }
        return "(" + signs.joined(separator: ",") + ")"
    }
}
