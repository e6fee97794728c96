public import Statistics

/// How boosted trees are grown. The names XGBoost gives these are in each line; its documentation is their source.
public struct BoostingParameters: Codable, Sendable, Equatable {
    /// What kind of ensemble the trees make.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Boosting; each tree grows level by level to `maximumDepth`.
        case depthWise = "depth_wise"
        /// Boosting; each tree splits the leaf that gains most (`grow_policy` `lossguide`) up to `maximumLeaves`.
        case leafWise = "leaf_wise"
        /// Boosting, depth-wise, with trees dropped out at random (Rashmi and Gilad-Bachrach 2015).
        case dart
        /// `rounds` trees side by side in one round (`num_parallel_tree`), each on a sample of rows and features. Start
        /// from ``BoostingParameters/randomForest(trees:maximumDepth:seed:)``. As in XGBoost's `XGBRFClassifier` a
        /// leaf is one Newton step, so that probabilities are drawn towards ½: calibrate them where they matter.
        case randomForest = "random_forest"
    }

    /// The way in which the prediction may change when a feature grows and everything else stays.
    public enum Monotonicity: String, Codable, Sendable, CaseIterable {
        case increasing, decreasing
    }

    public var kind = Kind.depthWise
    /// Boosting rounds (trees, or trees per class); of a forest, its trees.
    public var rounds = 200
    /// `eta`, (0, 1]. A forest has no use for it.
    public var learningRate = 0.1
    /// `max_depth`, 1…30; leaf-wise also 0 for no limit.
    public var maximumDepth = 6
    /// `max_leaves`, 2…65,536: leaf-wise only.
    public var maximumLeaves = 31
    /// `min_child_weight`: the least sum of hessians in a leaf.
    public var minimumChildWeight = 1.0
    /// `subsample`: the share of rows each tree sees, (0, 1].
    public var subsample = 1.0
    /// `colsample_bytree`: the share of features each tree sees, (0, 1].
    public var columnSample = 1.0
    /// `colsample_bylevel`: the share of those that each level sees, (0, 1].
    public var columnSampleByLevel = 1.0
    /// `colsample_bynode`: the share of those that each split sees, (0, 1].
    public var columnSampleByNode = 1.0
    /// `lambda`: the L2 penalty on leaf weights.
    public var lambda = 1.0
    /// `alpha`: the L1 penalty on leaf weights.
    public var alpha = 0.0
    /// `gamma`: the least loss that a split must remove.
    public var gamma = 0.0
    /// `max_bin` of the histograms, 2…65,536.
    public var maximumBins = 256
    /// Categories kept per column, the most frequent ones; cells of the others count as missing.
    public var maximumCategories = 256
    /// `rate_drop` of DART: the share of earlier trees left out of a round, 0…1.
    public var dropRate = 0.1
    /// `skip_drop` of DART: the chance that a round drops none, 0…1.
    public var dropSkip = 0.5
    /// `one_drop` of DART: a round that drops drops at least one tree.
    public var dropsAtLeastOne = false
    /// `monotone_constraints`, by feature; not of categorical features.
    public var monotone: [String: Monotonicity] = [:]
    /// Regression: the quantile to predict, (0, 1), in place of the mean (see `QuantileGrowth`).
    public var quantile: Double?
    public var seed = 0
    /// `nthread`. Above 1, start the process with `OMP_WAIT_POLICY=PASSIVE` in its environment: OpenMP reads it when
    /// the library is loaded, before any code of ours, and without it waiting threads spin (a busy machine then trains
    /// many times slower).
    public var threads = 1
    /// Rounds without improvement on the validation table after which training stops and keeps the best round. A
    /// forest, which has one round, ignores it.
    public var earlyStoppingRounds: Int?
    /// What early stopping watches: of two classes the log loss (if unset), ROC AUC, average precision, accuracy or Brier
    /// score; of several the log loss or accuracy; of regression RMSE (if unset), MSE, MAE or MAPE. A quantile is always
    /// judged by its pinball loss.
    public var earlyStoppingMetric: PerformanceMetric?

    public init() {}

    public init(
        rounds: Int = 200, learningRate: Double = 0.1, maximumDepth: Int = 6, seed: Int = 0,
        earlyStoppingRounds: Int? = nil
    ) {
        self.rounds = rounds
        self.learningRate = learningRate
        self.maximumDepth = maximumDepth
        self.seed = seed
        self.earlyStoppingRounds = earlyStoppingRounds
    }

    /// A random forest with the samples and the penalty of XGBoost's `XGBRFClassifier` (four fifths of the rows for a
    /// tree and of the features for a split, `lambda` 10⁻⁵), but deeper trees, as forests have.
    public static func randomForest(trees: Int = 100, maximumDepth: Int = 12, seed: Int = 0) -> BoostingParameters {
        var parameters = BoostingParameters(
            rounds: trees, learningRate: 1, maximumDepth: maximumDepth, seed: seed)
        parameters.kind = .randomForest
        parameters.subsample = 0.8
        parameters.columnSampleByNode = 0.8
        parameters.lambda = 1e-5
        return parameters
    }
}

extension BoostingParameters {
    /// Absent keys take the defaults (of a forest, those of ``randomForest(trees:maximumDepth:seed:)``), so that a
    /// configuration names only what it changes, and the models of older programs can be read.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try values.decodeIfPresent(Kind.self, forKey: .kind) ?? .depthWise
        self = kind == .randomForest ? .randomForest() : BoostingParameters()
        self.kind = kind
        func take<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
            value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try take(.rounds, &rounds)
        try take(.learningRate, &learningRate)
        try take(.maximumDepth, &maximumDepth)
        try take(.maximumLeaves, &maximumLeaves)
        try take(.minimumChildWeight, &minimumChildWeight)
        try take(.subsample, &subsample)
        try take(.columnSample, &columnSample)
        try take(.columnSampleByLevel, &columnSampleByLevel)
        try take(.columnSampleByNode, &columnSampleByNode)
        try take(.lambda, &lambda)
        try take(.alpha, &alpha)
        try take(.gamma, &gamma)
        try take(.maximumBins, &maximumBins)
        try take(.maximumCategories, &maximumCategories)
        try take(.dropRate, &dropRate)
        try take(.dropSkip, &dropSkip)
        try take(.dropsAtLeastOne, &dropsAtLeastOne)
        try take(.monotone, &monotone)
        try take(.seed, &seed)
        try take(.threads, &threads)
        quantile = try values.decodeIfPresent(Double.self, forKey: .quantile)
        earlyStoppingRounds = try values.decodeIfPresent(Int.self, forKey: .earlyStoppingRounds)
        earlyStoppingMetric = try values.decodeIfPresent(PerformanceMetric.self, forKey: .earlyStoppingMetric)
    }
}
