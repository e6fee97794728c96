/// Rows as points, with their mean taken off (which changes no distance, and loses fewer digits), and their weights.
struct PointSet {
    let count: Int
    let width: Int
    /// Row by row.
    let cells: [Double]
    let weights: [Double]
    /// What was taken off each column.
    let means: [Double]
    /// The squared length of each row.
    private let lengths: [Double]

    /// Distances held at a time: bounds memory whatever the number of clusters.
    private static let blockDistances = 1 << 19

    init(_ matrix: [Double], width: Int, weights: [Double]) {
        count = weights.count
        self.width = width
        self.weights = weights
        var means = [Double](repeating: 0, count: width)
        for row in 0..<weights.count {
            for column in 0..<width { means[column] += matrix[row * width + column] }
        }
        for column in 0..<width { means[column] /= Double(max(weights.count, 1)) }
        var cells = matrix
        var lengths = [Double](repeating: 0, count: weights.count)
        for row in 0..<weights.count {
            for column in 0..<width {
                let deviation = matrix[row * width + column] - means[column]
                cells[row * width + column] = deviation
                lengths[row] += deviation * deviation
            }
        }
        self.means = means
        self.cells = cells
        self.lengths = lengths
    }

    /// The mean over the columns of their variance.
    var meanVariance: Double {
        count == 0 || width == 0 ? 0 : lengths.reduce(0, +) / Double(count) / Double(width)
    }

    func row(_ index: Int) -> ArraySlice<Double> { cells[(index * width)..<((index + 1) * width)] }

    /// Calls `body` block by block with the squared distances of its rows to the given points, rows × points.
    func distances(
        to points: [Double], control: TrainingControl,
        _ body: (_ rows: Range<Int>, _ distances: UnsafePointer<Double>) -> Void
    ) throws(LearningError) {
        let others = points.count / width
        let pointLengths = (0..<others).map { other in
            points[(other * width)..<((other + 1) * width)].reduce(0) { $0 + $1 * $1 }
        }
        let blockRows = max(min(count, Self.blockDistances / max(others, 1)), 1)
        var block = [Double](repeating: 0, count: blockRows * others)
        for start in stride(from: 0, to: count, by: blockRows) {
            try control.check()
            let rows = start..<min(start + blockRows, count)
            cells.withUnsafeBufferPointer { cells in
                block.withUnsafeMutableBufferPointer { block in
                    guard let source = cells.baseAddress, let target = block.baseAddress else { return }
                    var position = 0
                    for row in rows {
                        for other in 0..<others {
                            target[position + other] = lengths[row] + pointLengths[other]
                        }
                        position += others
                    }
                    MatrixProduct.add(
                        source + start * width, points, to: target, rows: rows.count, columns: others, depth: width,
                        transposed: .second, factor: -2, kept: 1)
                    // Rounding may leave a little below 0.
                    for index in 0..<(rows.count * others) where target[index] < 0 { target[index] = 0 }
                    body(rows, target)
                }
            }
        }
    }

    /// The squared distance of a row to a point, term by term.
    func distance(_ index: Int, to point: ArraySlice<Double>) -> Double {
        zip(row(index), point).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}
