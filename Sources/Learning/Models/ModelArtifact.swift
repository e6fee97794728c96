/// Reads the artifact of a model that says something of each row by itself; `ArtifactModel` reads rankings and clusters too.
public enum ModelArtifact {
    /// Parts inside parts: a pipeline of an ensemble of pipelines of calibrated models, and some to spare.
    private static let maximumDepth = 8

    private typealias Loader = @Sendable ([UInt8], Int) throws(LearningError) -> any TrainedModel

    /// By the eight letters that an artifact begins with.
    private static let loaders: [String: Loader] = [
        "TIDETREE": { bytes, _ throws(LearningError) in try BoostedTreeModel(serialized: bytes) },
        "TIDELINR": { bytes, _ throws(LearningError) in try LinearModel(serialized: bytes) },
        "TIDEMLP1": { bytes, _ throws(LearningError) in try PerceptronModel(serialized: bytes) },
        TrainedPipeline.container.magic: { bytes, depth throws(LearningError) in
            try TrainedPipeline(serialized: bytes, depth: depth)
        },
        CalibratedModel.container.magic: { bytes, depth throws(LearningError) in
            try CalibratedModel(serialized: bytes, depth: depth)
        },
        EnsembleModel.container.magic: { bytes, depth throws(LearningError) in
            try EnsembleModel(serialized: bytes, depth: depth)
        },
    ]

    private static let others = [
        ModelContainer.ranking.magic: "a ranking, whose scores only order the rows of a list",
        KMeansModel.container.magic: "a clustering, which predicts no target",
    ]

    /// - Throws: `LearningError`: `.corruptModel` for bytes that are damaged or no model, `.unsupportedModel` for the
    ///   format of another version, a ranking or a clustering.
    public static func load(_ bytes: [UInt8]) throws(LearningError) -> any TrainedModel {
        try load(bytes, depth: 0)
    }

    /// - Parameter depth: how many artifacts this one is inside of; damage must not make it bottomless.
    static func load(_ bytes: [UInt8], depth: Int) throws(LearningError) -> any TrainedModel {
        guard depth < maximumDepth else {
            throw LearningError(
                .corruptModel, "the model is damaged: it has more than \(maximumDepth) models inside each other",
                advice: "Restore the artifact from a copy, or roll back to another version.")
        }
        let letters = String(decoding: bytes.prefix(8), as: UTF8.self)
        if let other = others[letters] {
            throw LearningError(
                .unsupportedModel, "the model is \(other)",
                advice: "Use it with tidewatch predict; only a classification or a regression serves here.")
        }
        guard let loader = loaders[letters] else {
            throw LearningError(
                .corruptModel, "the model is damaged: \(bytes.count) bytes that are not a Tidewatch model",
                advice: "Restore the artifact from a copy, or roll back to another version.")
        }
        return try loader(bytes, depth)
    }
}
