internal import COpenBLAS

/// The minimum of bᵀHb ÷ 2 − cᵀb + Σ l1 |b| + Σ l2 b² ÷ 2 for a symmetric, positive semidefinite H.
///
/// Without an l1 part one linear system; with it cyclic coordinate descent (Friedman, Hastie and Tibshirani 2010,
/// "Regularization Paths for Generalized Linear Models via Coordinate Descent") over the coefficients that are not 0,
/// with a sweep over all of them before it ends. Once their signs are settled the rest is a linear system, which is
/// solved and kept if it keeps the signs: descent alone takes long where columns are nearly dependent.
struct QuadraticProblem {
    /// H, row by row, both triangles.
    let hessian: [Double]
    let linear: [Double]
    let l1: [Double]
    let l2: [Double]

    private static let sweepsBeforeSystem = 8

    private var size: Int { linear.count }

    /// - Returns: the solution and the sweeps taken; the greatest slope left, 0 for a direct solution.
    func solve(
        from start: [Double], tolerance: Double, maximumSweeps: Int, control: TrainingControl
    ) throws(LearningError) -> (solution: [Double], sweeps: Int, slope: Double) {
        guard l1.contains(where: { $0 > 0 }) else {
            return (try solveSystem(Array(0..<size), signs: nil, control: control), 0, 0)
        }
        var solution = start
        var product = Self.product(hessian, solution)
        var sweeps = 0
        var slope = Double.infinity
        while sweeps < maximumSweeps {
            try control.check()
            sweeps += 1
            slope = sweep(over: 0..<size, &solution, &product)
            if slope <= tolerance { break }
            let active = solution.indices.filter { solution[$0] != 0 || l1[$0] == 0 }
            var passes = 0
            while passes < Self.sweepsBeforeSystem, sweeps < maximumSweeps {
                passes += 1
                sweeps += 1
                if sweep(over: active, &solution, &product) <= tolerance { break }
            }
            guard passes == Self.sweepsBeforeSystem else { continue }
            let signs = active.map { l1[$0] == 0 ? 0.0 : (solution[$0] > 0 ? 1 : (solution[$0] < 0 ? -1 : 2)) }
            guard !signs.contains(2) else { continue }
            let values = try solveSystem(active, signs: signs, control: control)
            guard zip(values, signs).allSatisfy({ $1 == 0 || $0 * $1 > 0 }) else { continue }
            for (index, value) in zip(active, values) { solution[index] = value }
            product = Self.product(hessian, solution)
        }
        return (solution, sweeps, slope)
    }

    /// Minimises over one coefficient after the other.
    /// - Returns: the greatest slope that was met.
    private func sweep(
        over indices: some Collection<Int>, _ solution: inout [Double], _ product: inout [Double]
    ) -> Double {
        var greatest = 0.0
        hessian.withUnsafeBufferPointer { hessian in
            product.withUnsafeMutableBufferPointer { product in
                guard let rows = hessian.baseAddress, let sums = product.baseAddress else { return }
                for index in indices {
                    let diagonal = rows[index * size + index]
                    let curvature = diagonal + l2[index]
                    guard curvature > 0 else { continue }
                    let old = solution[index]
                    let pull = linear[index] - sums[index] + diagonal * old
                    let shrunk = max(abs(pull) - l1[index], 0)
                    let new = (pull < 0 ? -shrunk : shrunk) / curvature
                    guard new != old else { continue }
                    solution[index] = new
                    greatest = max(greatest, abs(new - old) * curvature)
                    cblas_daxpy(Int32(size), new - old, rows + index * size, 1, sums, 1)
                }
            }
        }
        return greatest
    }

    /// The minimum over the given coefficients if they keep these signs and the others are 0.
    private func solveSystem(
        _ indices: [Int], signs: [Double]?, control: TrainingControl
    ) throws(LearningError) -> [Double] {
        var matrix: [Double] = []
        matrix.reserveCapacity(indices.count * indices.count)
        for row in indices {
            for column in indices {
                matrix.append(hessian[row * size + column] + (row == column ? l2[row] : 0))
            }
        }
        let right = indices.enumerated().map { linear[$1] - l1[$1] * (signs?[$0] ?? 0) }
        return try Cholesky.solve(matrix, right, control: control)
    }

    static func product(_ hessian: [Double], _ vector: [Double]) -> [Double] {
        let size = vector.count
        var product = [Double](repeating: 0, count: vector.count)
        MatrixProduct.add(hessian, vector, to: &product, rows: size, columns: 1, depth: size)
        return product
    }
}
