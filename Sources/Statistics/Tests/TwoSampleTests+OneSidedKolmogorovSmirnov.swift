import Foundation

extension TwoSampleTests {
    /// The one-sided two-sample Kolmogorov–Smirnov test, with F the first sample's distribution function and G the
    /// second's: `greater` takes D⁺ = max(F − G) (the first sample's values tend to be smaller), `less` takes max(G − F).
    /// Equals SciPy's `ks_2samp`; `twoSided` is `kolmogorovSmirnov(_:_:method:)`.
    ///
    /// Exact by counting lattice paths in O(mn) (Hodges 1958), else his formula 5.3.
    ///
    /// (1, 2, 3, 4) against (3, 4, 5, 6), greater: D⁺ = 0.5, p = 0.4.
    public static func kolmogorovSmirnov(
        _ a: [Double], _ b: [Double], alternative: Alternative, method: Method = .automatic
    ) -> TestResult {
        switch alternative {
        case .twoSided: return kolmogorovSmirnov(a, b, method: method)
        case .less: return kolmogorovSmirnov(b, a, alternative: .greater, method: method)
        case .greater: break
        }
        let (first, second) = (sortedFinite(a), sortedFinite(b))
        guard !first.isEmpty, !second.isEmpty else {
            return TestResult(statistic: 0, pValue: 1, method: "exact", status: .noData)
        }
        let (m, n) = (first.count, second.count)
        let steps = largestExcess(first, second)
        let statistic = Double(steps) / (Double(m) * Double(n))
        if method == .exact || (method == .automatic && max(m, n) <= maximumExact) {
            let pValue = PathProbability.above(m, n, steps: steps)
            return TestResult(statistic: statistic, pValue: pValue, method: "exact")
        }
        let (larger, smaller) = (Double(max(m, n)), Double(min(m, n)))
        let size = larger * smaller / (larger + smaller)
        let z = size.squareRoot() * statistic
        let correction = 2 * z * (larger + 2 * smaller) / (larger * smaller * (larger + smaller)).squareRoot() / 3
        return TestResult(
            statistic: statistic, pValue: min(1, exp(-2 * z * z - correction)), method: "asymptotic")
    }

    /// D⁺·m·n, the largest i·n − j·m over all values x, with i and j the values ≤ x on each side.
    private static func largestExcess(_ a: [Double], _ b: [Double]) -> Int {
        var (i, j, largest) = (0, 0, 0)
        while i < a.count, j < b.count {
            let value = min(a[i], b[j])
            while i < a.count, a[i] == value { i += 1 }
            while j < b.count, b[j] == value { j += 1 }
            largest = max(largest, i * b.count - j * a.count)
        }
        // Beyond the end of either sample F − G only falls, or is not positive.
        return largest
    }
}

extension PathProbability {
    /// The share of lattice paths from (0, 0) to (m, n) with i·n − j·m ≥ steps somewhere.
    static func above(_ m: Int, _ n: Int, steps: Int) -> Double {
        guard steps > 0 else { return 1 }
        if m == n { return aboveSquare(n, steps / n) }
        // row[j]: the probability that a random path to (i, j) has been above; its last step came from either neighbour.
        var row = [Double](repeating: 0, count: n + 1)
        for i in 0...m {
            for j in 0...n {
                if i * n - j * m >= steps {
                    row[j] = 1
                } else if i == 0 {
                    row[j] = 0
                } else if j > 0 {
                    let length = Double(i + j)
                    row[j] = row[j] * (Double(i) / length) + row[j - 1] * (Double(j) / length)
                }
            }
        }
        return min(1, row[n])
    }

    /// Equal sizes: the reflection principle, C(2n, n − h)/C(2n, n).
    private static func aboveSquare(_ n: Int, _ height: Int) -> Double {
        (0..<height).reduce(1) { $0 * Double(n - $1) / Double(n + $1 + 1) }
    }
}
