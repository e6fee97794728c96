extension TwoSampleTests {
    static let maximumExact = 10_000

    /// The two-sided two-sample Kolmogorov–Smirnov test: D = sup|F − G|, and how likely one as large is without a
    /// difference. Equals SciPy's `ks_2samp`; with ties the p-value is that of the untied law, which is conservative.
    ///
    /// Values that are not finite are left out. Without a value on a side the status is `noData`.
    ///
    /// (1, 2, 3, 4) against (3, 4, 5, 6): D = 0.5, p = 0.771.
    public static func kolmogorovSmirnov(_ a: [Double], _ b: [Double], method: Method = .automatic) -> TestResult {
        let (first, second) = (sortedFinite(a), sortedFinite(b))
        guard !first.isEmpty, !second.isEmpty else {
            return TestResult(statistic: 0, pValue: 1, method: "exact", status: .noData)
        }
        let (m, n) = (first.count, second.count)
        let steps = largestDifference(first, second)
        let statistic = Double(steps) / (Double(m) * Double(n))
        let isExact =
            switch method {
            case .automatic: max(m, n) <= maximumExact
            case .exact: m / greatestCommonDivisor(m, n) < Int(Int32.max) / (n / greatestCommonDivisor(m, n))
            case .asymptotic: false
            }
        guard isExact else {
            return TestResult(
                statistic: statistic, pValue: asymptoticPValue(statistic, m, n), method: "asymptotic")
        }
        return TestResult(
            statistic: statistic, pValue: PathProbability.outside(m, n, steps: steps), method: "exact")
    }

    /// The finite-sample law at the effective size, rounded half to even as numpy does.
    static func asymptoticPValue(_ statistic: Double, _ m: Int, _ n: Int) -> Double {
        let size = (Double(m) * Double(n) / (Double(m) + Double(n))).rounded(.toNearestOrEven)
        // Two samples of one: no effective size is left.
        guard size >= 1 else { return 1 }
        return Kolmogorov.twoSided(tailAbove: statistic, samples: Int(size))
    }

    static func sortedFinite(_ values: [Double]) -> [Double] {
        var finite = values.filter(\.isFinite)
        finite.sort()
        return finite
    }

    /// D·m·n, an integer: the largest |i·n − j·m| over all values x, with i and j the values ≤ x on each side.
    private static func largestDifference(_ a: [Double], _ b: [Double]) -> Int {
        var (i, j, largest) = (0, 0, 0)
        while i < a.count, j < b.count {
            let value = min(a[i], b[j])
            while i < a.count, a[i] == value { i += 1 }
            while j < b.count, b[j] == value { j += 1 }
            largest = max(largest, abs(i * b.count - j * a.count))
        }
        return largest
    }
}

func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
