import Learning
import Statistics

/// Which options mean something for which task.
extension TrainOptions {
    /// Places of a list that count where nothing else is asked for.
    static let usualPlaces = 10
    static let usualMaximumClusters = 10

    /// - Throws: `CommandStop` with exit code 2 for an option that the task needs, or has no use for.
    func validateTask() throws(CommandStop) {
        switch task {
        case .clustering: try validateClustering()
        case .ranking: try validateRanking()
        case .auto, .binary, .multiclass, .regression:
            guard target != nil else {
                throw .badInput("--target names the column to predict; only --task clustering has none")
            }
            try refuse([
                ("--places", places != nil), ("--clusters", clusters != nil),
                ("--max-clusters", maximumClusters != nil),
            ])
        }
    }

    private func validateRanking() throws(CommandStop) {
        guard target != nil else {
            throw .badInput("--task ranking needs --target: the column of relevance, 0 for what does not belong on top")
        }
        guard group != nil else {
            throw .badInput("--task ranking needs --group: which column says what belongs to one list?")
        }
        guard places.map({ (1...10_000).contains($0) }) ?? true else {
            throw .badInput("--places is 1 to 10,000, and \(places ?? 0) is not")
        }
        guard learners.allSatisfy({ $0 == "boosted_trees" }) else {
            throw .badInput("--learner: a ranking is learned by boosted_trees (LambdaMART) alone")
        }
        // Whole lists are held out at random, and XGBoost weighs lists, not rows.
        try refuse([
            ("--time", time != nil), ("--weight", weight != nil), ("--positive", positive != nil),
            ("--protected", !protected.isEmpty), ("--calibrate", calibration != "none"), ("--cost", costs != nil),
            ("--clusters", clusters != nil), ("--max-clusters", maximumClusters != nil), ("--no-stack", !stacks),
        ])
    }

    private func validateClustering() throws(CommandStop) {
        guard target == nil else {
            throw .badInput(
                "--task clustering has no --target; --exclude leaves a column out that the clusters shall not know")
        }
        let usual = TrainOptions(dataPath: dataPath, target: nil)
        try refuse([
            ("--folds", folds != usual.folds), ("--holdout", holdout != usual.holdout), ("--no-stack", !stacks),
            ("--threads", threads != usual.threads), ("--no-learning-curve", !hasLearningCurve),
            ("--time", time != nil), ("--group", group != nil), ("--positive", positive != nil),
            ("--segment", !segments.isEmpty), ("--protected", !protected.isEmpty), ("--tune", trials > 0),
            ("--learner", !learners.isEmpty), ("--metric", metric != nil), ("--calibrate", calibration != "none"),
            ("--cost", costs != nil), ("--study", studyPath != nil), ("--seconds", seconds != nil),
            ("--places", places != nil),
        ])
        guard clusters == nil || maximumClusters == nil else {
            throw .badInput("--clusters gives the number and --max-clusters the bound of a choice; give one of them")
        }
        for (option, number) in [("--clusters", clusters), ("--max-clusters", maximumClusters)] {
            guard let number, !(2...1_024).contains(number) else { continue }
            throw .badInput("\(option) is 2 to 1,024, and \(number) is not")
        }
    }

    /// What depends on what the target holds, which `--task auto` finds in the table.
    /// - Throws: `CommandStop` with exit code 2 for an option that has no use for such a target.
    func validate(for found: ModelTask, of target: TableColumn) throws(CommandStop) {
        let values = "\"\(target.name)\", which has more than two values"
        switch found {
        case .binary:
            // `--task binary` tells the label from all others.
            try refuse([("--positive", task == .auto && positive != nil && target.hasManyTexts)], with: values)
        case .multiclass:
            try refuse(
                [("--positive", positive != nil), ("--cost", costs != nil)],
                with: task == .auto ? values : "--task multiclass")
        case .regression:
            try refuse(
                [("--positive", positive != nil), ("--cost", costs != nil), ("--calibrate", calibration != "none")],
                with: task == .auto ? "\"\(target.name)\", which holds numbers" : "--task regression")
        }
    }

    /// - Parameter what: `nil` for the task that was asked for.
    private func refuse(
        _ options: [(name: String, isGiven: Bool)], with what: String? = nil
    ) throws(CommandStop) {
        guard let found = options.first(where: \.isGiven) else { return }
        throw .badInput("\(found.name) has no meaning with \(what ?? "--task \(task.rawValue)")")
    }
}

extension TableColumn {
    /// Whether it has more than two different values.
    fileprivate var hasManyTexts: Bool {
        var found: Set<String> = []
        return (0..<count).contains { row in
            if let text = text(at: row) { found.insert(text) }
            return found.count > 2
        }
    }
}
