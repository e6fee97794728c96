import Foundation

extension TwoSampleTests {
    /// The k-sample Anderson–Darling test with midranks (Scholz and Stephens 1987, equation 7): the squared difference of
    /// each sample's distribution function from the common one, divided by its variance, so that the tails weigh as much
    /// as the middle. The statistic is normalised: (A² − (k − 1))/σ, about zero without a difference. Equals SciPy's
    /// `anderson_ksamp(midrank=True)`.
    ///
    /// The p-value is SciPy's, interpolated from the table of the paper: never below 0.001 nor above 0.25, where it only
    /// says "at most" and "at least". Under ties the statistic spreads more than σ says (a column of two values would be
    /// rejected in 11 % of cases at 0.05): the p-value is then taken at the statistic divided by how much more, and
    /// corrected for its skewness (`TiedBridge`).
    ///
    /// Fewer than four values in all: `insufficient`. One value only: 0, p = 1.
    /// - Parameter correctsTies: without, the p-value is SciPy's under ties too.
    public static func andersonDarling(_ samples: [[Double]], correctsTies: Bool = true) -> TestResult {
        precondition(samples.count > 1, "a comparison needs two samples")
        guard let groups = RankedGroups(samples) else {
            return TestResult(statistic: 0, pValue: 1, method: "interpolated", status: .noData)
        }
        return andersonDarling(groups, correctsTies: correctsTies)
    }

    static func andersonDarling(_ groups: RankedGroups, correctsTies: Bool = true) -> TestResult {
        guard groups.total >= 4 else {
            return TestResult(statistic: 0, pValue: 1, method: "interpolated", status: .insufficient)
        }
        guard groups.distinct > 1 else { return TestResult(statistic: 0, pValue: 1, method: "interpolated") }
        let others = Double(groups.sizes.count - 1)
        let spread = AndersonDarling.variance(groups.sizes).squareRoot()
        let statistic = (AndersonDarling.midrankStatistic(groups) - others) / spread
        let pValue =
            correctsTies && groups.hasTies
            ? AndersonDarling.tiedPValue(statistic, groups) : AndersonDarling.pValue(statistic, others: others)
        return TestResult(statistic: statistic, pValue: pValue, method: "interpolated")
    }
}

/// The parts of the k-sample Anderson–Darling test.
enum AndersonDarling {
    /// A²ₐₖₙ, equation 7.
    static func midrankStatistic(_ groups: RankedGroups) -> Double {
        let total = groups.total
        var below = 0.0
        var belows = groups.sizes.map { _ in 0.0 }
        var sum = 0.0
        for (index, run) in groups.pooled.enumerated() {
            let middle = below + run / 2
            let variance = middle * (total - middle) - total * run / 4
            for group in groups.sizes.indices {
                let count = groups.counts[group][index]
                let difference = total * (belows[group] + count / 2) - middle * groups.sizes[group]
                sum += run / total * difference * difference / variance / groups.sizes[group]
                belows[group] += count
            }
            below += run
        }
        return sum * (total - 1) / total
    }

    /// The variance of A² without ties, equation 4.
    static func variance(_ sizes: [Double]) -> Double {
        let (k, total) = (Double(sizes.count), sizes.reduce(0, +))
        let inverse = sizes.reduce(0) { $0 + 1 / $1 }
        let (h, g) = harmonics(total)
        let a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverse
        let b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6
        let c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverse + 4 * h
        let d = (2 * h + 6) * k * k - 4 * h * k
        return (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3))
    }

    /// h = Σ 1/i for 0 < i < N, and g = ΣΣ 1/((N − i)·j) for 0 < i < N − 1 and i < j < N. Beyond 100,000 values by their
    /// expansions, which are then right to nine digits.
    private static func harmonics(_ total: Double) -> (h: Double, g: Double) {
        guard total <= 100_000 else {
            let eulersConstant = 0.577_215_664_901_532_9
            let h = log(total) + eulersConstant - 1 / (2 * total)
            return (h, Double.pi * Double.pi / 6 - (2 * h + 1) / total)
        }
        var (h, g) = (0.0, 0.0)
        for i in 1..<Int(total) - 1 {
            h += 1 / (total - Double(i))
            g += h / (Double(i) + 1)
        }
        return (h + 1, g)
    }

    /// The p-value under ties. In the limit A² is the sum of k − 1 independent forms of one law: without ties with variance
    /// 2(π²/3 − 3) and third cumulant 8(10 − π²).
    static func tiedPValue(_ statistic: Double, _ groups: RankedGroups) -> Double {
        let others = Double(groups.sizes.count - 1)
        let bridge = TiedBridge(groups) { p, variance in p / variance }
        let square = Double.pi * Double.pi
        let untied = 2 * (square / 3 - 3)
        let z = statistic / max(1, (bridge.variance / untied).squareRoot())
        let plain = pValue(z, others: others)
        guard plain < table[0].level else { return plain }
        let skewness = 8 * (10 - square) / (untied * untied.squareRoot())
        // Beyond the table `plain` stays where it is, and so must what it is multiplied by.
        let last = table[table.count - 1]
        let critical = last.b0 + last.b1 / others.squareRoot() + last.b2 / others
        let ratio = others > 1 ? 1 : bridge.tailRatio(at: min(z, critical), skewness: skewness)
        return min(table[0].level, max(table[table.count - 1].level, plain * ratio))
    }

    /// SciPy's p-value: a parabola through the logarithms of the table's levels, by least squares, held within them.
    static func pValue(_ statistic: Double, others: Double) -> Double {
        let critical = table.map { $0.b0 + $0.b1 / others.squareRoot() + $0.b2 / others }
        if statistic < critical[0] { return table[0].level }
        if statistic > critical[critical.count - 1] { return table[table.count - 1].level }
        let levels = table.map { log($0.level) }
        let center = critical.reduce(0, +) / Double(critical.count)
        let x = critical.map { $0 - center }
        func moment(_ power: Int, _ y: [Double]? = nil) -> Double {
            x.indices.reduce(0) { $0 + pow(x[$1], Double(power)) * (y?[$1] ?? 1) }
        }
        // Normal equations; the first moment is zero.
        let (s0, s2, s3, s4) = (moment(0), moment(2), moment(3), moment(4))
        let (t0, t1, t2) = (moment(0, levels), moment(1, levels), moment(2, levels))
        let quadratic = (t2 - s2 * t0 / s0 - s3 * t1 / s2) / (s4 - s2 * s2 / s0 - s3 * s3 / s2)
        let linear = (t1 - quadratic * s3) / s2
        let constant = (t0 - quadratic * s2) / s0
        let distance = statistic - center
        return min(1, exp(constant + distance * (linear + distance * quadratic)))
    }

    /// Table 2: the critical value of a level is b₀ + b₁/√(k − 1) + b₂/(k − 1).
    private static let table: [(level: Double, b0: Double, b1: Double, b2: Double)] = [
        (0.25, 0.675, -0.245, -0.105), (0.1, 1.281, 0.25, -0.305), (0.05, 1.645, 0.678, -0.362),
        (0.025, 1.96, 1.149, -0.391), (0.01, 2.326, 1.822, -0.396), (0.005, 2.573, 2.364, -0.345),
        (0.001, 3.085, 3.615, -0.154),
    ]
}
