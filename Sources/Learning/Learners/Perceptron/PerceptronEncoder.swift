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

    var schema: FeatureSchema { encoder.schema }

    init(schema: FeatureSchema, means: [Double], scales: [Double]) {
        encoder = FeatureEncoder(schema: schema)
        self.means = means
        self.scales = scales
    }

    /// Means and deviations of the given rows; infinities are left out.
    init(schema: FeatureSchema, fittedOn table: Table, rows: [Int]) {
        let encoder = FeatureEncoder(schema: schema)
        var means: [Double] = []
        var scales: [Double] = []
        for (index, feature) in schema.features.enumerated() where feature.kind != .categorical {
            var counts = AlignmentCounts()
            // One column at a time, so that nothing large is held twice.
            let single = FeatureEncoder(schema: FeatureSchema(features: [schema.features[index]]))
            let cells = single.encode(table, rows: 0..<table.rowCount, counts: &counts)
            let present = rows.lazy.map { Double(cells[$0]) }.filter { !$0.isNaN }
            var (sum, count) = (0.0, 0)
            for value in present {
                sum += value
                count += 1
            }
            let mean = count > 0 ? sum / Double(count) : 0
            var squares = 0.0
            for value in present { squares += (value - mean) * (value - mean) }
            let deviation = count > 0 ? (squares / Double(count)).squareRoot() : 0
            means.append(mean)
            scales.append(deviation > 1e-7 * abs(mean) ? deviation : 0)
        }
        self.encoder = encoder
        self.means = means
        self.scales = scales
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
