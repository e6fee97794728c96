public import Statistics

/// How much worse a model does when a feature's cells are shuffled (Breiman 2001; Fisher, Rudin, Dominici 2019), for a model
/// of any kind. A feature that another one can stand in for looks less important than it is.
public struct PermutationImportance: Codable, Sendable, Equatable {
    public struct Feature: Codable, Sendable, Equatable {
        public let name: String
        /// Per repeat how much worse the metric was; below 0 where chance made it better.
        public let drops: [Double]
        public let mean: Double
        /// Standard deviation of `drops` (divided by their number, as in scikit-learn).
        public let deviation: Double
    }

    /// The score of the table as it is: the metric, with its sign changed where less is better.
    public let baseline: Double
    /// Largest mean first (ties by name).
    public let features: [Feature]

    /// - Parameters:
    ///   - table: rows that the model was not trained on, with its target.
    ///   - features: `nil` for all of the model's.
    ///   - repeats: shuffles per feature, 1 to 1,000.
    /// - Throws: `LearningError`: `.invalidParameter`, `.unknownColumn`; `.invalidInput` if the metric has no value on the
    ///   table; `.cancelled`.
    public static func measure(
        _ model: any TrainedModel, on table: Table, metric: PerformanceMetric, features: [String]? = nil,
        repeats: Int = 5, seed: UInt64 = 0, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> PermutationImportance {
        guard metric.applies(to: model.task) else {
            throw LearningError(
                .invalidParameter, "\(metric.rawValue) is no metric of the model's task",
                advice: "Name a metric of its task.")
        }
        let labels = try table.column(named: model.target)
        let sign: Double = metric.higherIsBetter ? 1 : -1
        return try measure(
            model, on: table, features: features, repeats: repeats, seed: seed, control: control
        ) { predictions throws(LearningError) in
            guard let value = try Evaluation.evaluate(predictions, labels: labels)[metric] else {
                throw LearningError(
                    .invalidInput, "\(metric.rawValue) has no value on the table",
                    advice: "Give rows with outcomes of every class.")
            }
            // The magnitude of a bias is what is bad about it.
            return sign * (metric == .bias ? abs(value) : value)
        }
    }

    /// The same with a score of one's own, of which more is better.
    public static func measure(
        _ model: any TrainedModel, on table: Table, features: [String]? = nil, repeats: Int = 5, seed: UInt64 = 0,
        control: TrainingControl = TrainingControl(), score: (Predictions) throws(LearningError) -> Double
    ) throws(LearningError) -> PermutationImportance {
        guard (1...1_000).contains(repeats), table.rowCount > 0 else {
            throw LearningError(
                .invalidParameter, "\(repeats) repeats on \(table.rowCount) rows",
                advice: "Give a table with rows and 1 to 1,000 repeats.")
        }
        let places = Dictionary(
            table.columnNames.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let names = features ?? model.featureNames
        let baseline = try score(model.predict(table))
        var generator = SplitMix(seed: seed)
        var found: [Feature] = []
        for (index, name) in names.enumerated() {
            guard let place = places[name] else { throw table.unknownColumn(name) }
            var drops: [Double] = []
            for _ in 0..<repeats {
                try control.check()
                let order = (0..<table.rowCount).shuffled(using: &generator)
                let shuffled = table.replacing(table.columns[place].rows(order), at: place)
                drops.append(try baseline - score(model.predict(shuffled)))
            }
            found.append(Feature(name: name, drops: drops))
            control.progress(Double(index + 1) / Double(names.count), "feature \(index + 1) of \(names.count)")
        }
        return PermutationImportance(
            baseline: baseline, features: found.sorted { (-$0.mean, $0.name) < (-$1.mean, $1.name) })
    }
}

extension PermutationImportance.Feature {
    fileprivate init(name: String, drops: [Double]) {
        let count = Double(drops.count)
        let mean = drops.reduce(0, +) / count
        let deviation = (drops.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        self.init(name: name, drops: drops, mean: mean, deviation: deviation)
    }
}
