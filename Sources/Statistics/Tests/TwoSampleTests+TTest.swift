import CBoostMath
import Foundation

extension TwoSampleTests {
    /// Whether the two variances are one.
    public enum Variances: Sendable {
        /// Welch 1947: each sample has its own.
        case unequal
        /// Student 1908: pooled.
        case equal
    }

    /// The t-test of "both means are equal": difference of the means over its standard error, a minus b. Welch's by
    /// default, with the degrees of freedom of Welch and Satterthwaite. Equals SciPy's `ttest_ind(equal_var=…)`.
    ///
    /// Skewness moves the law of t away from Student's in samples of different sizes (in equal ones it cancels). Where
    /// |skewness|·|1/n² − 1/m²|/(1/m + 1/n)^1.5 of the pooled values passes 0.2 the size can no longer be trusted: the
    /// status is `insufficient`, and statistic and p-value are there all the same. Fewer than two values on a side, or two
    /// different constants, are `insufficient` without; the same constant twice: 0, p = 1.
    ///
    /// (1, 2, 3, 4) against (3, 4, 5, 6): t = −2.191, 6 degrees of freedom, p = 0.0710.
    public static func tTest(
        _ a: [Double], _ b: [Double], variances: Variances = .unequal, alternative: Alternative = .twoSided
    ) -> TestResult {
        let nothing = TestResult(statistic: 0, pValue: 1, method: "student_t", status: .noData)
        let all = (a + b).filter(\.isFinite)
        // A power of two, so that scaling loses no digit and nothing overflows.
        let scale = TMoments.scale(all)
        guard let first = TMoments(a, scale), let second = TMoments(b, scale) else { return nothing }
        let (m, n) = (first.count, second.count)
        guard min(m, n) >= 2 else {
            return TestResult(statistic: 0, pValue: 1, method: "student_t", status: .insufficient)
        }
        let parts: (Double, Double)
        let degrees: Double
        switch variances {
        case .unequal:
            parts = (first.squares / (m - 1) / m, second.squares / (n - 1) / n)
            let sum = parts.0 + parts.1
            let shares = (parts.0 / sum, parts.1 / sum)
            degrees = 1 / (shares.0 * shares.0 / (m - 1) + shares.1 * shares.1 / (n - 1))
        case .equal:
            let pooled = (first.squares + second.squares) / (m + n - 2)
            parts = (pooled / m, pooled / n)
            degrees = m + n - 2
        }
        let error = (parts.0 + parts.1).squareRoot()
        guard error > 0, degrees.isFinite else {
            let isSame = first.mean == second.mean
            return TestResult(statistic: 0, pValue: 1, method: "student_t", status: isSame ? .ok : .insufficient)
        }
        let statistic = (first.mean - second.mean) / error
        guard statistic.isFinite else {
            return TestResult(statistic: 0, pValue: 1, method: "student_t", status: .insufficient)
        }
        let tail: Double =
            switch alternative {
            case .twoSided: 2 * td_student_t_upper_tail(statistic.magnitude, degrees)
            case .less: td_student_t_upper_tail(-statistic, degrees)
            case .greater: td_student_t_upper_tail(statistic, degrees)
            }
        let isSkewed = TMoments.distortion(a, b, scale) > maximumDistortion
        return TestResult(
            statistic: statistic, pValue: min(1, max(0, tail)), method: "student_t", degreesOfFreedom: degrees,
            status: isSkewed ? .insufficient : .ok)
    }

    private static let maximumDistortion = 0.2
}

/// Count, mean and sum of squared deviations of the scaled finite values.
private struct TMoments {
    let count: Double
    let mean: Double
    let squares: Double

    init?(_ values: [Double], _ scale: Double) {
        let finite = values.filter(\.isFinite)
        guard let first = finite.first else { return nil }
        count = Double(finite.count)
        // A constant has its own value as mean, to the last digit.
        let isConstant = finite.allSatisfy { $0 == first }
        let mean = isConstant ? first * scale : finite.reduce(0) { $0 + $1 * scale } / count
        self.mean = mean
        squares = isConstant ? 0 : finite.reduce(0) { $0 + ($1 * scale - mean) * ($1 * scale - mean) }
    }

    static func scale(_ values: [Double]) -> Double {
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        if largest > 0x1p400 { return 0x1p-600 }
        return largest < 0x1p-400 ? 0x1p600 : 1
    }

    /// The first term of the Edgeworth expansion of t under "both samples have one distribution", with the skewness of all
    /// values about their own sample's mean.
    static func distortion(_ a: [Double], _ b: [Double], _ scale: Double) -> Double {
        guard let first = TMoments(a, scale), let second = TMoments(b, scale) else { return 0 }
        func cubes(_ values: [Double], _ moments: TMoments) -> Double {
            values.reduce(0) { sum, value in
                let deviation = value.isFinite ? value * scale - moments.mean : 0
                return sum + deviation * deviation * deviation
            }
        }
        let (m, n) = (first.count, second.count)
        let variance = (first.squares + second.squares) / (m + n)
        guard variance > 0 else { return 0 }
        let skewness = (cubes(a, first) + cubes(b, second)) / (m + n) / pow(variance, 1.5)
        let distortion = skewness.magnitude * (1 / (n * n) - 1 / (m * m)).magnitude / pow(1 / m + 1 / n, 1.5)
        return distortion.isFinite ? distortion : .infinity
    }
}
