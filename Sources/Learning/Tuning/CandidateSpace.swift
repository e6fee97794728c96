public import Statistics

/// A kind of learner that a search may try.
public enum CandidateKind: String, Codable, Sendable, CaseIterable {
    /// Gradient-boosted trees on the table as it is.
    case boostedTrees = "boosted_trees"
    /// Linear or logistic regression on filled, encoded and scaled columns.
    case linear
    /// A perceptron with learned embeddings.
    case perceptron
}

/// What `tidewatch train` searches over (learner, preparation and parameters), and how a trial's values become a learner.
public struct CandidateSpace: Sendable {
    public let kinds: [CandidateKind]
    public let space: SearchSpace
    /// The learners' own defaults, and careful ones where a learner may overfit: a search never ends worse than they are.
    public let firstTrials: [[String: ParameterValue]]
    private let seed: Int
    private let threads: Int
    private let bins: Int

    /// Tried where nothing else is asked for.
    public static let usual: [CandidateKind] = [.boostedTrees, .linear]
    private static let learner = "learner"

    /// - Parameter rows: that are searched with. Trees on few of them have coarser histograms: a split between two hundreds
    ///   of values says no more than one between eighty, and half of a small tree's time goes into looking for it.
    /// - Throws: `LearningError(.invalidParameter)` for no kinds, or one that is named twice.
    public init(kinds: [CandidateKind], seed: Int, rows: Int, threads: Int = 1) throws(LearningError) {
        guard !kinds.isEmpty else {
            throw LearningError(.invalidParameter, "no learner to try", advice: "Name at least one.")
        }
        self.kinds = kinds
        self.seed = seed
        self.threads = threads
        bins = Self.bins(rows: rows)
        var parameters = [SearchParameter(Self.learner, .choice(kinds.map(\.rawValue)))]
        var firstTrials: [[String: ParameterValue]] = []
        for kind in kinds {
            let own = SearchParameter.Condition(Self.learner, is: [kind.rawValue])
            var values: [String: ParameterValue] = [Self.learner: .text(kind.rawValue)]
            for knob in kind.knobs {
                let name = "\(kind.rawValue).\(knob.name)"
                parameters.append(SearchParameter(name, knob.domain, if: own))
                values[name] = knob.usual
            }
            firstTrials.append(values)
            if !kind.cautious.isEmpty {
                for (name, number) in kind.cautious { values["\(kind.rawValue).\(name)"] = .number(number) }
                firstTrials.append(values)
            }
        }
        space = try SearchSpace(parameters)
        self.firstTrials = firstTrials
    }

    /// One per 64 rows, from 32 to XGBoost's usual 256.
    static func bins(rows: Int) -> Int { min(256, max(32, rows / 64)) }

    /// The search over it. After the first trials, which are tried on every fold, one that is worse than the median on
    /// the folds so far is given up: on the same rows a difference between two models shows sooner than how good they are.
    public func tuner(metric: PerformanceMetric, seed: UInt64, budget: TuningBudget) -> Tuner<PerformanceMetric> {
        var tuner = Tuner(space: space, metric: metric, seed: seed, budget: budget)
        tuner.firstTrials = firstTrials
        tuner.pruning = .median(startupTrials: max(2, firstTrials.count), warmupFolds: 0)
        tuner.narrowing = { narrowed(after: $0, higherIsBetter: metric.higherIsBetter) }
        return tuner
    }

