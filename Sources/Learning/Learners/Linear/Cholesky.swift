internal import COpenBLAS

/// The solution of symmetric, positive semidefinite systems by A = L Lᵀ.
enum Cholesky {
    /// A row whose pivot is below this part of its diagonal is a combination of the rows before it.
    private static let dependent = 1e-12

    /// Solves A x = b; an unknown that those before it determine is 0, so that a singular but consistent system has a
    /// solution too.
    /// - Parameter matrix: A, size × size; only the lower triangle is read.
    static func solve(
        _ matrix: [Double], _ right: [Double], control: TrainingControl
    ) throws(LearningError) -> [Double] {
        let size = right.count
        var lower = matrix
        var solution = right
        var error: LearningError?
        lower.withUnsafeMutableBufferPointer { lower in
            solution.withUnsafeMutableBufferPointer { solution in
                guard let factor = lower.baseAddress, let x = solution.baseAddress else { return }
                error = factorize(factor, size: size, control: control)
                if error == nil { substitute(factor, x, size: size) }
            }
        }
        if let error { throw error }
        return solution
    }

    /// L row by row in place; a dependent row and its column become 0.
    private static func factorize(
        _ factor: UnsafeMutablePointer<Double>, size: Int, control: TrainingControl
    ) -> LearningError? {
        for row in 0..<size {
            if row % 64 == 0 {
                do { try control.check() } catch { return error }
            }
            let line = factor + row * size
            for column in 0..<row {
                let pivot = factor[column * size + column]
                guard pivot > 0 else {
                    line[column] = 0
                    continue
                }
                line[column] -= cblas_ddot(Int32(column), line, 1, factor + column * size, 1)
                line[column] /= pivot
            }
            let pivot = line[row] - cblas_ddot(Int32(row), line, 1, line, 1)
            line[row] = pivot > dependent * line[row] ? pivot.squareRoot() : 0
        }
        return nil
    }

    private static func substitute(
        _ factor: UnsafeMutablePointer<Double>, _ x: UnsafeMutablePointer<Double>, size: Int
    ) {
        for row in 0..<size {
            let line = factor + row * size
            x[row] = line[row] > 0 ? (x[row] - cblas_ddot(Int32(row), line, 1, x, 1)) / line[row] : 0
        }
        for row in (0..<size).reversed() {
            let line = factor + row * size
            guard line[row] > 0 else {
                x[row] = 0
                continue
            }
            x[row] /= line[row]
            cblas_daxpy(Int32(row), -x[row], line, 1, x, 1)
        }
    }
}
