import Statistics

/// The parameters of a perceptron and the memory of one batch: forward, backward, prediction. One thread's.
final class Network {
    let shape: NetworkShape
    let parameters: FloatBuffer
    let statistics: FloatBuffer
    /// As the parameters; empty for a network that only predicts.
    let gradients: FloatBuffer
    /// Rows of a batch, at most.
    let capacity: Int

    private let input: FloatBuffer
    private var codes: [Int32]
    private var rows = 0
    /// Per layer: rows × outputs.
    private let outputs: [FloatBuffer]
    private let normalized: [FloatBuffer]
    private let inverses: [FloatBuffer]
    /// Two rows × widest, which take turns along the layers.
    private let flow: [FloatBuffer]
    /// Two × widest, for one layer at a time.
    private let columns: [FloatBuffer]

    init(shape: NetworkShape, parameters: [Float], statistics: [Float], capacity: Int, isTraining: Bool) {
        self.shape = shape
        self.capacity = capacity
        self.parameters = FloatBuffer(parameters)
        self.statistics = FloatBuffer(statistics)
        gradients = FloatBuffer(count: isTraining ? shape.parameterCount : 0)
        input = FloatBuffer(count: capacity * shape.inputs)
        codes = [Int32](repeating: 0, count: capacity * shape.embeddings.count)
        outputs = shape.layers.map { FloatBuffer(count: capacity * $0.outputs) }
        let normed = isTraining ? shape.layers.map { $0.gammas == nil ? 0 : $0.outputs } : []
        normalized = normed.map { FloatBuffer(count: capacity * $0) }
        inverses = normed.map { FloatBuffer(count: $0) }
        flow = (0..<2).map { _ in FloatBuffer(count: isTraining ? capacity * shape.widest : 0) }
        columns = (0..<2).map { _ in FloatBuffer(count: shape.widest) }
    }

    /// Whether every parameter and every running statistic is a number.
    var isFinite: Bool {
        [parameters, statistics].allSatisfy { buffer in
            UnsafeBufferPointer(start: buffer.start, count: buffer.count).allSatisfy(\.isFinite)
        }
    }

    /// The last layer's outputs of the batch, rows × outputs.
    var scores: UnsafeMutablePointer<Float> { outputs[outputs.count - 1].start }

    /// Takes some rows as the batch.
    func load(_ encoded: EncodedRows, rows indices: some Collection<Int>) {
        precondition(indices.count <= capacity, "a batch of at most \(capacity) rows")
        rows = indices.count
        let (numbers, categories, width) = (shape.numbers, shape.embeddings.count, shape.inputs)
        encoded.numbers.withUnsafeBufferPointer { all in
            guard let source = all.baseAddress else { return }
            var target = input.start
            for row in indices {
                target.update(from: source + row * numbers, count: numbers)
                target += width
            }
        }
        guard categories > 0 else { return }
        var position = 0
        for row in indices {
            for column in 0..<categories { codes[position + column] = encoded.codes[row * categories + column] }
            position += categories
        }
    }

    private func embed() {
        var place = shape.numbers
        codes.withUnsafeBufferPointer { codes in
            guard let codes = codes.baseAddress else { return }
            for (index, embedding) in shape.embeddings.enumerated() {
                EmbeddingLayer.forward(
                    codes + index, rows: rows, stride: shape.embeddings.count,
                    table: parameters.start + shape.embeddingOffsets[index], size: embedding.size,
                    output: input.start + place, width: shape.inputs)
                place += embedding.size
            }
        }
    }

    /// The scores of the loaded batch as predictions give them.
    func predict() {
        embed()
        var previous = input.start
        for (index, layer) in shape.layers.enumerated() {
            let output = outputs[index].start
            LinearLayer.forward(previous, rows: rows, layer, parameters: parameters.start, output: output)
            if index < shape.hidden.count {
                BatchNormLayer.apply(
                    output, rows: rows, layer, parameters: parameters.start, statistics: statistics.start,
                    scales: columns[0].start, shifts: columns[1].start)
                Activation.forward(output, count: rows * layer.outputs)
            }
            previous = output
        }
    }

    /// The scores of the loaded batch in training: batch norm over the batch, and dropout.
    func forward(dropout: Double, _ generator: inout SplitMix) {
        embed()
        var previous = input.start
        for (index, layer) in shape.layers.enumerated() {
            let output = outputs[index].start
            LinearLayer.forward(previous, rows: rows, layer, parameters: parameters.start, output: output)
            if index < shape.hidden.count {
                BatchNormLayer.forward(
                    output, rows: rows, layer, parameters: parameters.start, statistics: statistics.start,
                    normalized: normalized[index].start, inverse: inverses[index].start, means: columns[0].start)
                Activation.forward(output, count: rows * layer.outputs)
                if dropout > 0 {
                    Activation.drop(output, count: rows * layer.outputs, dropout: dropout, &generator)
                }
            }
            previous = output
        }
    }

    /// The gradients of all parameters, after `forward` of the same batch.
    /// - Parameter scoreGradient: of the loss by the scores, rows × outputs.
    func backward(_ scoreGradient: [Float], dropout: Double) {
        gradients.start.update(repeating: 0, count: gradients.count)
        scoreGradient.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            flow[0].start.update(from: source, count: rows * shape.outputs)
        }
        for index in shape.layers.indices.reversed() {
            let layer = shape.layers[index]
            let gradient = flow[(shape.layers.count - 1 - index) % 2].start
            let next = flow[(shape.layers.count - index) % 2].start
            if index < shape.hidden.count {
                Activation.backward(
                    gradient, output: outputs[index].start, count: rows * layer.outputs, dropout: dropout)
                BatchNormLayer.backward(
                    gradient, rows: rows, layer, parameters: parameters.start, gradients: gradients.start,
                    normalized: normalized[index].start, inverse: inverses[index].start, scales: columns[0].start)
            }
            LinearLayer.backward(
                gradient, rows: rows, layer, input: index == 0 ? input.start : outputs[index - 1].start,
                parameters: parameters.start, gradients: gradients.start,
                inputGradient: index == 0 && shape.embeddings.isEmpty ? nil : next)
            if index == 0 { embedBackward(next) }
        }
    }

    private func embedBackward(_ gradient: UnsafePointer<Float>) {
        var place = shape.numbers
        codes.withUnsafeBufferPointer { codes in
            guard let codes = codes.baseAddress else { return }
            for (index, embedding) in shape.embeddings.enumerated() {
                EmbeddingLayer.backward(
                    codes + index, rows: rows, stride: shape.embeddings.count, gradient: gradient + place,
                    width: shape.inputs, size: embedding.size,
                    tableGradient: gradients.start + shape.embeddingOffsets[index])
                place += embedding.size
            }
        }
    }
}
