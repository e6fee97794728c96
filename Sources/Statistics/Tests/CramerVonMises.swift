import CBoostMath
import Foundation

/// The law of the Cramér–von Mises statistic.
enum CramerVonMises {
    /// P(ω² > x) of the limit law of ω² = ∫B(t)² dt over a Brownian bridge, by Smirnov's formula (1936; Anderson and
    /// Darling 1952): (2/π)·Σⱼ (−1)^(j+1) ∫ exp(−x·s²/2)/√(s·|sin s|) ds over s from (2j − 1)π to 2jπ. The integrand's ends
    /// are those of the Chebyshev weight, so that Gauss–Chebyshev nodes converge at once. Unlike one minus the
    /// distribution function it keeps its digits in the tail.
    ///
    /// x = 0.46136: 0.05.
    static func limit(tailAbove x: Double) -> Double {
        // Below, the probability differs from one by less than 10⁻¹².
        guard x > 0.004 else { return 1 }
        var sum = 0.0
        for j in 1... {
            let start = Double(2 * j - 1) * Double.pi
            let largest = exp(-x * start * start / 2)
            let part = nodes.reduce(0) { part, node in
                let s = start + node.offset
                return part + node.weight * exp(-x * s * s / 2) / s.squareRoot()
            }
            sum += j.isMultiple(of: 2) ? -part : part
            if largest < 1e-18 { break }
        }
        return min(1, max(0, 2 / Double.pi * sum))
    }

    /// Offsets within (0, π) and weights, with √(u(π − u)/sin u) in them.
    private static let nodes: [(offset: Double, weight: Double)] = (1...64).map { index in
        let angle = Double(2 * index - 1) * Double.pi / 128
        let (sine, cosine) = (sin(angle / 2), cos(angle / 2))
        let (u, rest) = (Double.pi * sine * sine, Double.pi * cosine * cosine)
        return (u, Double.pi / 64 * (u * rest / sin(min(u, rest))).squareRoot())
    }

    /// P(T ≥ t) for two samples of m and n values without ties: the share of all arrangements, counted by the recursion
    /// of Xiao, Gordon and Yakovlev 2006 (algorithm 1).
    /// - Parameter u: Anderson's U = m·Σ(rᵢ − i)² + n·Σ(sⱼ − j)², an integer.
    static func exact(u: Double, _ m: Int, _ n: Int) -> Double {
        let multiple = m / greatestCommonDivisor(m, n) * n
        let (a, b) = (multiple / m, multiple / n)
        let product = m * n
        let excess = 6 * Int(u) - product * (4 * product - 1)
        let wanted = floorDivide(multiple * multiple * (m + n) * excess, 6 * product * product)
        var table = [FrequencyTable([0], [1])] + Array(repeating: FrequencyTable([], []), count: m)
        for column in 0...n {
            var path = FrequencyTable([], [])
            for row in 0...m {
                path.merge(table[row])
                let difference = a * row - b * column
                path.shift(by: difference * difference)
                table[row] = path
            }
        }
        return min(1, table[m].count(atLeast: wanted) / table[m].count(atLeast: .min))
    }

    private static func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((-a + b - 1) / b) }
}

/// How many paths have each value, ascending.
private struct FrequencyTable {
    private var values: [Int]
    private var frequencies: [Double]

    init(_ values: [Int], _ frequencies: [Double]) {
        self.values = values
        self.frequencies = frequencies
    }

    mutating func shift(by amount: Int) {
        guard amount > 0 else { return }
        for index in values.indices { values[index] += amount }
    }

    mutating func merge(_ other: FrequencyTable) {
        guard !other.values.isEmpty else { return }
        var merged = FrequencyTable([], [])
        merged.values.reserveCapacity(values.count + other.values.count)
        merged.frequencies.reserveCapacity(values.count + other.values.count)
        var (i, j) = (0, 0)
        while i < values.count || j < other.values.count {
            let left = i < values.count ? values[i] : .max
            let right = j < other.values.count ? other.values[j] : .max
            let value = min(left, right)
            merged.values.append(value)
            merged.frequencies.append(
                (left == value ? frequencies[i] : 0) + (right == value ? other.frequencies[j] : 0))
            i += left == value ? 1 : 0
            j += right == value ? 1 : 0
        }
        self = merged
    }

    func count(atLeast least: Int) -> Double {
        zip(values, frequencies).reduce(0) { $0 + ($1.0 >= least ? $1.1 : 0) }
    }
}
