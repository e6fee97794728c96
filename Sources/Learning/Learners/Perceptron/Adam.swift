import Foundation

/// Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019).
final class Adam {
    let firstMoments: FloatBuffer
    let secondMoments: FloatBuffer
    private(set) var steps: Int
    private let learningRate: Double
    private let weightDecay: Double
    /// The ranges of parameters, and whether they decay: the weights of the linear layers do.
    private let parts: [(range: Range<Int>, decays: Bool)]

    private static let decay1 = 0.9
    private static let decay2 = 0.999
    private static let epsilon: Float = 1e-8

    init(
        shape: NetworkShape, learningRate: Double, weightDecay: Double, firstMoments: [Float]? = nil,
        secondMoments: [Float]? = nil, steps: Int = 0
    ) {
        self.firstMoments = firstMoments.map { FloatBuffer($0) } ?? FloatBuffer(count: shape.parameterCount)
        self.secondMoments = secondMoments.map { FloatBuffer($0) } ?? FloatBuffer(count: shape.parameterCount)
        self.steps = steps
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        var parts: [(Range<Int>, Bool)] = [(0..<shape.layers[0].weights, false)]
        for (index, layer) in shape.layers.enumerated() {
            let end = index + 1 < shape.layers.count ? shape.layers[index + 1].weights : shape.parameterCount
            parts += [(layer.weights..<layer.weightsEnd, true), (layer.weightsEnd..<end, false)]
        }
        self.parts = parts
    }

    /// One step along the gradients.
    func update(_ parameters: FloatBuffer, gradients: FloatBuffer) {
        steps += 1
        let correction2 = 1 - pow(Self.decay2, Double(steps))
        let step = Float(learningRate / (1 - pow(Self.decay1, Double(steps))))
        let inverse = Float(1 / correction2.squareRoot())
        let (first1, first2) = (Float(Self.decay1), Float(1 - Self.decay1))
        let (second1, second2) = (Float(Self.decay2), Float(1 - Self.decay2))
        let (values, slopes) = (parameters.start, gradients.start)
        let (first, second) = (firstMoments.start, secondMoments.start)
        for part in parts {
            let kept = part.decays ? Float(1 - learningRate * weightDecay) : 1
            for index in part.range {
                let slope = slopes[index]
                let mean = first1 * first[index] + first2 * slope
                let square = second1 * second[index] + second2 * slope * slope
                first[index] = mean
                second[index] = square
                values[index] = kept * values[index] - step * mean / (square.squareRoot() * inverse + Self.epsilon)
            }
        }
    }
}
