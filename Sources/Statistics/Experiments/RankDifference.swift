import CBoostMath

/// The shift between two samples by ranks.
public enum RankDifference {
    /// The Mann–Whitney test (`TwoSampleTests.mannWhitney`, treatment first) with the shift of Hodges and Lehmann 1963,
    /// the median of all differences treatment − control, and its interval after Moses: the differences at the ranks
    /// mn/2 ± z·√(the variance of U). The effect size is P(treatment > control) + ½P(equal).
    ///
    /// It answers "does the treatment shift the distribution?", which an outlier cannot fake; it is no test of the means,
    /// and so not of money. Values that are not finite are left out; ties count half. O((m + n)·log).
    ///
    /// (1, 2, 3, 4) against (3.5, 5, 6, 7): U = 15, shift 3 (−0.5…6), p = 0.0571.
    public static func mannWhitney(control: [Double], treatment: [Double], alpha: Double = 0.05) -> ExperimentEffect {
        let (first, second) = (control.filter(\.isFinite).sorted(), treatment.filter(\.isFinite).sorted())
        guard !first.isEmpty, !second.isEmpty else {
            return ExperimentEffect(method: "mann_whitney", status: .noData)
        }
        let test = TwoSampleTests.mannWhitney(second, first)
        let (m, n) = (Double(first.count), Double(second.count))
        let pairs = first.count * second.count
        let deviation = (m * n * (m + n + 1) / 12).squareRoot()
        let rank = Int((m * n / 2 - td_normal_quantile(1 - alpha / 2) * deviation).rounded())
        let differences = PairDifferences(first, second)
        let median = (differences.value(rank: (pairs + 1) / 2) + differences.value(rank: pairs / 2 + 1)) / 2
        // Below rank 1 no difference is small enough: the samples are too small for this level.
        let isBounded = rank >= 1
        return ExperimentEffect(
            method: "mann_whitney", status: test.status, difference: median,
            low: isBounded ? differences.value(rank: rank) : nil,
            high: isBounded ? differences.value(rank: pairs + 1 - rank) : nil, statistic: test.statistic,
            pValue: test.pValue, effectSize: test.statistic / (m * n))
    }
}

/// The order statistics of all differences of two sorted samples, without the m·n of them in memory.
private struct PairDifferences {
    let control: [Double]
    let treatment: [Double]

    init(_ control: [Double], _ treatment: [Double]) {
        self.control = control
        self.treatment = treatment
    }

    /// The difference with `rank − 1` below or equal, by bisection on the values in the order of their bits.
    func value(rank: Int) -> Double {
        var low = Self.key(bound(treatment[0] - control[control.count - 1]))
        var high = Self.key(bound(treatment[treatment.count - 1] - control[0]))
        while low < high {
            // Their mean without overflow.
            let middle = (low & high) + ((low ^ high) >> 1)
            if count(atMost: Self.number(middle)) >= rank { high = middle } else { low = middle + 1 }
        }
        return Self.number(low)
    }

    private func bound(_ value: Double) -> Double {
        max(-.greatestFiniteMagnitude, min(.greatestFiniteMagnitude, value))
    }

    private func count(atMost limit: Double) -> Int {
        var (counted, index) = (0, control.count)
        // The larger the treatment's value, the more of the control's small ones are too far below it.
        for value in treatment {
            while index > 0, value - control[control.count - index] > limit { index -= 1 }
            counted += index
        }
        return counted
    }

    /// Integers in the order of the numbers.
    private static func key(_ number: Double) -> Int64 {
        let bits = Int64(bitPattern: number.bitPattern)
        return bits >= 0 ? bits : Int64.min &- bits
    }

    private static func number(_ key: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: key >= 0 ? key : Int64.min &- key))
    }
}
