/// How a multilayer perceptron is built and trained.
public struct PerceptronParameters: Codable, Sendable, Equatable {
    /// Units of the hidden layers, from the input on; each is linear, batch norm, ReLU, dropout. None: a linear model.
    public var hidden = [128, 64]
    public var hasBatchNorm = true
    /// The share of a hidden layer's outputs set to 0 in training, [0, 1).
    public var dropout = 0.1
    /// Of Adam (Kingma and Ba 2015), with β = (0.9, 0.999) and ε = 10⁻⁸.
    public var learningRate = 0.001
    /// Decoupled from the gradient (AdamW, Loshchilov and Hutter 2019), on the weights of the linear layers only.
    public var weightDecay = 0.0001
    public var batchSize = 256
    /// Passes over the training rows, at most.
    public var epochs = 100
    /// Epochs without a smaller loss on the validation rows after which training stops; `nil` never stops early. The
    /// weights of the best epoch are kept in either case.
    public var patience: Int? = 10
    /// The part of the rows that is held out for validation where no validation table is given; 0 for none. Rows of one
    /// group stay together, and where the problem has a time these are the newest.
    public var validationShare = 0.1
    /// Numbers that stand for a category; `nil` for (categories + 1) ÷ 2, at most 16.
    public var embeddingSize: Int?
    /// Categories kept per column, the most frequent ones; the others count as unseen.
    public var maximumCategories = 1_000
    public var seed = 0

    public init() {}

    /// Absent keys take the defaults, so that a configuration names only what it changes.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        hidden = try values.decodeIfPresent([Int].self, forKey: .hidden) ?? hidden
        hasBatchNorm = try values.decodeIfPresent(Bool.self, forKey: .hasBatchNorm) ?? hasBatchNorm
        dropout = try values.decodeIfPresent(Double.self, forKey: .dropout) ?? dropout
        learningRate = try values.decodeIfPresent(Double.self, forKey: .learningRate) ?? learningRate
        weightDecay = try values.decodeIfPresent(Double.self, forKey: .weightDecay) ?? weightDecay
        batchSize = try values.decodeIfPresent(Int.self, forKey: .batchSize) ?? batchSize
        epochs = try values.decodeIfPresent(Int.self, forKey: .epochs) ?? epochs
        if values.contains(.patience) { patience = try values.decodeIfPresent(Int.self, forKey: .patience) }
        validationShare = try values.decodeIfPresent(Double.self, forKey: .validationShare) ?? validationShare
        embeddingSize = try values.decodeIfPresent(Int.self, forKey: .embeddingSize)
        maximumCategories = try values.decodeIfPresent(Int.self, forKey: .maximumCategories) ?? maximumCategories
        seed = try values.decodeIfPresent(Int.self, forKey: .seed) ?? seed
    }

    /// `patience` is written even if there is none, which is not its default.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(hidden, forKey: .hidden)
        try values.encode(hasBatchNorm, forKey: .hasBatchNorm)
        try values.encode(dropout, forKey: .dropout)
        try values.encode(learningRate, forKey: .learningRate)
        try values.encode(weightDecay, forKey: .weightDecay)
        try values.encode(batchSize, forKey: .batchSize)
        try values.encode(epochs, forKey: .epochs)
        try values.encode(patience, forKey: .patience)
        try values.encode(validationShare, forKey: .validationShare)
        try values.encodeIfPresent(embeddingSize, forKey: .embeddingSize)
        try values.encode(maximumCategories, forKey: .maximumCategories)
        try values.encode(seed, forKey: .seed)
    }

    private enum CodingKeys: String, CodingKey {
        case hidden, hasBatchNorm, dropout, learningRate, weightDecay, batchSize, epochs, patience, validationShare
        case embeddingSize, maximumCategories, seed
    }

    /// - Throws: `LearningError(.invalidParameter)` naming the first parameter out of its range.
    public func validate() throws(LearningError) {
        try ParameterRange.require(
            hidden.count <= 8 && hidden.allSatisfy((1...4_096).contains), "hidden", hidden,
            "at most 8 layers of 1 to 4,096 units")
        try ParameterRange.require(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and below 1")
        try ParameterRange.require(
            learningRate > 0 && learningRate <= 10, "learningRate", learningRate, "above 0, at most 10")
        try ParameterRange.require(weightDecay >= 0 && weightDecay <= 10, "weightDecay", weightDecay, "0 to 10")
        try ParameterRange.require((1...65_536).contains(batchSize), "batchSize", batchSize, "1 to 65,536")
        try ParameterRange.require((1...100_000).contains(epochs), "epochs", epochs, "1 to 100,000")
        if let patience { try ParameterRange.require(patience >= 1, "patience", patience, "1 or more") }
        try ParameterRange.require(
            validationShare >= 0 && validationShare <= 0.5, "validationShare", validationShare, "0 to 0.5")
        if let embeddingSize {
            try ParameterRange.require((1...256).contains(embeddingSize), "embeddingSize", embeddingSize, "1 to 256")
        }
        try ParameterRange.require(
            (1...65_536).contains(maximumCategories), "maximumCategories", maximumCategories, "1 to 65,536")
        try ParameterRange.require(seed >= 0, "seed", seed, "0 or more")
    }
}
