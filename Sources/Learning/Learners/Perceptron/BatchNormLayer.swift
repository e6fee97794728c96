/// Batch norm (Ioffe and Szegedy 2015): each column to mean 0 and variance 1 over the batch, then times γ plus β.
/// Running statistics take a tenth of each batch's, with the unbiased variance, as PyTorch's do; they serve
/// predictions.
enum BatchNormLayer {
    static let epsilon: Float = 1e-5
    static let momentum: Float = 0.1

    /// In training.
    /// - Parameters:
    ///   - values: the input; becomes the output.
    ///   - normalized: the input at mean 0 and variance 1, which `backward` needs.
    ///   - inverse: 1 ÷ standard deviation per column, which `backward` needs too.
    static func forward(
        _ values: UnsafeMutablePointer<Float>, rows: Int, _ layer: NetworkShape.Layer,
        parameters: UnsafePointer<Float>, statistics: UnsafeMutablePointer<Float>,
        normalized: UnsafeMutablePointer<Float>, inverse: UnsafeMutablePointer<Float>,
        means: UnsafeMutablePointer<Float>
    ) {
        guard let gammas = layer.gammas, let betas = layer.betas else { return }
        let width = layer.outputs
        means.update(repeating: 0, count: width)
        inverse.update(repeating: 0, count: width)
        ColumnSums.add(values, rows: rows, width: width, to: means)
        let share = 1 / Float(rows)
        for column in 0..<width { means[column] *= share }
        for row in 0..<rows {
            let (line, deviations) = (values + row * width, normalized + row * width)
            for column in 0..<width {
                let deviation = line[column] - means[column]
                deviations[column] = deviation
                inverse[column] += deviation * deviation
            }
        }
        let unbiased = rows > 1 ? 1 / Float(rows - 1) : 0
        let (runningMeans, runningVariances) = (statistics + layer.statistics, statistics + layer.statistics + width)
        for column in 0..<width {
            runningMeans[column] += momentum * (means[column] - runningMeans[column])
            runningVariances[column] += momentum * (inverse[column] * unbiased - runningVariances[column])
            inverse[column] = 1 / (inverse[column] * share + epsilon).squareRoot()
        }
        let (gamma, beta) = (parameters + gammas, parameters + betas)
        for row in 0..<rows {
            let (line, deviations) = (values + row * width, normalized + row * width)
            for column in 0..<width {
                let value = deviations[column] * inverse[column]
                deviations[column] = value
                line[column] = value * gamma[column] + beta[column]
            }
        }
    }

    /// In predictions, with the running statistics.
    static func apply(
        _ values: UnsafeMutablePointer<Float>, rows: Int, _ layer: NetworkShape.Layer,
        parameters: UnsafePointer<Float>, statistics: UnsafePointer<Float>,
        scales: UnsafeMutablePointer<Float>, shifts: UnsafeMutablePointer<Float>
    ) {
        guard let gammas = layer.gammas, let betas = layer.betas else { return }
        let width = layer.outputs
        let (means, variances) = (statistics + layer.statistics, statistics + layer.statistics + width)
        for column in 0..<width {
            scales[column] = parameters[gammas + column] / (variances[column] + epsilon).squareRoot()
            shifts[column] = parameters[betas + column] - means[column] * scales[column]
        }
        for row in 0..<rows {
            let line = values + row * width
            for column in 0..<width { line[column] = line[column] * scales[column] + shifts[column] }
        }
    }

    /// In place, from the gradient of the output to that of the input: with x̂ the normalised input and n rows,
    /// γ ÷ (σ n) · (n g − Σ g − x̂ Σ g x̂).
    static func backward(
        _ gradient: UnsafeMutablePointer<Float>, rows: Int, _ layer: NetworkShape.Layer,
        parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>, normalized: UnsafePointer<Float>,
        inverse: UnsafePointer<Float>, scales: UnsafeMutablePointer<Float>
    ) {
        guard let gammas = layer.gammas, let betas = layer.betas else { return }
        let width = layer.outputs
        let (gammaSums, betaSums) = (gradients + gammas, gradients + betas)
        for row in 0..<rows {
            let (line, own) = (gradient + row * width, normalized + row * width)
            for column in 0..<width {
                gammaSums[column] += line[column] * own[column]
                betaSums[column] += line[column]
            }
        }
        let share = 1 / Float(rows)
        for column in 0..<width { scales[column] = parameters[gammas + column] * inverse[column] }
        for row in 0..<rows {
            let (line, own) = (gradient + row * width, normalized + row * width)
            for column in 0..<width {
                let common = (betaSums[column] + own[column] * gammaSums[column]) * share
                line[column] = scales[column] * (line[column] - common)
            }
        }
    }
}
