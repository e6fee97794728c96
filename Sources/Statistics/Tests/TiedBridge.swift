import CBoostMath

/// Σ w·M² under ties without a difference, in the limit: M is half the sum of a Brownian bridge's values before and after a
/// tied value. The limit law of the Cramér–von Mises (w = p, the share of the value) and Anderson–Darling statistics
/// (w = p/Var M) on tied data.
///
/// A quadratic form of normal values has the cumulants tr K, 2·tr K² and 8·tr K³ of its kernel √(ww′)·Cov(M, M′). Between two
/// tied values with midranks h < h′ the covariance is h(1 − h′), on the diagonal h(1 − h) − p/4: all traces are running
/// sums.
struct TiedBridge {
    let mean: Double
    let variance: Double
    /// Third cumulant over variance^1.5.
    let skewness: Double

    /// - Parameter weight: of a tied value, from its share p and Var M.
    init(_ groups: RankedGroups, weight: (_ p: Double, _ variance: Double) -> Double) {
        struct Value { var h, weight, own: Double }
        let total = groups.total
        var left = 0.0
        let values = groups.pooled.map { run in
            let p = run / total
            let h = left + p / 2
            left += p
            let variance = h * (1 - h) - p / 4
            let weight = variance > 0 ? weight(p, variance) : 0
            return Value(h: h, weight: weight, own: weight * variance)
        }
        // Σ w·h² of the values before, Σ w·(1 − h)² of those after.
        var before = 0.0
        var after = values.reduce(0) { $0 + $1.weight * (1 - $1.h) * (1 - $1.h) }
        var traces = (first: 0.0, second: 0.0, third: 0.0)
        for value in values {
            let (h, rest) = (value.h, 1 - value.h)
            after = max(0, after - value.weight * rest * rest)
            let others = rest * rest * before + h * h * after
            traces.first += value.own
            traces.second += value.own * value.own + value.weight * others
            traces.third +=
                value.own * value.own * value.own + 3 * value.own * value.weight * others
                + 6 * before * value.weight * h * rest * after
            before += value.weight * h * h
        }
        mean = traces.first
        variance = 2 * traces.second
        skewness = variance > 0 ? 8 * traces.third / (variance * variance.squareRoot()) : 0
    }

    /// By what a p-value of the law without ties has to be multiplied at a standardised statistic: the ratio of the tails
    /// of the two χ² laws that have the one's and the other's skewness (Pearson's third-moment approximation).
    func tailRatio(at z: Double, skewness other: Double) -> Double {
        let (tied, untied) = (Self.tail(z, skewness), Self.tail(z, other))
        return untied > 0 ? tied / untied : 1
    }

    private static func tail(_ z: Double, _ skewness: Double) -> Double {
        guard skewness > 0 else { return td_normal_upper_tail(z) }
        let degrees = 8 / (skewness * skewness)
        return td_chi_squared_upper_tail(max(0, degrees + z * (2 * degrees).squareRoot()), degrees)
    }
}
