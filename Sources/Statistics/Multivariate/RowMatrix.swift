/// Real numbers in rows of one width; all finite.
public struct RowMatrix: Sendable, Equatable {
    /// Row by row.
    public let values: [Double]
    public let count: Int
    public let width: Int

    /// - Precondition: the values fill the rows, and are finite.
    public init(values: [Double], count: Int, width: Int) {
        precondition(values.count == count * width, "\(values.count) values are not \(count) rows of \(width)")
        precondition(values.allSatisfy(\.isFinite), "an encoded value is finite")
        self.values = values
        self.count = count
        self.width = width
    }

    public init(rows: [[Double]]) {
        self.init(values: rows.flatMap(\.self), count: rows.count, width: rows.first?.count ?? 0)
    }

    public subscript(row: Int) -> ArraySlice<Double> { values[(row * width)..<((row + 1) * width)] }

    /// The rows at the given indices, in that order.
    public func rows(_ indices: some Collection<Int>) -> RowMatrix {
        RowMatrix(values: indices.flatMap { self[$0] }, count: indices.count, width: width)
    }

    /// The mean of each column; zeros without rows.
    var means: [Double] {
        var sums = [Double](repeating: 0, count: width)
        guard count > 0, width > 0 else { return sums }
        values.withUnsafeBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                for row in 0..<count {
                    for column in 0..<width { sums[column] += values[row * width + column] }
                }
            }
        }
        return sums.map { $0 / Double(count) }
    }

    /// Σ (x − mean)(x − mean)ᵀ / (count − 1), row by row; zeros below two rows.
    func covariance(around means: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: width * width)
        guard count > 1, width > 0 else { return sums }
        var centred = [Double](repeating: 0, count: width)
        values.withUnsafeBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                centred.withUnsafeMutableBufferPointer { centred in
                    for row in 0..<count {
                        for column in 0..<width { centred[column] = values[row * width + column] - means[column] }
                        for i in 0..<width where centred[i] != 0 {
                            let (left, start) = (centred[i], i * width)
                            for j in 0...i { sums[start + j] += left * centred[j] }
                        }
                    }
                }
            }
        }
        for i in 0..<width {
            for j in 0...i {
                let value = sums[i * width + j] / Double(count - 1)
                sums[i * width + j] = value
                sums[j * width + i] = value
            }
        }
        return sums
    }
}
