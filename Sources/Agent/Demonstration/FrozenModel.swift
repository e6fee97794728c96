import Learning
import Registry

/// The first version, never retrained: what would have happened without the agent.
public struct FrozenModel {
    private let model: any TrainedModel
    private let positive: String

    /// Takes the first registered version of a demonstration.
    public init(_ demonstration: Demonstration) throws {
        let registry = demonstration.state.registry
        let record = try registry.version("1", of: demonstration.production.model)
        model = try ModelArtifact.load(try registry.artifact(of: record))
        positive = demonstration.production.positive
    }

    /// For each row whether the first version is right.
    public func serve(_ rows: [ProductionRow]) throws -> [Bool] {
        let scores = try model.predict(try Table(rows: rows)).probabilities
        return zip(rows, scores).map { ($1 >= 0.5) == ($0.label == positive) }
    }
}
