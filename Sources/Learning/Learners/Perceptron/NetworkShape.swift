import Statistics

/// What a perceptron consists of, and where each part lies in its one array of parameters:
///
///     per categorical column its embeddings, (categories + 1) × size; row 0 stands for an unseen or missing category
///     per hidden layer       weights (outputs × inputs), then γ and β of the batch norm, or biases (outputs each)
///     the output layer       weights (outputs × inputs), biases (outputs)
///
/// The input of the first layer are the numbers, then the embeddings. A layer with batch norm has no biases, which that
/// would take off again. With batch norm a second array, the statistics, holds per hidden layer the running means and
/// the running variances (outputs each).
struct NetworkShape: Sendable, Equatable {
    struct Embedding: Sendable, Equatable {
        /// Known categories; they have the rows from 1 on.
        var categories: Int
        var size: Int
    }

    var numbers: Int
    var embeddings: [Embedding]
    var hidden: [Int]
    var hasBatchNorm: Bool
    var outputs: Int

    /// A linear layer, with the batch norm behind it if it is a hidden one.
    struct Layer: Sendable, Equatable {
        var inputs: Int
        var outputs: Int
        /// Where they begin among the parameters.
        var weights: Int
        var biases: Int?
        var gammas: Int?
        /// Where the running means begin among the statistics, the variances behind them.
        var statistics: Int

        var weightsEnd: Int { weights + inputs * outputs }
        var betas: Int? { gammas.map { $0 + outputs } }
    }

    /// Where each embedding begins among the parameters.
    let embeddingOffsets: [Int]
    /// The hidden layers and the output layer.
    let layers: [Layer]
    let parameterCount: Int
    let statisticsCount: Int

    init(numbers: Int, embeddings: [Embedding], hidden: [Int], hasBatchNorm: Bool, outputs: Int) {
        self.numbers = numbers
        self.embeddings = embeddings
        self.hidden = hidden
        self.hasBatchNorm = hasBatchNorm
        self.outputs = outputs
        var offset = 0
        var embeddingOffsets: [Int] = []
        for embedding in embeddings {
            embeddingOffsets.append(offset)
            offset += (embedding.categories + 1) * embedding.size
        }
        var layers: [Layer] = []
        var statistics = 0
        var inputs = numbers + embeddings.reduce(0) { $0 + $1.size }
        for (index, width) in (hidden + [outputs]).enumerated() {
            let isNormalized = hasBatchNorm && index < hidden.count
            let end = offset + inputs * width
            layers.append(
                Layer(
                    inputs: inputs, outputs: width, weights: offset, biases: isNormalized ? nil : end,
                    gammas: isNormalized ? end : nil, statistics: statistics))
            offset = end + width * (isNormalized ? 2 : 1)
            if isNormalized { statistics += 2 * width }
            inputs = width
        }
        self.embeddingOffsets = embeddingOffsets
        self.layers = layers
        parameterCount = offset
        statisticsCount = statistics
    }

    /// The network for the columns of a schema.
    init(schema: FeatureSchema, parameters: PerceptronParameters, task: ModelTask) {
        let categorical = schema.features.filter { $0.kind == .categorical }
        self.init(
            numbers: schema.features.count - categorical.count,
            embeddings: categorical.map { feature in
                let size = parameters.embeddingSize ?? min((feature.categories.count + 1) / 2, 16)
                return Embedding(categories: feature.categories.count, size: max(size, 1))
            },
            hidden: parameters.hidden, hasBatchNorm: parameters.hasBatchNorm, outputs: max(task.classes.count, 1))
    }

    var inputs: Int { layers[0].inputs }
    var widest: Int { max(layers.map(\.inputs).max() ?? 1, outputs) }

    /// The first parameters: weights, and biases of the linear layers, uniform within ±1 ÷ √inputs (He et al. 2015, the
    /// form of PyTorch's `Linear`); embeddings uniform within ±1 ÷ √size, 0 for unseen; γ = 1, β = 0.
    func initialParameters(_ generator: inout SplitMix) -> [Float] {
        var parameters = [Float](repeating: 0, count: parameterCount)
        func fill(_ range: Range<Int>, width: Int) {
            let bound = 1 / Float(max(width, 1)).squareRoot()
            for index in range { parameters[index] = Float.random(in: -bound...bound, using: &generator) }
        }
        for (embedding, offset) in zip(embeddings, embeddingOffsets) {
            fill(
                (offset + embedding.size)..<(offset + (embedding.categories + 1) * embedding.size),
                width: embedding.size)
        }
        for layer in layers {
            fill(layer.weights..<layer.weightsEnd, width: layer.inputs)
            if let biases = layer.biases { fill(biases..<(biases + layer.outputs), width: layer.inputs) }
            guard let gammas = layer.gammas else { continue }
            for index in gammas..<(gammas + layer.outputs) { parameters[index] = 1 }
        }
        return parameters
    }

    /// Running means 0, variances 1.
    var initialStatistics: [Float] {
        var statistics = [Float](repeating: 0, count: statisticsCount)
        for layer in layers where layer.gammas != nil {
            let variances = layer.statistics + layer.outputs
            for index in variances..<(variances + layer.outputs) { statistics[index] = 1 }
        }
        return statistics
    }
}
