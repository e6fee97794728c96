import Statistics

/// k-means behind the preparation that it needs, both fitted together on a raw table.
public struct ClusterLearner: Codable, Sendable, Equatable {
    public var preparation: Preparation
    /// The number of clusters is overridden by what is asked of `fit`.
    public var parameters: KMeansParameters

    /// The number of clusters is chosen on so many rows, drawn with the seed, and the model fitted on all.
    public static let choiceRows = 20_000

    /// Not a name that a column of a file can have.
    private static let noTarget = "\u{0}"

    public init(preparation: Preparation = Self.usual, parameters: KMeansParameters = KMeansParameters()) {
        self.preparation = preparation
        self.parameters = parameters
    }

    /// Numbers without gaps and of one scale: filled with the median, categories as yes and no, standardised.
    public static let usual = Preparation(steps: [
        .impute(Imputation(columns: .numeric, strategy: .median)),
        .impute(Imputation(columns: .boolean, strategy: .mostFrequent)),
        .encode(CategoryEncoding(columns: .categorical, method: .oneHot(maximumCategories: 20))),
        .scale(Scaling(columns: .numeric, method: .standard)),
    ])

    /// - Parameters:
    ///   - features: the columns to cluster by.
    ///   - weight: as of `KMeansLearner.fit`; the preparation honours it too.
    ///   - range: the numbers of clusters to choose from by their silhouette; one number for no choice.
    /// - Returns: the model, and the silhouette and inertia of each number that was tried.
    /// - Throws: `LearningError`: fewer rows than clusters, no features, a parameter out of its range; `.cancelled`.
    public func fit(
        _ table: Table, features: [String], weight: String? = nil, choosing range: ClosedRange<Int>,
        control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> (model: ClusterModel, choices: [KMeansChoice]) {
        let problem = LearningProblem(
            task: .regression, target: Self.noTarget, features: features, weight: weight)
        let (fitted, prepared) = try preparation.fit(
            table, problem: problem, seed: UInt64(parameters.seed), control: control)
        let names = fitted.featureNames
        var learner = KMeansLearner(parameters: parameters)
        learner.parameters.clusters = range.lowerBound
        if range.count == 1 {
            let found = try learner.fit(prepared, features: names, weight: weight, control: control)
            let choice = KMeansChoice(
                clusters: range.lowerBound, silhouette: found.silhouette, inertia: found.inertia)
            return (ClusterModel(preparation: fitted, clusters: found), [choice])
        }
        let isSampled = prepared.rowCount > Self.choiceRows
        let (chosen, choices) = try learner.fit(
            isSampled ? sample(prepared) : prepared, choosing: range, features: names, weight: weight,
            control: control)
        guard isSampled else { return (ClusterModel(preparation: fitted, clusters: chosen), choices) }
        learner.parameters.clusters = chosen.centres.count
        let found = try learner.fit(prepared, features: names, weight: weight, control: control)
        return (ClusterModel(preparation: fitted, clusters: found), choices)
    }

    private func sample(_ table: Table) -> Table {
        var generator = SplitMix(seed: SplitMix.mixed(UInt64(parameters.seed) &+ 3))
        let rows = (0..<table.rowCount).shuffled(using: &generator).prefix(Self.choiceRows)
        return table.rows(rows.sorted())
    }
}

/// Clusters with the preparation in front of them: takes raw tables, as production has them.
public struct ClusterModel: Sendable, Equatable {
    /// `nil` of clusters of prepared numbers.
    public let preparation: FittedPreparation?
    public let clusters: KMeansModel

    public init(preparation: FittedPreparation?, clusters: KMeansModel) {
        self.preparation = preparation
        self.clusters = clusters
    }

    /// The columns it reads.
    public var featureNames: [String] { preparation?.inputNames ?? clusters.featureNames }

    /// The nearest centre of every row, in the prepared columns. What does not fit the preparation counts as missing.
    public func assign(
        _ table: Table, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> KMeansAssignment {
        guard let preparation else { return try clusters.assign(table, control: control) }
        var state = PreparationState()
        let (prepared, counts) = try preparation.apply(table, state: &state)
        var found = try clusters.assign(prepared, control: control)
        found.alignment.absentColumns += counts.absentColumns
        found.alignment.unseenCategories += counts.unseenCategories
        found.alignment.unreadable += counts.unreadable
        found.alignment.outOfRange += counts.outOfRange
        return found
    }

    /// Each centre as the columns would show it: scaled numbers in their own units, of a category the share of rows that
    /// have it.
    public func centresInUnits() throws(LearningError) -> [[(name: String, value: Double)]] {
        let names = clusters.featureNames
        let columns = names.indices.map { index in
            TableColumn(name: names[index], numbers: clusters.centres.map { $0[index] })
        }
        let undone = try preparation?.inverse(Table(columns: columns))
        return clusters.centres.indices.map { cluster in
            names.indices.map { index in
                let name = names[index]
                // One-hot columns are gone where they were turned back; their centres are shares already.
                return (name, undone?[name]?.number(at: cluster) ?? clusters.centres[cluster][index])
            }
        }
    }

    /// A pipeline's container around the two, or that of the clusters alone. Equal models, equal bytes.
    public func serialized() throws(LearningError) -> [UInt8] {
        guard let preparation else { return try clusters.serialized() }
        return try TrainedPipeline.container.pack(true, parts: [preparation.serialized(), clusters.serialized()])
    }
}
