/// Linear systems of least squares: small, symmetric, positive definite or nearly.
public enum NormalEquations {
    /// Cholesky's elimination; a pivot that is nothing beside its diagonal leaves its coefficient at 0.
    public static func solve(_ matrix: [[Double]], _ target: [Double]) -> [Double] {
        let count = target.count
        var lower = Array(repeating: [Double](repeating: 0, count: count), count: count)
        for row in 0..<count {
            for column in 0...row {
                let rest = (0..<column).reduce(matrix[row][column]) { $0 - lower[row][$1] * lower[column][$1] }
                if row == column {
                    lower[row][row] = rest > 1e-10 * matrix[row][row] ? rest.squareRoot() : 0
                } else {
                    lower[row][column] = lower[column][column] > 0 ? rest / lower[column][column] : 0
                }
            }
        }
        var half = target
        for row in 0..<count {
            let rest = (0..<row).reduce(target[row]) { $0 - lower[row][$1] * half[$1] }
            half[row] = lower[row][row] > 0 ? rest / lower[row][row] : 0
        }
        var solution = half
        for row in (0..<count).reversed() {
            let rest = (row + 1..<count).reduce(half[row]) { $0 - lower[$1][row] * solution[$1] }
            solution[row] = lower[row][row] > 0 ? rest / lower[row][row] : 0
        }
        return solution
    }
}
