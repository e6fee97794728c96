import CEigen

/// The directions in which rows vary most (principal component analysis), as many as explain a share of the variance.
///
/// The rows are centred, not scaled: the encoder has done that. As scikit-learn's `PCA(n_components=0.65)`, except that
/// one direction is always left out: with all of them nothing is ever reconstructed wrongly.
public struct PrincipalComponents: Sendable {
    public let means: [Double]
    /// Row by row, each of length 1, the one with the largest variance first.
    public let components: RowMatrix
    /// The share of the variance that the components explain, 0…1; 1 for rows that do not vary.
    public let explainedShare: Double

    /// `nil` without rows or numbers, or where the eigenvalues cannot be found.
    /// - Parameter share: the least share of the variance to explain, 0…1; NannyML takes 0.65.
    public init?(_ rows: RowMatrix, share: Double = 0.65) {
        let width = rows.width
        guard width > 0, rows.count > 0 else { return nil }
        means = rows.means
        let covariance = rows.covariance(around: means)
        var values = [Double](repeating: 0, count: width)
        var vectors = [Double](repeating: 0, count: width * width)
        guard td_symmetric_eigen(covariance, Int32(width), &values, &vectors) == 0 else { return nil }
        let total = values.reduce(0) { $0 + max(0, $1) }
        var kept: [Double] = []
        var explained = 0.0
        var count = 0
        // The library gives them in ascending order.
        while count < width - 1, total > 0, explained <= share * total {
            let index = width - 1 - count
            explained += max(0, values[index])
            kept += vectors[(index * width)..<((index + 1) * width)]
            count += 1
        }
        components = RowMatrix(values: kept, count: count, width: width)
        explainedShare = total > 0 ? explained / total : 1
    }

    /// The Euclidean distance of each row from its reconstruction by the components.
    ///
    /// With the first axis as the only component and means of 0 the row (3, 4) is 4 off.
    /// - Precondition: the rows have the width of those it was fitted on.
    public func reconstructionErrors(_ rows: RowMatrix) -> [Double] {
        let width = means.count
        precondition(rows.width == width, "rows of \(rows.width) numbers, fitted on \(width)")
        var centred = [Double](repeating: 0, count: width)
        return (0..<rows.count).map { row in
            var square = 0.0
            rows.values.withUnsafeBufferPointer { values in
                for column in 0..<width {
                    centred[column] = values[row * width + column] - means[column]
                    square += centred[column] * centred[column]
                }
            }
            // |x − PPᵀx|² by subtraction loses digits where the rest is small, so the rest itself is computed.
            return residual(&centred, square)
        }
    }

    private func residual(_ centred: inout [Double], _ square: Double) -> Double {
        let width = means.count
        return components.values.withUnsafeBufferPointer { components in
            centred.withUnsafeMutableBufferPointer { rest in
                // The components are orthogonal: taking them off one after the other is taking them off at once.
                for start in stride(from: 0, to: components.count, by: width) {
                    var score = 0.0
                    for column in 0..<width { score += components[start + column] * rest[column] }
                    for column in 0..<width { rest[column] -= score * components[start + column] }
                }
                return rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
            }
        }
    }
}
