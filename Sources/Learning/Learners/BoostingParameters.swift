/// How boosted trees are grown. The names XGBoost gives these are in each line; its documentation is their source.
public struct BoostingParameters: Codable, Sendable, Equatable {
    /// Boosting rounds (trees, or trees per class).
    public var rounds = 200
    /// `eta`, (0, 1].
    public var learningRate = 0.1
    /// `max_depth`, 1…30.
    public var maximumDepth = 6
    /// `min_child_weight`: the least sum of hessians in a leaf.
    public var minimumChildWeight = 1.0
    /// `subsample`: the share of rows each tree sees, (0, 1].
    public var subsample = 1.0
    /// `colsample_bytree`: the share of features each tree sees, (0, 1].
    public var columnSample = 1.0
    /// `lambda`: the L2 penalty on leaf weights.
    public var lambda = 1.0
    /// `max_bin` of the histograms, 2…65,536.
    public var maximumBins = 256
    /// Categories kept per column, the most frequent ones; cells of the others count as missing.
    public var maximumCategories = 256
    public var seed = 0
    /// `nthread`. Above 1, start the process with `OMP_WAIT_POLICY=PASSIVE` in its environment: OpenMP reads it when
    /// the library is loaded, before any code of ours, and without it waiting threads spin (a busy machine then trains
    /// many times slower).
    public var threads = 1
    /// Rounds without improvement on the validation table after which training stops and keeps the best round.
    public var earlyStoppingRounds: Int?

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

    /// Absent keys take the defaults, so that a configuration names only what it changes.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        rounds = try values.decodeIfPresent(Int.self, forKey: .rounds) ?? rounds
        learningRate = try values.decodeIfPresent(Double.self, forKey: .learningRate) ?? learningRate
        maximumDepth = try values.decodeIfPresent(Int.self, forKey: .maximumDepth) ?? maximumDepth
        minimumChildWeight = try values.decodeIfPresent(Double.self, forKey: .minimumChildWeight) ?? minimumChildWeight
        subsample = try values.decodeIfPresent(Double.self, forKey: .subsample) ?? subsample
        columnSample = try values.decodeIfPresent(Double.self, forKey: .columnSample) ?? columnSample
        lambda = try values.decodeIfPresent(Double.self, forKey: .lambda) ?? lambda
        maximumBins = try values.decodeIfPresent(Int.self, forKey: .maximumBins) ?? maximumBins
        maximumCategories = try values.decodeIfPresent(Int.self, forKey: .maximumCategories) ?? maximumCategories
        seed = try values.decodeIfPresent(Int.self, forKey: .seed) ?? seed
        threads = try values.decodeIfPresent(Int.self, forKey: .threads) ?? threads
        earlyStoppingRounds = try values.decodeIfPresent(Int.self, forKey: .earlyStoppingRounds)
    }

    /// - Throws: `LearningError(.invalidParameter)` naming the first parameter out of its range.
    public func validate() throws(LearningError) {
        try require((1...100_000).contains(rounds), "rounds", "\(rounds)", "1 to 100,000")
        try require(learningRate > 0 && learningRate <= 1, "learningRate", "\(learningRate)", "above 0, at most 1")
        try require((1...30).contains(maximumDepth), "maximumDepth", "\(maximumDepth)", "1 to 30")
        try require(
            minimumChildWeight >= 0 && minimumChildWeight.isFinite, "minimumChildWeight", "\(minimumChildWeight)",
            "0 or more")
        try require(subsample > 0 && subsample <= 1, "subsample", "\(subsample)", "above 0, at most 1")
        try require(columnSample > 0 && columnSample <= 1, "columnSample", "\(columnSample)", "above 0, at most 1")
        try require(lambda >= 0 && lambda.isFinite, "lambda", "\(lambda)", "0 or more")
        try require((2...65_536).contains(maximumBins), "maximumBins", "\(maximumBins)", "2 to 65,536")
        try require(
            (1...65_536).contains(maximumCategories), "maximumCategories", "\(maximumCategories)", "1 to 65,536")
        try require(seed >= 0, "seed", "\(seed)", "0 or more")
        try require((1...1_024).contains(threads), "threads", "\(threads)", "1 to 1,024")
        if let stopping = earlyStoppingRounds {
            try require(stopping >= 1, "earlyStoppingRounds", "\(stopping)", "1 or more")
        }
    }

    private func require(_ holds: Bool, _ name: String, _ value: String, _ range: String) throws(LearningError) {
        if holds { return }
        throw LearningError(
            .invalidParameter, "the boosting parameter \(name) is \(value)", advice: "Set it to \(range).")
    }
}
