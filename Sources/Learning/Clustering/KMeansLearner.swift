import Statistics

/// k-means on numbers without missing cells (a boolean is 0 or 1); it says which preparation is wanted otherwise.
/// Distances are in the units of the columns: scale them first, unless they are of one kind.
public struct KMeansLearner: Codable, Sendable, Equatable {
    public var parameters: KMeansParameters

    public init(parameters: KMeansParameters = KMeansParameters()) { self.parameters = parameters }

    /// - Parameters:
    ///   - features: `nil` for all columns but the weight.
    ///   - weight: the column of row weights: finite, 0 or more; a missing one counts 1.
    ///   - centres: to start from, one row of numbers per cluster in the order of the features, instead of k-means++;
    ///     there
    ///     is one run then.
    /// - Throws: `LearningError`: fewer rows than clusters, no features, text, missing or infinite cells, a parameter
    ///   out of its range; `.cancelled`.
    public func fit(
        _ table: Table, features: [String]? = nil, weight: String? = nil, centres: [[Double]]? = nil,
        control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> KMeansModel {
        try parameters.validate()
        let names = try names(table, features, weight)
        let points = try points(table, names: names, weight: weight)
        try checkRows(points, clusters: parameters.clusters)
        return try fit(points, names: names, clusters: parameters.clusters, centres: centres, control)
    }

    /// Fits each number of clusters of the range and keeps the one with the greatest silhouette (the least of equals).
    /// - Returns: the model, and the silhouette and inertia of each number.
    public func fit(
        _ table: Table, choosing range: ClosedRange<Int>, features: [String]? = nil, weight: String? = nil,
        control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> (model: KMeansModel, choices: [KMeansChoice]) {
        for end in [range.lowerBound, range.upperBound] {
            var parameters = parameters
            parameters.clusters = end
            try parameters.validate()
        }
        try ParameterRange.require(range.lowerBound >= 2, "clusters", range.lowerBound, "2 or more, to choose from")
        let names = try names(table, features, weight)
        let points = try points(table, names: names, weight: weight)
        try checkRows(points, clusters: range.upperBound)
        var best: (model: KMeansModel, silhouette: Double)?
        var choices: [KMeansChoice] = []
        for clusters in range {
            let share = Double(clusters - range.lowerBound) / Double(range.count)
            control.progress(share, "\(clusters) clusters")
            let model = try fit(points, names: names, clusters: clusters, centres: nil, control)
            choices.append(KMeansChoice(clusters: clusters, silhouette: model.silhouette, inertia: model.inertia))
            let silhouette = model.silhouette ?? -.infinity
            if best.map({ silhouette > $0.silhouette }) ?? true { best = (model, silhouette) }
        }
        guard let best else { preconditionFailure("a closed range has a number") }
        return (best.model, choices)
    }

    private func names(_ table: Table, _ features: [String]?, _ weight: String?) throws(LearningError) -> [String] {
        let names = features ?? table.columnNames.filter { $0 != weight }
        guard !names.isEmpty else {
            throw LearningError(
                .noFeatures, "there is no feature to cluster by", advice: "Give a table with at least one column.")
        }
        return names
    }

    private func points(_ table: Table, names: [String], weight: String?) throws(LearningError) -> PointSet {
        let matrix = try NumericFeatures.training(table, names: names)
        let rows = Array(0..<table.rowCount)
        let weights = try RowWeights.samples(weight, of: table, rows: rows) ?? rows.map { _ in 1 }
        try RowWeights.check(weights)
        return PointSet(matrix, width: names.count, weights: weights)
    }

    private func checkRows(_ points: PointSet, clusters: Int) throws(LearningError) {
        guard points.count >= clusters else {
            throw LearningError(
                .noRows, "there are \(points.count) rows for \(clusters) clusters",
                advice: "Give at least as many rows as clusters.")
        }
    }

    private func fit(
        _ points: PointSet, names: [String], clusters: Int, centres: [[Double]]?, _ control: TrainingControl
    ) throws(LearningError) -> KMeansModel {
        var best: KMeansRun?
        if let centres {
            guard centres.count == clusters,
                centres.allSatisfy({ $0.count == names.count && $0.allSatisfy(\.isFinite) })
            else {
                throw LearningError(
                    .invalidParameter, "the first centres are not \(clusters) rows of \(names.count) finite numbers",
                    advice: "Give one centre per cluster, in the order of the features.")
            }
            let start = centres.flatMap { zip($0, points.means).map { $0 - $1 } }
            best = try KMeansRun.lloyd(points, from: start, parameters: parameters, control: control)
        } else {
            for restart in 0..<parameters.restarts {
                let seed = UInt64(parameters.seed) &+ UInt64(restart) << 32 &+ UInt64(clusters) << 48
                var generator = SplitMix(seed: SplitMix.mixed(seed))
                let start = try KMeansStart.centres(of: points, clusters: clusters, &generator, control: control)
                let run = try KMeansRun.lloyd(points, from: start, parameters: parameters, control: control)
                if run.inertia < best?.inertia ?? .infinity { best = run }
            }
        }
        guard let best else {
            throw LearningError(
                .invalidInput, "the distances leave the range of numbers",
                advice: "Add a preparation step that clips outliers or scales the columns.")
        }
        let silhouette = try Silhouette.mean(
            points, labels: best.labels, maximumRows: parameters.silhouetteRows, seed: parameters.seed, control: control
        )
        var sizes = [Int](repeating: 0, count: clusters)
        for label in best.labels { sizes[label] += 1 }
        var kept = parameters
        kept.clusters = clusters
        return KMeansModel(
            featureNames: names,
            centres: (0..<clusters).map { zip(best.centre($0, names.count), points.means).map { $0 + $1 } },
            sizes: sizes,
            inertia: best.inertia, silhouette: silhouette, iterations: best.iterations, isConverged: best.isConverged,
            rows: points.count, parameters: kept)
    }
}

/// How good a number of clusters is.
public struct KMeansChoice: Codable, Sendable, Equatable {
    public let clusters: Int
    /// `nil` if all rows are equal.
    public let silhouette: Double?
    public let inertia: Double
}
