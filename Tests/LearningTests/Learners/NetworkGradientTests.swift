import Statistics
import Testing

@testable import Learning

/// The gradients of every kind of layer and loss against central differences.
@Suite struct NetworkGradientTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var embeddings: [NetworkShape.Embedding] = []
        var hidden: [Int] = []
        var hasBatchNorm = false
        var dropout = 0.0
        var loss = NetworkLoss.squaredError
        var outputs = 1
    }

    static let cases = [
        Case(testDescription: "linear, squared error"),
        Case(testDescription: "linear, logistic", loss: .logistic),
        Case(testDescription: "linear, cross-entropy", loss: .crossEntropy(classes: 3), outputs: 3),
        Case(
            testDescription: "embeddings", embeddings: [.init(categories: 2, size: 2), .init(categories: 4, size: 3)]),
        Case(testDescription: "ReLU", hidden: [5, 4]),
        Case(testDescription: "batch norm", hidden: [5], hasBatchNorm: true),
        Case(testDescription: "dropout", hidden: [8], dropout: 0.4),
        Case(
            testDescription: "all", embeddings: [.init(categories: 3, size: 2)], hidden: [6, 5], hasBatchNorm: true,
            dropout: 0.25, loss: .crossEntropy(classes: 3), outputs: 3),
    ]

    private static let rows = 24
    private static let numbers = 3

    @Test(arguments: cases)
    func gradientsAreThoseOfDifferences(_ tested: Case) {
        let shape = NetworkShape(
            numbers: Self.numbers, embeddings: tested.embeddings, hidden: tested.hidden,
            hasBatchNorm: tested.hasBatchNorm, outputs: tested.outputs)
        var generator = SplitMix(seed: 17)
        var parameters = shape.initialParameters(&generator)
        // Away from the values where a mistake would not show (β = 0, γ = 1, an unseen category at 0).
        for index in parameters.indices { parameters[index] += Float.random(in: -0.2...0.2, using: &generator) }
        let network = Network(
            shape: shape, parameters: parameters, statistics: shape.initialStatistics, capacity: Self.rows,
            isTraining: true)
        let batch = EncodedRows(
            rowCount: Self.rows,
            numbers: (0..<(Self.rows * Self.numbers)).map { _ in Float.random(in: -2...2, using: &generator) },
            codes: (0..<Self.rows).flatMap { _ in
                tested.embeddings.map { Int32.random(in: 0...Int32($0.categories), using: &generator) }
            })
        let targets = (0..<Self.rows).map { _ in Float(Int.random(in: 0..<max(tested.outputs, 2), using: &generator)) }
        let weights = (0..<Self.rows).map { _ in Float.random(in: 0.5...1.5, using: &generator) }
        var scoreGradient = [Float](repeating: 0, count: Self.rows * tested.outputs)

        func loss() -> Double {
            // The same units are dropped each time.
            var drops = SplitMix(seed: 5)
            network.load(batch, rows: 0..<Self.rows)
            network.forward(dropout: tested.dropout, &drops)
            return tested.loss.evaluate(
                network.scores, targets: targets, weights: weights, gradient: &scoreGradient) / Double(Self.rows)
        }

        _ = loss()
        network.backward(scoreGradient, dropout: tested.dropout)
        let gradients = network.gradients.numbers.map { Double($0) }
        let step: Float = 0.001
        let differences = parameters.indices.map { index in
            let value = network.parameters.start[index]
            network.parameters.start[index] = value + step
            let above = loss()
            network.parameters.start[index] = value - step
            let below = loss()
            network.parameters.start[index] = value
            return (above - below) / Double(2 * step)
        }
        let length = differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let error = zip(gradients, differences).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        #expect(length > 0.1)
        #expect(error < 0.005 * length, "\(error) of \(length)")
        for (own, other) in zip(gradients, differences) { #expect(abs(own - other) < 0.01 * length) }
    }

    /// What Adam does in two steps, by hand: m = 0.1 g, v = 0.001 g² and so on, with β₁ = 0.9 and β₂ = 0.999.
    @Test func adamIsTheOneOfThePaper() {
        let shape = NetworkShape(numbers: 1, embeddings: [], hidden: [], hasBatchNorm: false, outputs: 1)
        let adam = Adam(shape: shape, learningRate: 0.1, weightDecay: 0.5)
        let parameters = FloatBuffer([2, 3])
        adam.update(parameters, gradients: FloatBuffer([0.5, -1]))
        // The first step is the learning rate along the sign; only the weight decays, by 0.1 × 0.5.
        #expect(abs(parameters.numbers[0] - (2 * 0.95 - 0.1)) < 1e-6)
        #expect(abs(parameters.numbers[1] - 3.1) < 1e-6)
        adam.update(parameters, gradients: FloatBuffer([0, -1]))
        // m̂ = 0.9 × 0.05 ÷ 0.19, v̂ = 0.999 × 0.00025 ÷ 0.001999.
        let step = 0.1 * (0.045 / 0.19) / (0.00024975 / 0.001999).squareRoot()
        #expect(abs(Double(parameters.numbers[0]) - (1.8 * 0.95 - step)) < 1e-5)
        #expect(abs(parameters.numbers[1] - 3.2) < 1e-5)
    }

    @Test func dropoutKeepsItsShareAndTheSum() {
        var values = [Float](repeating: 1, count: 20_001)
        var generator = SplitMix(seed: 3)
        values.withUnsafeMutableBufferPointer { buffer in
            if let start = buffer.baseAddress { Activation.drop(start, count: 20_001, dropout: 0.3, &generator) }
        }
        #expect(Set(values) == [0, Float(1 / 0.7)])
        #expect(abs(values.reduce(0, +) / 20_001 - 1) < 0.02)
    }
}
