import Learning
import Registry
import Statistics

/// What is said of a training, whatever its task.
protocol TrainDocument {
    /// In the registry.
    var version: String? { get set }
    var card: ModelCard { get }
    /// What the registry keeps of it.
    var lineage: Lineage { get }

    /// For eyes; ends in a newline.
    func text() -> String
    /// The JSON of CLI.md, keys sorted; ends without a newline.
    /// - Parameter hasSeconds: not in a file, which is the same for the same seed.
    func json(hasSeconds: Bool) throws -> String
    /// Files beside report, card, model and reference.
    func files() throws -> [(name: String, bytes: [UInt8])]
}

/// What a training gives: the model, and everything that is said of it.
struct TrainResult {
    var report: any TrainDocument
    var model: ArtifactModel
    /// Of the features of all rows, and of what the model said.
    var reference: ReferenceProfile
}

extension ReferenceProfile {
    /// Of a training's features, and of its model's predictions in the form in which production logs them.
    static func ofTraining(
        _ table: Table, features: [String], predictions: ReferenceBuilder.ColumnValues
    ) -> ReferenceProfile {
        let columns = features.compactMap { name in table[name].map { (name: name, values: $0.referenceValues) } }
        let profile = ReferenceBuilder.build(columns: columns)
        return ReferenceProfile(
            rows: profile.rows, columns: profile.columns,
            predictions: ReferenceBuilder.column(ModelColumn.prediction.name(beside: features), predictions))
    }
}
