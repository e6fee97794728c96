import Learning

/// What `tidewatch train` was asked.
public struct TrainOptions: Sendable {
    /// What the target is.
    public enum Task: String, Sendable, CaseIterable {
        case auto, binary, multiclass, regression, ranking, clustering
    }

    public var dataPath: String
    /// The column to predict, or of a ranking the relevance; `nil` for clusters, which have none.
    public var target: String?
    public var task = Task.auto
    /// The label that counts as positive; `nil` to find it.
    public var positive: String?
    /// The column by which the hold-out is newer than everything else; `nil` for a random one.
    public var time: String?
    /// The column of rows that belong together; of a ranking, the rows of one list.
    public var group: String?
    public var weight: String?
    /// Columns that are not learned from.
    public var excluded: [String] = []
    /// Columns that are learned from although they look like identifiers.
    public var kept: [String] = []
    /// Performance on the hold-out is also given per value of these columns, and fairness between those.
    public var segments: [String] = []
    public var protected: [String] = []
    /// Trials of the search; 0 for each learner's defaults only.
    public var trials = 0
    public var seconds: Double?
    /// Names of learners to try; empty for all that suit.
    public var learners: [String] = []
    /// What the search goes by; `nil` for the usual one of the task.
    public var metric: String?
    public var folds = 5
    public var holdout = 0.2
    public var seed: UInt64 = 0
    public var threads = 1
    /// none, platt, isotonic or automatic.
    public var calibration = "none"
    /// Values of true negatives, false positives, false negatives, true positives: the threshold is tuned on them.
    public var costs: [Double]?
    /// Ranking: how many places of a list count for NDCG; `nil` for 10.
    public var places: Int?
    /// Clustering: how many; `nil` to choose by the silhouette, from 2 to `maximumClusters` (`nil`: 10).
    public var clusters: Int?
    public var maximumClusters: Int?
    /// Whether the card shows what more rows would bring.
    public var hasLearningCurve = true
    /// Whether the best models may be stacked.
    public var stacks = true
    /// The model's name in the registry, and in its card.
    public var model: String?
    public var registers = false
    public var stateDirectory: String?
    public var outputPath: String?
    /// The history of the search; one that is there is taken up again.
    public var studyPath: String?
    /// One sentence on what the model is for, for its card.
    public var purpose: String?
    public var format = OutputFormat.text
    public var isQuiet = false

    public init(dataPath: String, target: String?) {
        self.dataPath = dataPath
        self.target = target
    }

    /// - Throws: `CommandStop` with exit code 2 for the first option that is out of its range.
    func validate() throws(CommandStop) {
        guard (2...100).contains(folds) else { throw .badInput("--folds is 2 to 100, and \(folds) is not") }
        guard holdout > 0, holdout < 1 else {
            throw .badInput("--holdout is a share of the rows between 0 and 1, and \(holdout) is not")
        }
        guard (0...100_000).contains(trials) else { throw .badInput("--tune is 0 to 100,000, and \(trials) is not") }
        guard seconds ?? 1 > 0 else { throw .badInput("--seconds is above 0, and \(seconds ?? 0) is not") }
        guard (1...1_024).contains(threads) else { throw .badInput("--threads is 1 to 1,024, and \(threads) is not") }
        guard calibration == "none" || CalibratedModel.Method(rawValue: calibration) != nil else {
            throw .badInput("--calibrate is none, platt, isotonic or automatic, and \"\(calibration)\" is not")
        }
        guard !registers || model != nil else { throw .badInput("--register needs --model: under which name?") }
        if let model, model.contains("@") || model.contains("/") || model.isEmpty {
            throw .badInput("--model: \"\(model)\" is no name of a model; it has no @ and no /")
        }
        if let name = kept.first(where: excluded.contains) {
            throw .badInput("--keep and --exclude both name \"\(name)\"")
        }
        for (option, names) in [("--exclude", excluded), ("--keep", kept), ("--protected", protected)] {
            guard let target, names.contains(target) else { continue }
            throw .badInput("\(option) names \"\(target)\", which is the target")
        }
        try validateTask()
    }
}
