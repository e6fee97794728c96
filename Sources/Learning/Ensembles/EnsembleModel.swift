public import Statistics

/// Several models of one target that answer together.
public struct EnsembleModel: TrainedModel {
    static let container = ArtifactContainer(magic: "TIDESTCK")

    public enum Combination: Codable, Sendable, Equatable {
        /// Classifiers: the share of members that decide for a class is its probability.
        case vote
        /// Σ weight · member. Probabilities: the weights sum to 1.
        case weighted([Double])
        /// Classifiers: P(class) ∝ exp(intercept + Σ weight · ln(member's probability)), one intercept per class, of which
        /// the first (of two: the negative) is 0.
        case logistic(weights: [Double], intercepts: [Double])
    }

    public let members: [any TrainedModel]
    public let combination: Combination

    /// - Throws: `LearningError(.invalidParameter)` for no members, members of different tasks or targets, weights that do
    ///   not fit, or a vote on numbers.
    public init(_ members: [any TrainedModel], combination: Combination) throws(LearningError) {
        guard let first = members.first else {
            throw LearningError(.invalidParameter, "an ensemble without members", advice: "Give at least one model.")
        }
        guard members.allSatisfy({ $0.task == first.task && $0.target == first.target }) else {
            throw LearningError(
                .invalidParameter, "the members of an ensemble predict different things",
                advice: "Give models of one task and one target.")
        }
        switch combination {
        case .vote:
            guard first.task != .regression else {
                throw LearningError(
                    .invalidParameter, "numbers cannot be voted on", advice: "Take their weighted mean.")
            }
        case .weighted(let weights): try Self.check(weights, members: members.count)
        case .logistic(let weights, let intercepts):
            try Self.check(weights, members: members.count)
            guard first.task != .regression, intercepts.count == max(2, first.task.width),
                intercepts.allSatisfy(\.isFinite)
            else {
                throw LearningError(
                    .invalidParameter, "the intercepts of an ensemble are \(intercepts)",
                    advice: "Give one finite number per class; numbers take a weighted mean.")
            }
        }
        self.members = members
        self.combination = combination
    }

    private static func check(_ weights: [Double], members: Int) throws(LearningError) {
        guard weights.count == members, weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
            weights.contains(where: { $0 > 0 })
        else {
            throw LearningError(
                .invalidParameter, "the weights of an ensemble of \(members) are \(weights)",
                advice: "Give one finite weight of 0 or more per member, and one above 0.")
        }
    }

    /// The plain mean of the members.
    public static func averaging(_ members: [any TrainedModel]) throws(LearningError) -> EnsembleModel {
        let weights = members.map { _ in 1 / Double(members.count) }
        return try EnsembleModel(members, combination: .weighted(weights))
    }

    /// Weights fitted on rows that none of the members was trained on.
    public static func blending(
        _ members: [any TrainedModel], on holdout: Table
    ) throws(LearningError) -> EnsembleModel {
        guard let first = members.first else { return try EnsembleModel(members, combination: .vote) }
        var said: [Predictions] = []
        for member in members { said.append(try member.predict(holdout)) }
        let labels = try holdout.column(named: first.target)
        let weights = try EnsembleWeights.fit(said, labels: labels, task: first.task)
        return try EnsembleModel(members, combination: .weighted(weights))
    }

    public var task: ModelTask { members[0].task }
    public var target: String { members[0].target }

    public var featureNames: [String] {
        var seen: Set<String> = []
        return members.flatMap(\.featureNames).filter { seen.insert($0).inserted }
    }

    public func predict(_ table: Table) throws(LearningError) -> Predictions {
        var said: [Predictions] = []
        for member in members { said.append(try member.predict(table)) }
        return Self.combined(said, combination)
    }
}

extension EnsembleModel {
    public func serialized() throws(LearningError) -> [UInt8] {
        var parts: [[UInt8]] = []
        for member in members { parts.append(try member.serialized()) }
        return try Self.container.pack(combination, parts: parts)
    }

    init(serialized bytes: [UInt8], depth: Int) throws(LearningError) {
        let (combination, parts) = try Self.container.unpack(bytes, as: Combination.self)
        var members: [any TrainedModel] = []
        for part in parts { members.append(try ModelArtifact.load(part, depth: depth + 1)) }
        do {
            try self.init(members, combination: combination)
        } catch {
            throw Self.container.corrupt(error.message)
        }
    }
}
