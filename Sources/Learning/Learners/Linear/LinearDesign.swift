/// The features of a training table at unit variance, so that a solver meets the same slopes whatever their units; a
/// last column of ones is the intercept.
struct LinearDesign {
    let rows: Int
    /// Features, and one for the intercept if there is one.
    let width: Int
    /// Row by row; a constant feature is 0 throughout.
    let cells: [Double]
    /// Of the features: what was taken off, and what the rest was divided by.
    let means: [Double]
    let scales: [Double]
    let hasIntercept: Bool

    /// Rows whose products are added up at a time.
    private static let blockRows = 4_096
    /// A deviation below this part of the greatest value is rounding.
    private static let constant = 1e-13

    /// - Parameter weights: of the rows; their sum is 1.
    init(_ matrix: [Double], features: Int, weights: [Double], hasIntercept: Bool) {
        rows = weights.count
        self.hasIntercept = hasIntercept
        let width = features + (hasIntercept ? 1 : 0)
        var means = [Double](repeating: 0, count: features)
        var greatest = means
        for row in 0..<rows {
            for column in 0..<features {
                let value = matrix[row * features + column]
                if hasIntercept { means[column] += weights[row] * value }
                greatest[column] = max(greatest[column], abs(value))
            }
        }
        var squares = [Double](repeating: 0, count: features)
        for row in 0..<rows {
            for column in 0..<features {
                let deviation = matrix[row * features + column] - means[column]
                squares[column] += weights[row] * deviation * deviation
            }
        }
        let scales = squares.indices.map { column in
            let scale = squares[column].squareRoot()
            return scale > Self.constant * greatest[column] ? scale : 0
        }
        var cells = [Double](repeating: 1, count: rows * width)
        for row in 0..<rows {
            for column in 0..<features {
                let deviation = matrix[row * features + column] - means[column]
                cells[row * width + column] = scales[column] > 0 ? deviation / scales[column] : 0
            }
        }
        self.width = width
        self.cells = cells
        self.means = means
        self.scales = scales
    }

    /// Z bᵀ: rows × outputs, for coefficients output by output.
    func scores(_ coefficients: [Double], outputs: Int) -> [Double] {
        var scores = [Double](repeating: 0, count: rows * outputs)
        MatrixProduct.add(
            cells, coefficients, to: &scores, rows: rows, columns: outputs, depth: width, transposed: .second)
        return scores
    }

    /// RᵀZ: outputs × width, for one number per row and output.
    func sums(_ residuals: [Double], outputs: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: outputs * width)
        MatrixProduct.add(
            residuals, cells, to: &sums, rows: outputs, columns: width, depth: rows, transposed: .first)
        return sums
    }

    /// Zᵀ diag(factors) Z: width × width.
    func products(_ factors: [Double], control: TrainingControl) throws(LearningError) -> [Double] {
        var products = [Double](repeating: 0, count: width * width)
        var scaled = [Double](repeating: 0, count: min(rows, Self.blockRows) * width)
        for start in stride(from: 0, to: rows, by: Self.blockRows) {
            try control.check()
            let count = min(Self.blockRows, rows - start)
            cells.withUnsafeBufferPointer { cells in
                guard let block = cells.baseAddress.map({ $0 + start * width }) else { return }
                scaled.withUnsafeMutableBufferPointer { scaled in
                    guard let target = scaled.baseAddress else { return }
                    for row in 0..<count {
                        let factor = factors[start + row]
                        for index in (row * width)..<(row * width + width) { target[index] = block[index] * factor }
                    }
                }
                MatrixProduct.add(
                    scaled, block, to: &products, rows: width, columns: width, depth: count, transposed: .first, kept: 1
                )
            }
        }
        return products
    }

    /// The penalty of each coefficient of one output in these units: `strength` per feature divided by its scale to the
    /// given power; nothing for the intercept and for constant features.
    func penalties(_ strength: Double, power: Int) -> [Double] {
        let ofFeatures = scales.map { scale in
            scale > 0 ? (power == 1 ? strength / scale : strength / scale / scale) : 0
        }
        return ofFeatures + (hasIntercept ? [0] : [])
    }

    /// Coefficients of one output in the units of the table, and the intercept.
    func inUnits(_ coefficients: ArraySlice<Double>) -> (coefficients: [Double], intercept: Double) {
        let raw = scales.indices.map { column in
            scales[column] > 0 ? coefficients[coefficients.startIndex + column] / scales[column] : 0
        }
        guard hasIntercept, let intercept = coefficients.last else { return (raw, 0) }
        return (raw, intercept - zip(raw, means).reduce(0) { $0 + $1.0 * $1.1 })
    }
}
