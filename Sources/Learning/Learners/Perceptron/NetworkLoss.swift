import Foundation
import Statistics

/// What a perceptron minimises: the logistic loss, the cross-entropy of the softmax, or the squared error.
enum NetworkLoss: Sendable, Equatable {
    case logistic
    case crossEntropy(classes: Int)
    case squaredError

    init(_ task: ModelTask) {
        switch task {
        case .binary: self = .logistic
        case .multiclass(let classes): self = .crossEntropy(classes: classes.count)
        case .regression: self = .squaredError
        }
    }

    /// - Parameters:
    ///   - scores: rows × outputs.
    ///   - targets: per row 0 or 1, the index of its class, or its value.
    ///   - gradient: becomes that of the sum of weight × loss ÷ rows; rows × outputs.
    /// - Returns: the sum of weight × loss.
    func evaluate(
        _ scores: UnsafePointer<Float>, targets: [Float], weights: [Float], gradient: inout [Float]
    ) -> Double {
        let share = 1 / Float(targets.count)
        var sum = 0.0
        switch self {
        case .logistic:
            for row in targets.indices {
                let score = scores[row]
                let tail = exp(-abs(score))
                sum += Double(weights[row] * (max(score, 0) - score * targets[row] + log1p(tail)))
                let probability = score >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
                gradient[row] = weights[row] * share * (probability - targets[row])
            }
        case .squaredError:
            for row in targets.indices {
                let error = scores[row] - targets[row]
                sum += Double(weights[row] * error * error)
                gradient[row] = 2 * weights[row] * share * error
            }
        case .crossEntropy(let classes):
            for row in targets.indices {
                let line = scores + row * classes
                var greatest = line[0]
                for index in 1..<classes { greatest = max(greatest, line[index]) }
                var total: Float = 0
                for index in 0..<classes { total += exp(line[index] - greatest) }
                let own = Int(targets[row])
                sum += Double(weights[row] * (log(total) + greatest - line[own]))
                for index in 0..<classes {
                    let probability = exp(line[index] - greatest) / total
                    gradient[row * classes + index] = weights[row] * share * (probability - (index == own ? 1 : 0))
                }
            }
        }
        return sum
    }
}
