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

    /// Rows whose products are added up at a time: less than a second's work, and bounded memory.
    private var blockRows: Int { min(4_096, max(64, 4_000_000_000 / (width * width))) }
    /// A deviation below this part of the greatest value is rounding.
    private static let constant = 1e-13

    /// - Parameter weights: of the rows; their sum is 1.
    init(_ matrix: [Double], features: Int, weights: [Double], hasIntercept: Bool) {
        rows = weights.count
        self.hasIntercept = hasIntercept
        let width = features + (hasIntercept ? 1 : 0)
        var means = [Double](repeating: 0, count: features)
        var greatest = means
        Self.forEachRow(matrix, features, weights) { row, weight in
            for column in 0..<features {
                if hasIntercept { means[column] += weight * row[column] }
                greatest[column] = max(greatest[column], abs(row[column]))
            }
        }
        var squares = [Double](repeating: 0, count: features)
        Self.forEachRow(matrix, features, weights) { row, weight in
            for column in 0..<features {
                let deviation = row[column] - means[column]
                squares[column] += weight * deviation * deviation
            }
        }
        let scales = squares.indices.map { column in
            let scale = squares[column].squareRoot()
            return scale > Self.constant * greatest[column] ? scale : 0
        }
        let factors = scales.map { $0 > 0 ? 1 / $0 : 0 }
        var cells = [Double](repeating: 1, count: weights.count * width)
        cells.withUnsafeMutableBufferPointer { cells in
            guard var target = cells.baseAddress else { return }
            Self.forEachRow(matrix, features, weights) { row, _ in
                for column in 0..<features { target[column] = (row[column] - means[column]) * factors[column] }
                target += width
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

    private static func forEachRow(
        _ matrix: [Double], _ width: Int, _ weights: [Double],
        _ body: (_ row: UnsafePointer<Double>, _ weight: Double) -> Void
    ) {
        matrix.withUnsafeBufferPointer { matrix in
            guard var row = matrix.baseAddress else { return }
            for weight in weights {
                body(row, weight)
                row += width
            }
        }
    }

    /// Zᵀ diag(factors) Z: width × width, for factors of one sign.
    func products(_ factors: [Double], control: TrainingControl) throws(LearningError) -> [Double] {
        let sign = factors.contains { $0 < 0 } ? -1.0 : 1
        var products = [Double](repeating: 0, count: width * width)
        var scaled = [Double](repeating: 0, count: min(rows, blockRows) * width)
        for start in stride(from: 0, to: rows, by: blockRows) {
            try control.check()
            let count = min(blockRows, rows - start)
            cells.withUnsafeBufferPointer { cells in
                scaled.withUnsafeMutableBufferPointer { scaled in
                    guard var source = cells.baseAddress.map({ $0 + start * width }),
                        var target = scaled.baseAddress
                    else { return }
                    for row in start..<(start + count) {
                        let root = abs(factors[row]).squareRoot()
                        for index in 0..<width { target[index] = source[index] * root }
                        source += width
                        target += width
                    }
                }
            }
            MatrixProduct.addSquare(of: scaled, to: &products, size: width, depth: count, factor: sign)
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
