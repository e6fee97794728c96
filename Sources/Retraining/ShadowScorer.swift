public import Learning
public import Registry
import Synchronization
public import Windowing

/// Scores rows with a registered version, for comparisons in shadow. Keeps the last model it loaded.
public final class ShadowScorer: Sendable {
    private let registry: ModelRegistry
    private let loaded = Mutex<(key: ModelVersionKey, model: any TrainedModel)?>(nil)

    public init(registry: ModelRegistry) {
        self.registry = registry
    }

    /// The version's predictions of the rows' features.
    public func score(model: String, version: String, rows: [LabelledRow]) throws -> Predictions {
        let key = ModelVersionKey(model: model, version: version)
        let table = try TableBuilder.table(rows: rows).dropping([TableBuilder.target])
        return try load(key).predict(table)
    }

    private func load(_ key: ModelVersionKey) throws -> any TrainedModel {
        if let held = loaded.withLock({ $0 }), held.key == key { return held.model }
        let record = try registry.version(key.version, of: key.model)
        let model = try ModelArtifact.load(try registry.artifact(of: record))
        loaded.withLock { $0 = (key, model) }
        return model
    }
}
