import Foundation
import Learning
import Registry

extension TrainCommand {
    /// The version that serves under the name, if there is one with an artifact.
    ///
    /// A model's versions answer one question: whoever serves the champion could not serve another kind in its place.
    /// - Parameter kind: a model as the task makes them; `nil` of any other.
    /// - Throws: `CommandStop` with exit code 2 for a champion of another kind.
    static func champion<Model>(
        _ options: TrainOptions, as kind: (ArtifactModel) -> Model?
    ) throws -> (version: String, model: Model)? {
        let folder = options.stateDirectory ?? "./tidewatch-state"
        guard let name = options.model, FileManager.default.fileExists(atPath: folder + "/state.sqlite") else {
            return nil
        }
        let registry = try StateDirectory(path: folder).registry
        guard let record = try registry.champion(of: name), record.artifactDigest != nil else { return nil }
        let artifact = try ArtifactModel(serialized: try registry.artifact(of: record))
        guard let model = kind(artifact) else {
            throw CommandStop.badInput(
                "--model: the champion of \(name), v\(record.version), is \(artifact.what), and --task "
                    + "\(options.task.rawValue) makes another kind of model; name it differently")
        }
        return (record.version, model)
    }
}

/// The model, if it is of the kind.
extension ArtifactModel {
    var trainedModel: (any TrainedModel)? { if case .predictor(let model) = self { model } else { nil } }
    var rankingModel: RankingModel? { if case .ranking(let model) = self { model } else { nil } }
    var clusterModel: ClusterModel? { if case .clusters(let model) = self { model } else { nil } }
}
