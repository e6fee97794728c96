/// The exact law of the two-sample Kolmogorov–Smirnov statistic: the share of lattice paths from (0, 0) to (m, n) that
/// touch or leave the band |x/m − y/n| < D (Hodges 1958). Sums of positive terms only, so that small p-values keep their
/// digits; the recursions are SciPy's.
enum PathProbability {
    /// - Parameter steps: D·m·n.
    static func outside(_ m: Int, _ n: Int, steps: Int) -> Double {
        guard steps > 0 else { return 1 }
        let divisor = greatestCommonDivisor(m, n)
        let height = steps / divisor
        let probability =
            m == n ? outsideSquare(n, height) : outsideBand(max(m, n), min(m, n), divisor, height)
        return min(1, max(0, probability))
    }

    /// Equal sizes: the reflection principle in closed form, 2·A₀(1 − A₁(1 − A₂(…))).
    private static func outsideSquare(_ n: Int, _ height: Int) -> Double {
        var sum = 0.0
        for k in stride(from: n / height, through: 0, by: -1) {
            var product = 1.0
            for j in 0..<height {
                product = Double(n - k * height - j) * product / Double(n + k * height + j + 1)
            }
            sum = product * (1 - sum)
        }
        return 2 * sum
    }

    /// Unequal sizes, m > n: column by column, the probability that a random path to (i, j) has left the band. Inside the
    /// band it is the mean of its two neighbours weighted i : j; outside it is one. O(m·n·D) steps.
    private static func outsideBand(_ m: Int, _ n: Int, _ divisor: Int, _ height: Int) -> Double {
        let (mg, ng) = (m / divisor, n / divisor)
        var first = 0
        var end = min((height + mg - 1) / mg, n + 1)
        var column = [Double](repeating: 1, count: min(2 * end + 2, n + 1))
        for index in first..<end { column[index] = 0 }
        // Multiplying by a reciprocal keeps the division off the chain that each step waits for.
        let reciprocals = (0...(m + n)).map { 1 / Double(max(1, $0)) }
        var length = end - first
        for i in 1...m {
            let (lastFirst, lastLength) = (first, length)
            first = min(max(floorDivide(ng * i - height, mg) + 1, 0), n)
            end = min((ng * i + height + mg - 1) / mg, n + 1)
            guard end > first else { return 1 }
            length = end - first
            step(&column, row: i, rows: first..<end, shift: first - lastFirst, reciprocals: reciprocals)
            if lastLength > length {
                for index in length..<lastLength { column[index] = 1 }
            }
        }
        return column[length - 1]
    }

    private static func step(
        _ column: inout [Double], row i: Int, rows: Range<Int>, shift: Int, reciprocals: [Double]
    ) {
        let horizontal = Double(i)
        column.withUnsafeMutableBufferPointer { column in
            reciprocals.withUnsafeBufferPointer { reciprocals in
                var value = rows.lowerBound == 0 ? 0.0 : 1.0
                for index in 0..<rows.count {
                    let j = rows.lowerBound + index
                    let inverse = reciprocals[i + j]
                    value = column[index + shift] * (horizontal * inverse) + value * (Double(j) * inverse)
                    column[index] = value
                }
            }
        }
    }

    private static func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((-a + b - 1) / b) }
}
