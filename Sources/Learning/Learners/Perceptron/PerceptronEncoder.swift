import Statistics

/// Rows as a perceptron takes them.
struct EncodedRows: Sendable {
    var rowCount: Int
    /// Row by row, the numeric and boolean features at mean 0 and variance 1; a missing one is 0, the mean.
    var numbers: [Float]
    /// Row by row, the categorical features: 1 for the first category of the schema and so on, 0 for missing or unseen.
    var codes: [Int32]
}

/// Turns tables into numbers at mean 0 and variance 1, and into codes of categories.
struct PerceptronEncoder: Sendable {
    let encoder: FeatureEncoder
    /// Of the numeric and boolean features, in their order: what is taken off, and what the rest is divided by; 0 for a
    /// column that was constant, which counts as 0 from then on.
    let means: [Double]
    let scales: [Double]

    /// Rows read at a time while fitting.
    private static let blockRows = 8_192

    var schema: FeatureSchema { encoder.schema }

    init(schema: FeatureSchema, means: [Double], scales: [Double]) {
        encoder = FeatureEncoder(schema: schema)
        self.means = means
        self.scales = scales
    }

    /// Means and deviations of the given rows, in ascending order; infinities are left out.
    init(schema: FeatureSchema, fittedOn table: Table, rows: [Int]) {
        encoder = FeatureEncoder(schema: schema)
        let width = schema.features.count
        let columns = schema.features.indices.filter { schema.features[$0].kind != .categorical }
        // Sums of deviations from the first number, which lose fewer digits than those of the numbers themselves.
        var shifts = [Double](repeating: 0, count: columns.count)
        var (sums, squares, counts) = (shifts, shifts, shifts)
        var ignored = AlignmentCounts()
        var next = 0
        for start in stride(from: 0, to: table.rowCount, by: Self.blockRows) {
            let end = min(start + Self.blockRows, table.rowCount)
            let cells = encoder.encode(table, rows: start..<end, counts: &ignored)
            while next < rows.count, rows[next] < end {
                for (index, column) in columns.enumerated() {
                    let cell = Double(cells[(rows[next] - start) * width + column])
                    if cell.isNaN { continue }
                    if counts[index] == 0 { shifts[index] = cell }
                    let deviation = cell - shifts[index]
                    sums[index] += deviation
                    squares[index] += deviation * deviation
                    counts[index] += 1
                }
                next += 1
            }
        }
        let offsets = columns.indices.map { counts[$0] > 0 ? sums[$0] / counts[$0] : 0 }
        let means = columns.indices.map { shifts[$0] + offsets[$0] }
        self.means = means
        scales = columns.indices.map { index in
            guard counts[index] > 0 else { return 0 }
            let deviation = max(squares[index] / counts[index] - offsets[index] * offsets[index], 0).squareRoot()
            return deviation > 1e-7 * abs(means[index]) ? deviation : 0
        }
    }

    func encode(_ table: Table, rows: Range<Int>, counts: inout AlignmentCounts) -> EncodedRows {
        let matrix = encoder.encode(table, rows: rows, counts: &counts)
        let width = schema.features.count
        let isCategorical = schema.features.map { $0.kind == .categorical }
        let categorical = isCategorical.count { $0 }
        let shifts = means.map { Float($0) }
        let factors = scales.map { $0 > 0 ? Float(1 / $0) : 0 }
        var numbers = [Float](repeating: 0, count: rows.count * (width - categorical))
        var codes = [Int32](repeating: 0, count: rows.count * categorical)
        var (number, code) = (0, 0)
        for row in 0..<rows.count {
            var feature = 0
            for column in 0..<width {
                let cell = matrix[row * width + column]
                if isCategorical[column] {
                    if !cell.isNaN { codes[code] = Int32(cell) + 1 }
                    code += 1
                } else {
                    if !cell.isNaN { numbers[number] = (cell - shifts[feature]) * factors[feature] }
                    number += 1
                    feature += 1
                }
            }
        }
        return EncodedRows(rowCount: rows.count, numbers: numbers, codes: codes)
    }
}
