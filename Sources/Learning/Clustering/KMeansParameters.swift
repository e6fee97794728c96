/// How k-means clusters.
public struct KMeansParameters: Codable, Sendable, Equatable {
    public var clusters = 8
    /// Runs from different starts; the one with the smallest inertia is kept (the first of equals).
    public var restarts = 10
    /// Of Lloyd's algorithm, in each run.
    public var maximumIterations = 300
    /// A run ends when no row changes its cluster, or when the squared moves of all centres add up to no more than
    /// this, times the mean variance of the columns.
    public var tolerance = 1e-4
    /// Rows that a silhouette is computed on: all up to so many, else so many drawn with the seed.
    public var silhouetteRows = 2_000
    public var seed = 0

    public init(clusters: Int = 8, restarts: Int = 10, seed: Int = 0) {
        self.clusters = clusters
        self.restarts = restarts
        self.seed = seed
    }

    /// Absent keys take the defaults, so that a configuration names only what it changes.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        clusters = try values.decodeIfPresent(Int.self, forKey: .clusters) ?? clusters
        restarts = try values.decodeIfPresent(Int.self, forKey: .restarts) ?? restarts
        maximumIterations = try values.decodeIfPresent(Int.self, forKey: .maximumIterations) ?? maximumIterations
        tolerance = try values.decodeIfPresent(Double.self, forKey: .tolerance) ?? tolerance
        silhouetteRows = try values.decodeIfPresent(Int.self, forKey: .silhouetteRows) ?? silhouetteRows
        seed = try values.decodeIfPresent(Int.self, forKey: .seed) ?? seed
    }

    /// - Throws: `LearningError(.invalidParameter)` naming the first parameter out of its range.
    public func validate() throws(LearningError) {
        try ParameterRange.require((1...1_024).contains(clusters), "clusters", clusters, "1 to 1,024")
        try ParameterRange.require((1...1_000).contains(restarts), "restarts", restarts, "1 to 1,000")
        try ParameterRange.require(
            (1...100_000).contains(maximumIterations), "maximumIterations", maximumIterations, "1 to 100,000")
        try ParameterRange.require(tolerance >= 0 && tolerance < 1, "tolerance", tolerance, "at least 0 and below 1")
        try ParameterRange.require(
            (2...20_000).contains(silhouetteRows), "silhouetteRows", silhouetteRows, "2 to 20,000")
        try ParameterRange.require(seed >= 0, "seed", seed, "0 or more")
    }
}
