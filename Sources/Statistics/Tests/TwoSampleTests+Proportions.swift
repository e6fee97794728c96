import CBoostMath
import Foundation

extension TwoSampleTests {
    /// Fisher's exact test of a 2×2 table (1922): a hits among m, b among n. Given the margins the hits are
    /// hypergeometric; two-sided the p-value is the probability of all tables that are at most as likely as this one.
    /// Equals SciPy's `fisher_exact([[a, m − a], [b, n − b]])`. The statistic is the sample's odds ratio a(n − b)/(b(m − a)),
    /// 0 where it is not finite. `less`: the first sample has fewer hits. For counts up to 2³¹ in all, else `error`.
    ///
    /// 8 of 10 against 1 of 6: odds ratio 20, p = 0.0350.
    public static func fisherExact(
        _ a: Int64, of m: Int64, _ b: Int64, of n: Int64, alternative: Alternative = .twoSided
    ) -> TestResult {
        precondition(0 <= a && a <= m && 0 <= b && b <= n, "hits are among the trials")
        guard m > 0, n > 0 else { return TestResult(statistic: 0, pValue: 1, method: "exact", status: .noData) }
        guard m < 1 << 31, n < 1 << 31, m + n < 1 << 31 else {
            return TestResult(statistic: 0, pValue: 1, method: "exact", status: .error)
        }
        let odds = Double(a) * Double(n - b) / (Double(b) * Double(m - a))
        let law = HypergeometricLaw(marked: a + b, draws: m, total: m + n)
        let tail =
            switch alternative {
            case .twoSided: law.probability { $1 <= law.weight(of: a) * (1 + 1e-7) }
            case .less: law.probability { value, _ in value <= a }
            case .greater: law.probability { value, _ in value >= a }
            }
        return TestResult(statistic: odds.isFinite ? odds : 0, pValue: tail, method: "exact")
    }

    /// The z-test of "both proportions are equal" with the pooled variance: a hits among m, b among n, a/m − b/n over its
    /// standard error. Equals statsmodels' `proportions_ztest`; z² is the 2×2 chi-square statistic.
    ///
    /// Where an expected count is below 5 the status is `insufficient` (use Fisher's test); no hit or no miss at all: 0,
    /// p = 1. `less`: the first proportion is the smaller.
    ///
    /// 30 of 100 against 45 of 100: z = −2.191, p = 0.0285.
    public static func twoProportions(
        _ a: Int64, of m: Int64, _ b: Int64, of n: Int64, alternative: Alternative = .twoSided
    ) -> TestResult {
        precondition(0 <= a && a <= m && 0 <= b && b <= n, "hits are among the trials")
        guard m > 0, n > 0 else { return TestResult(statistic: 0, pValue: 1, method: "normal", status: .noData) }
        let (first, second) = (Double(m), Double(n))
        let share = (Double(a) + Double(b)) / (first + second)
        guard share > 0, share < 1 else { return TestResult(statistic: 0, pValue: 1, method: "normal") }
        let error = (share * (1 - share) * (1 / first + 1 / second)).squareRoot()
        let z = (Double(a) / first - Double(b) / second) / error
        let tail: Double =
            switch alternative {
            case .twoSided: 2 * td_normal_upper_tail(z.magnitude)
            case .less: td_normal_lower_tail(z)
            case .greater: td_normal_upper_tail(z)
            }
        let smallest = min(share, 1 - share) * min(first, second)
        return TestResult(
            statistic: z, pValue: min(1, tail), method: "normal",
            status: smallest < minimumExpected ? .insufficient : .ok)
    }
}

/// The marked ones among `draws` of `total`, of which `marked` are marked: probabilities as weights about the mode, by the
/// ratio of neighbours, so that thousands of tables cost no factorial.
private struct HypergeometricLaw {
    private let first: Int64
    private let weights: [Double]
    private let sum: Double

    init(marked: Int64, draws: Int64, total: Int64) {
        let (lowest, highest) = (max(0, marked + draws - total), min(marked, draws))
        let ratio = { (value: Int64) -> Double in
            // P(value + 1)/P(value)
            Double(marked - value) * Double(draws - value)
                / (Double(value + 1) * Double(total - marked - draws + value + 1))
        }
        let mean = (Double(marked) + 1) * (Double(draws) + 1) / (Double(total) + 2)
        let mode = min(highest, max(lowest, Int64(mean)))
        var above: [Double] = []
        var weight = 1.0
        for value in mode..<highest {
            weight *= ratio(value)
            guard weight > 1e-300 else { break }
            above.append(weight)
        }
        var below: [Double] = []
        weight = 1
        var value = mode
        while value > lowest {
            value -= 1
            weight /= ratio(value)
            guard weight > 1e-300 else { break }
            below.append(weight)
        }
        first = mode - Int64(below.count)
        weights = below.reversed() + [1] + above
        // The small ones first.
        sum = weights.sorted().reduce(0, +)
    }

    func weight(of value: Int64) -> Double {
        let index = Int(value - first)
        return weights.indices.contains(index) ? weights[index] : 0
    }

    func probability(_ isCounted: (_ value: Int64, _ weight: Double) -> Bool) -> Double {
        var counted: [Double] = []
        for (index, weight) in weights.enumerated() where isCounted(first + Int64(index), weight) {
            counted.append(weight)
        }
        return min(1, counted.sorted().reduce(0, +) / sum)
    }
}
