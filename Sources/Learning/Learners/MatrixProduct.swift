internal import COpenBLAS
import Synchronization

/// Products of dense matrices, row by row, by OpenBLAS: the only place that may call its matrix functions.
///
/// Debian's build without threads of its own does not guard its work space either: of products on four threads at the same
/// time one in a hundred is wrong. They take turns here; alone, a turn costs some tens of nanoseconds. (Functions
/// on vectors, such as `cblas_ddot`, have no work space.)
enum MatrixProduct {
    /// Which of the two matrices lie transposed in memory.
    struct Transposition: OptionSet {
        let rawValue: Int

        static let first = Transposition(rawValue: 1)
        static let second = Transposition(rawValue: 2)
    }

    private static let turn = Mutex(())

    /// result = factor · first · second + kept · result, where first is rows × depth and second depth × columns.
    static func add(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>,
        rows: Int, columns: Int, depth: Int, transposed: Transposition = [], factor: Float = 1, kept: Float = 0
    ) {
        let isTransposed = (transposed.contains(.first), transposed.contains(.second))
        turn.withLock { _ in
            cblas_sgemm(
                CblasRowMajor, isTransposed.0 ? CblasTrans : CblasNoTrans, isTransposed.1 ? CblasTrans : CblasNoTrans,
                Int32(rows), Int32(columns), Int32(depth), factor, first, Int32(isTransposed.0 ? rows : depth), second,
                Int32(isTransposed.1 ? depth : columns), kept, result, Int32(columns))
        }
    }

    /// As for single precision.
    static func add(
        _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, to result: UnsafeMutablePointer<Double>,
        rows: Int, columns: Int, depth: Int, transposed: Transposition = [], factor: Double = 1, kept: Double = 0
    ) {
        let isTransposed = (transposed.contains(.first), transposed.contains(.second))
        turn.withLock { _ in
            cblas_dgemm(
                CblasRowMajor, isTransposed.0 ? CblasTrans : CblasNoTrans, isTransposed.1 ? CblasTrans : CblasNoTrans,
                Int32(rows), Int32(columns), Int32(depth), factor, first, Int32(isTransposed.0 ? rows : depth), second,
                Int32(isTransposed.1 ? depth : columns), kept, result, Int32(columns))
        }
    }

    /// result = factor · matrixᵀ · matrix + result, both triangles; the matrix is depth × size, the result symmetric.
    static func addSquare(
        of matrix: UnsafePointer<Double>, to result: UnsafeMutablePointer<Double>, size: Int, depth: Int, factor: Double
    ) {
        turn.withLock { _ in
            cblas_dsyrk(
                CblasRowMajor, CblasLower, CblasTrans, Int32(size), Int32(depth), factor, matrix, Int32(size), 1,
                result,
                Int32(size))
        }
        for row in 0..<size {
            for column in 0..<row { result[column * size + row] = result[row * size + column] }
        }
    }
}
