import Statistics

/// A kind of learner that a search may try.
public enum CandidateKind: String, Codable, Sendable, CaseIterable {
    case boostedTrees = "boosted_trees"
}

/// What `tidewatch train` searches over, and how a trial's values become a learner.
public struct CandidateSpace: Sendable {
    public let kinds: [CandidateKind]
    public let space: SearchSpace
    /// The learners' own defaults, one trial each: a search never ends worse than they are.
    public let firstTrials: [[String: ParameterValue]]
    private let seed: Int
    private let threads: Int

    private static let learner = "learner"

    /// - Throws: `LearningError(.invalidParameter)` for no kinds, or one that is named twice.
    public init(kinds: [CandidateKind], seed: Int, threads: Int = 1) throws(LearningError) {
        guard !kinds.isEmpty else {
            throw LearningError(.invalidParameter, "no learner to try", advice: "Name at least one.")
        }
        self.kinds = kinds
        self.seed = seed
        self.threads = threads
        var parameters = [SearchParameter(Self.learner, .choice(kinds.map(\.rawValue)))]
        for kind in kinds { parameters += Self.parameters(of: kind) }
        space = try SearchSpace(parameters)
        firstTrials = kinds.map { Self.defaults(of: $0) }
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
        let parameters = parameters(of: values)
        func number(_ name: String, _ fallback: Double) -> Double { parameters[name]?.number ?? fallback }
        switch kind(of: values) {
        case .boostedTrees:
            var boosting = BoostingParameters(
                rounds: Int(number("rounds", 200)), learningRate: number("learning_rate", 0.1),
                maximumDepth: Int(number("maximum_depth", 6)), seed: seed)
            boosting.minimumChildWeight = number("minimum_child_weight", 1)
            boosting.subsample = number("subsample", 1)
            boosting.columnSample = number("column_sample", 1)
            boosting.lambda = number("lambda", 1)
            boosting.threads = threads
            return BoostedTreeLearner(parameters: boosting)
        }
    }

    private static func parameters(of kind: CandidateKind) -> [SearchParameter] {
        let own = SearchParameter.Condition(learner, is: [kind.rawValue])
        func parameter(_ name: String, _ domain: SearchParameter.Domain) -> SearchParameter {
            SearchParameter("\(kind.rawValue).\(name)", domain, if: own)
        }
        switch kind {
        case .boostedTrees:
            return [
                parameter("rounds", .integer(low: 50, high: 500, log: true)),
                parameter("learning_rate", .real(low: 0.01, high: 0.3, log: true)),
                parameter("maximum_depth", .integer(low: 3, high: 10)),
                parameter("minimum_child_weight", .real(low: 0.5, high: 20, log: true)),
                parameter("subsample", .real(low: 0.5, high: 1)),
                parameter("column_sample", .real(low: 0.4, high: 1)),
                parameter("lambda", .real(low: 0.01, high: 10, log: true)),
            ]
        }
    }

    private static func defaults(of kind: CandidateKind) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [learner: .text(kind.rawValue)]
        func set(_ name: String, _ number: Double) { values["\(kind.rawValue).\(name)"] = .number(number) }
        switch kind {
        case .boostedTrees:
            set("rounds", 200)
            set("learning_rate", 0.1)
            set("maximum_depth", 6)
            set("minimum_child_weight", 1)
            set("subsample", 1)
            set("column_sample", 1)
            set("lambda", 1)
        }
        return values
    }
}
