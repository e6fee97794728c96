extension BoostingParameters {
    /// - Throws: `LearningError(.invalidParameter)` naming the first parameter out of its range.
    public func validate() throws(LearningError) {
        try require((1...100_000).contains(rounds), "rounds", "\(rounds)", "1 to 100,000")
        try require(learningRate > 0 && learningRate <= 1, "learningRate", "\(learningRate)", "above 0, at most 1")
        let leastDepth = kind == .leafWise ? 0 : 1
        try require((leastDepth...30).contains(maximumDepth), "maximumDepth", "\(maximumDepth)", "\(leastDepth) to 30")
        try require((2...65_536).contains(maximumLeaves), "maximumLeaves", "\(maximumLeaves)", "2 to 65,536")
        for (name, share) in [
            ("subsample", subsample), ("columnSample", columnSample), ("columnSampleByLevel", columnSampleByLevel),
            ("columnSampleByNode", columnSampleByNode),
        ] {
            try require(share > 0 && share <= 1, name, "\(share)", "above 0, at most 1")
        }
        for (name, value) in [
            ("minimumChildWeight", minimumChildWeight), ("lambda", lambda), ("alpha", alpha), ("gamma", gamma),
        ] {
            try require(value >= 0 && value.isFinite, name, "\(value)", "0 or more")
        }
        for (name, share) in [("dropRate", dropRate), ("dropSkip", dropSkip)] {
            try require(share >= 0 && share <= 1, name, "\(share)", "0 to 1")
        }
        try require((2...65_536).contains(maximumBins), "maximumBins", "\(maximumBins)", "2 to 65,536")
        try require(
            (1...65_536).contains(maximumCategories), "maximumCategories", "\(maximumCategories)", "1 to 65,536")
        try require(seed >= 0, "seed", "\(seed)", "0 or more")
        try require((1...1_024).contains(threads), "threads", "\(threads)", "1 to 1,024")
        if let stopping = earlyStoppingRounds {
            try require(stopping >= 1, "earlyStoppingRounds", "\(stopping)", "1 or more")
        }
        try validateForest()
        try validateQuantile()
    }

    private func validateForest() throws(LearningError) {
        guard kind == .randomForest else { return }
        let shares = [subsample, columnSample, columnSampleByLevel, columnSampleByNode]
        try require(
            rounds == 1 || shares.contains { $0 < 1 }, "subsample", "1, as are all shares of features",
            "less than 1 (0.8, say), or one of the column samples: every tree of the forest would be the same")
    }

    private func validateQuantile() throws(LearningError) {
        guard let quantile else { return }
        try require(quantile > 0 && quantile < 1, "quantile", "\(quantile)", "above 0, below 1")
        try require(
            kind == .depthWise || kind == .leafWise, "quantile", "\(quantile) with the kind \(kind.rawValue)",
            "nothing, or take depth-wise or leaf-wise trees")
        try require(
            monotone.isEmpty, "quantile", "\(quantile) with monotone constraints",
            "nothing, or take the constraints away: quantiles of leaves do not keep them")
    }

    private func require(_ holds: Bool, _ name: String, _ value: String, _ range: String) throws(LearningError) {
        if holds { return }
        throw LearningError(
            .invalidParameter, "the boosting parameter \(name) is \(value)", advice: "Set it to \(range).")
    }
}
