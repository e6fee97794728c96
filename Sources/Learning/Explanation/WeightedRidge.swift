import Statistics

/// Least squares with weights and an L2 penalty on the coefficients, not on the intercept.
struct WeightedRidge {
    let coefficients: [Double]
    let intercept: Double
    let r2: Double

    /// - Parameter columns: feature by feature.
    init(_ columns: [[Double]], _ values: [Double], weights: [Double], penalty: Double) {
        let total = weights.reduce(0, +)
        func mean(_ numbers: [Double]) -> Double { zip(numbers, weights).reduce(0) { $0 + $1.0 * $1.1 } / total }
        let means = columns.map(mean)
        let valueMean = mean(values)
        func product(_ a: [Double], _ aMean: Double, _ b: [Double], _ bMean: Double) -> Double {
            var sum = 0.0
            for row in weights.indices { sum += weights[row] * (a[row] - aMean) * (b[row] - bMean) }
            return sum
        }
        var matrix = Array(repeating: [Double](repeating: 0, count: columns.count), count: columns.count)
        for i in columns.indices {
            for j in 0...i {
                matrix[i][j] = product(columns[i], means[i], columns[j], means[j]) + (i == j ? penalty : 0)
                matrix[j][i] = matrix[i][j]
            }
        }
        let found = NormalEquations.solve(
            matrix, columns.indices.map { product(columns[$0], means[$0], values, valueMean) })
        coefficients = found
        let constant = valueMean - zip(found, means).reduce(0) { $0 + $1.0 * $1.1 }
        intercept = constant
        let spread = product(values, valueMean, values, valueMean)
        let errors = values.indices.map { row in
            values[row] - columns.indices.reduce(constant) { $0 + found[$1] * columns[$1][row] }
        }
        r2 = spread > 0 ? 1 - product(errors, 0, errors, 0) / spread : 0
    }
}
