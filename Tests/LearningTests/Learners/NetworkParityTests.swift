import Foundation
import Statistics
import Testing

@testable import Learning

/// Five steps of training as PyTorch makes them: Fixtures/perceptron/generate.py.
@Suite struct NetworkParityTests {
    private struct Golden: Decodable {
        struct Batch: Decodable {
            let numbers: [Float]
            let codes: [Int32]
            let targets: [Float]
            let weights: [Float]
        }

        let numbers: Int
        let categories: Int
        let size: Int
        let hidden: [Int]
        let outputs: Int
        let rows: Int
        let first: [Float]
        let batches: [Batch]
        let losses: [Double]
        let last: [Float]
        let statistics: [Float]
        let scores: [Float]
    }

    private func expectClose(_ own: [Float], _ other: [Float], _ what: Comment) {
        #expect(own.count == other.count, what)
        for (first, second) in zip(own, other) { #expect(abs(first - second) < 2e-4, what) }
    }

    @Test func stepsAreThoseOfPyTorch() throws {
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: fixture("perceptron/steps.json")))
        let shape = NetworkShape(
            numbers: golden.numbers, embeddings: [.init(categories: golden.categories, size: golden.size)],
            hidden: golden.hidden, hasBatchNorm: true, outputs: golden.outputs)
        let network = Network(
            shape: shape, parameters: golden.first, statistics: shape.initialStatistics, capacity: golden.rows,
            isTraining: true)
        let adam = Adam(shape: shape, learningRate: 0.05, weightDecay: 0.1)
        let loss = NetworkLoss.crossEntropy(classes: golden.outputs)
        var gradient = [Float](repeating: 0, count: golden.rows * golden.outputs)
        var generator = SplitMix(seed: 0)
        let encoded = golden.batches.map {
            EncodedRows(rowCount: golden.rows, numbers: $0.numbers, codes: $0.codes)
        }
        for (index, batch) in golden.batches.enumerated() {
            network.load(encoded[index], rows: 0..<golden.rows)
            network.forward(dropout: 0, &generator)
            let found = loss.evaluate(
                network.scores, targets: batch.targets, weights: batch.weights, gradient: &gradient)
            #expect(abs(found - golden.losses[index]) < 1e-3)
            network.backward(gradient, dropout: 0)
            adam.update(network.parameters, gradients: network.gradients)
        }
        expectClose(network.parameters.numbers, golden.last, "parameters")
        expectClose(network.statistics.numbers, golden.statistics, "running statistics")
        network.load(encoded[0], rows: 0..<golden.rows)
        network.predict()
        let scores = Array(UnsafeBufferPointer(start: network.scores, count: golden.rows * golden.outputs))
        for (own, other) in zip(scores, golden.scores) { #expect(abs(own - other) < 2e-3, "scores") }
    }
}
