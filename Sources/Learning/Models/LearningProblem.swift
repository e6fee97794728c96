public import Statistics

/// What is to be learned from a table, whatever the learner.
public struct LearningProblem: Codable, Sendable, Equatable {
    /// How much the rows of a class count.
    public enum ClassWeights: Codable, Sendable, Equatable {
        case none
        /// Each class counts alike: rows ÷ (classes × rows of the class), as scikit-learn's `balanced`.
        case balanced
        /// By label; a class that is not named counts 1.
        case given([String: Double])
    }

    public var task: ModelTask
    public var target: String
    /// The columns to learn from; `nil` for all that have no other part here.
    public var features: [String]?
    /// The column of sample weights: finite, 0 or more; a missing one counts 1.
    public var weight: String?
    /// The column of rows that belong together (an entity): they stay on one side of each split.
    public var group: String?
    /// The column of times, by which splits in time order the rows.
    public var time: String?
    public var classWeights = ClassWeights.none

    public init(
        task: ModelTask, target: String, features: [String]? = nil, weight: String? = nil, group: String? = nil,
        time: String? = nil, classWeights: ClassWeights = .none
    ) {
        self.task = task
        self.target = target
        self.features = features
        self.weight = weight
        self.group = group
        self.time = time
        self.classWeights = classWeights
    }

    /// How much each row of a table counts by its sample weight; `nil` if all count alike.
    /// - Throws: `LearningError`: `.unknownColumn`; `.invalidInput` for a weight below 0 or not finite.
    public func sampleWeights(of table: Table) throws(LearningError) -> [Double]? {
        try RowWeights.samples(weight, of: table, rows: Array(0..<table.rowCount))
    }

    /// The columns to learn from, in order.
    /// - Throws: `LearningError`: `.invalidParameter` if the target is named as a feature, `.unknownColumn`,
    ///   `.noFeatures`.
    public func featureNames(in table: Table) throws(LearningError) -> [String] {
        let others = Set([target, weight, group, time].compactMap(\.self))
        let names = features ?? table.columnNames.filter { !others.contains($0) }
        guard !names.contains(target) else {
            throw LearningError(
                .invalidParameter, "the target \"\(target)\" is among the features",
                advice: "Take it out of the list of features.")
        }
        let known = Set(table.columnNames)
        for name in names where !known.contains(name) { _ = try table.column(named: name) }
        guard !names.isEmpty else {
            throw LearningError(
                .noFeatures, "there is no feature to learn from",
                advice: "Give a table with at least one column beside the target.")
        }
        return names
    }
}
