import Statistics

/// What an artifact holds, of whatever task.
public enum ArtifactModel: Sendable {
    /// Says something of each row by itself.
    case predictor(any TrainedModel)
    /// Puts the rows of a list in order.
    case ranking(RankingModel)
    /// Says which rows are alike.
    case clusters(ClusterModel)

    /// Reads the artifact of any model.
    /// - Throws: as `ModelArtifact.load`.
    public init(serialized bytes: [UInt8]) throws(LearningError) {
        switch String(decoding: bytes.prefix(8), as: UTF8.self) {
        case ModelContainer.ranking.magic: self = .ranking(try RankingModel(serialized: bytes))
        case KMeansModel.container.magic:
            self = .clusters(ClusterModel(preparation: nil, clusters: try KMeansModel(serialized: bytes)))
        case TrainedPipeline.container.magic:
            let (_, parts) = try TrainedPipeline.container.unpack(bytes, as: Bool.self)
            guard parts.count == 2, parts[1].starts(with: KMeansModel.container.magic.utf8) else { fallthrough }
            self = .clusters(
                ClusterModel(
                    preparation: try FittedPreparation(serialized: parts[0]),
                    clusters: try KMeansModel(serialized: parts[1])))
        default: self = .predictor(try ModelArtifact.load(bytes))
        }
    }

    public func serialized() throws(LearningError) -> [UInt8] {
        switch self {
        case .predictor(let model): try model.serialized()
        case .ranking(let model): try model.serialized()
        case .clusters(let model): try model.serialized()
        }
    }

    /// For a sentence: "a ranking".
    public var what: String {
        switch self {
        case .predictor(let model):
            switch model.task {
            case .binary, .multiclass: "a classification"
            case .regression: "a regression"
            }
        case .ranking: "a ranking"
        case .clusters: "a clustering"
        }
    }

    /// The columns it reads.
    public var featureNames: [String] {
        switch self {
        case .predictor(let model): model.featureNames
        case .ranking(let model): model.featureNames
        case .clusters(let model): model.featureNames
        }
    }
}