    /// The space of the kinds that are still worth trials after each had one with its defaults: the best, and those that
    /// are less than one standard deviation of its folds behind. A search of 30 trials is too short for lost causes.
    public func narrowed(after trials: [Trial], higherIsBetter: Bool) -> SearchSpace {
        guard let best = trials.best(higherIsBetter: higherIsBetter), let mean = best.mean, best.scores.count > 1 else {
            return space
        }
        let squares = best.scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(best.scores.count - 1)).squareRoot()
        let worthy = kinds.filter { kind in
            trials.contains { trial in
                guard self.kind(of: trial.values) == kind, let own = trial.mean else { return false }
                return (higherIsBetter ? mean - own : own - mean) <= deviation
            }
        }
        do {
            return try CandidateSpace(kinds: worthy, seed: seed, rows: 0).space
        } catch {
            return space
        }
    }

    /// The kind of a trial's learner.
    public func kind(of values: [String: ParameterValue]) -> CandidateKind {
        values[Self.learner]?.text.flatMap(CandidateKind.init) ?? kinds[0]
    }

    /// A trial's parameters by their own names, without those of other learners.
    public func parameters(of values: [String: ParameterValue]) -> [String: ParameterValue] {
        let prefix = kind(of: values).rawValue + "."
        return values.reduce(into: [:]) { found, value in
            if value.key.hasPrefix(prefix) { found[String(value.key.dropFirst(prefix.count))] = value.value }
        }
    }

    /// The learner of a trial.
    public func learner(_ values: [String: ParameterValue]) -> any Learner {
        let kind = kind(of: values)
        let choices = CandidateValues(parameters(of: values), of: kind)
        switch kind {
        case .boostedTrees:
            return BoostedTreeLearner(parameters: choices.boosting(seed: seed, bins: bins, threads: threads))
        case .linear:
            return PipelineLearner(
                preparation: choices.linearPreparation, learner: .linear(choices.linear), seed: UInt64(seed))
        case .perceptron: return PerceptronLearner(parameters: choices.perceptron(seed: seed))
        }
    }
}

extension CandidateKind {
    struct Knob {
        var name: String
        var domain: SearchParameter.Domain
        /// The default.
        var usual: ParameterValue
    }

    /// What differs from the defaults where the table has more noise than signal.
    var cautious: [(name: String, number: Double)] {
        self == .boostedTrees
            ? [("rounds", 150), ("learning_rate", 0.03), ("maximum_depth", 3), ("subsample", 0.8)] : []
    }

    var knobs: [Knob] {
        switch self {
        case .boostedTrees:
            [
                Knob(name: "rounds", domain: .integer(low: 50, high: 500, log: true), usual: .number(200)),
                Knob(name: "learning_rate", domain: .real(low: 0.01, high: 0.3, log: true), usual: .number(0.1)),
                Knob(name: "maximum_depth", domain: .integer(low: 3, high: 10), usual: .number(6)),
                Knob(name: "minimum_child_weight", domain: .real(low: 0.5, high: 20, log: true), usual: .number(1)),
                Knob(name: "subsample", domain: .real(low: 0.5, high: 1), usual: .number(0.9)),
                Knob(name: "column_sample", domain: .real(low: 0.4, high: 1), usual: .number(0.9)),
                Knob(name: "lambda", domain: .real(low: 0.01, high: 10, log: true), usual: .number(1)),
            ]
        case .linear:
            [
                Knob(name: "penalty", domain: .real(low: 1e-5, high: 1, log: true), usual: .number(0.001)),
                Knob(name: "l1_ratio", domain: .real(low: 0, high: 1), usual: .number(0)),
                Knob(name: "filling", domain: .choice(["mean", "median"]), usual: .text("median")),
                Knob(name: "encoding", domain: .choice(["one_hot", "target"]), usual: .text("one_hot")),
                Knob(name: "scaling", domain: .choice(["standard", "quantile"]), usual: .text("standard")),
            ]
        case .perceptron:
            [
                Knob(name: "width", domain: .integer(low: 16, high: 256, log: true), usual: .number(64)),
                Knob(name: "layers", domain: .integer(low: 1, high: 3), usual: .number(2)),
                Knob(name: "learning_rate", domain: .real(low: 0.0003, high: 0.01, log: true), usual: .number(0.001)),
                Knob(name: "dropout", domain: .real(low: 0, high: 0.5), usual: .number(0.1)),
                Knob(name: "weight_decay", domain: .real(low: 1e-6, high: 0.01, log: true), usual: .number(0.0001)),
            ]
        }
    }
}
