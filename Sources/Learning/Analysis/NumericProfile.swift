/// The numbers of one column, from its finite values in ascending order.
public struct NumericProfile: Sendable, Equatable {
    /// Values outside two fences.
    public struct Outliers: Sendable, Equatable {
        public var low: Double
        public var high: Double
        public var below: Int
        public var above: Int

        public var count: Int { below + above }
    }

    /// Finite values.
    public var count: Int
    public var distinct: Int
    /// Whether all are whole numbers.
    public var isWhole: Bool
    public var zeros: Int
    public var negatives: Int
    public var minimum: Double
    public var maximum: Double
    public var mean: Double?
    /// With n − 1; `nil` for fewer than two values.
    public var standardDeviation: Double?
    /// Adjusted Fisher–Pearson G₁, as pandas has it; `nil` for fewer than three values or a constant.
    public var skewness: Double?
    /// Excess, G₂, as pandas has it; `nil` for fewer than four values or a constant.
    public var kurtosis: Double?
    /// At `NumericProfile.levels`, by linear interpolation (Hyndman and Fan's type 7).
    public var quantiles: [Double]
    /// Median of the distances from the median, unscaled.
    public var medianAbsoluteDeviation: Double
    /// Tukey's fences: 1.5 interquartile ranges outside the quartiles. `nil` where the quartiles are equal.
    public var quartileOutliers: Outliers?
    /// |0.6745(x − median)/MAD| > 3.5 (Iglewicz and Hoaglin 1993). `nil` where half of the values or more are equal.
    public var robustOutliers: Outliers?

    public static let levels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

    public var median: Double { quantiles[3] }
    public var quartiles: (low: Double, high: Double) { (quantiles[2], quantiles[4]) }

    /// - Precondition: finite values, ascending, at least one.
    init(sorted: [Double]) {
        precondition(!sorted.isEmpty, "a profile of numbers needs one")
        count = sorted.count
        minimum = sorted[0]
        maximum = sorted[sorted.count - 1]
        var distinct = 1
        var isWhole = true
        var previous = sorted[0]
        for value in sorted {
            if value != previous { distinct &+= 1 }
            isWhole = isWhole && value == value.rounded(.towardZero)
            previous = value
        }
        self.distinct = distinct
        self.isWhole = isWhole
        negatives = SortedSearch.countBelow(0, in: sorted)
        zeros = SortedSearch.countUpTo(0, in: sorted) - negatives
        quantiles = Self.levels.map { Self.quantile($0, of: sorted) }
        medianAbsoluteDeviation = Self.medianDistance(sorted, from: quantiles[3])
        let moments = NumericMoments(sorted)
        (mean, standardDeviation) = (moments.mean, moments.standardDeviation)
        (skewness, kurtosis) = (moments.skewness, moments.kurtosis)
        let width = quantiles[4] - quantiles[2]
        quartileOutliers =
            width > 0 ? Self.outside(sorted, quantiles[2] - 1.5 * width, quantiles[4] + 1.5 * width) : nil
        let reach = 3.5 * medianAbsoluteDeviation / 0.6745
        robustOutliers = reach > 0 ? Self.outside(sorted, quantiles[3] - reach, quantiles[3] + reach) : nil
    }

    private static func outside(_ sorted: [Double], _ low: Double, _ high: Double) -> Outliers? {
        guard low.isFinite, high.isFinite else { return nil }
        return Outliers(
            low: low, high: high, below: SortedSearch.countBelow(low, in: sorted),
            above: sorted.count - SortedSearch.countUpTo(high, in: sorted))
    }

    static func quantile(_ level: Double, of sorted: [Double]) -> Double {
        let position = level * Double(sorted.count - 1)
        let index = min(sorted.count - 1, Int(position))
        let (low, high) = (sorted[index], sorted[min(index + 1, sorted.count - 1)])
        let fraction = position - Double(index)
        let step = high - low
        return step.isFinite ? low + fraction * step : low * (1 - fraction) + high * fraction
    }

    /// The median of |x − center|, by walking outwards from the centre: both sides are in order already.
    private static func medianDistance(_ sorted: [Double], from center: Double) -> Double {
        var right = SortedSearch.countBelow(center, in: sorted)
        var left = right - 1
        let wanted = (sorted.count - 1) / 2
        var distances = (last: 0.0, next: 0.0)
        for step in 0..<min(sorted.count, wanted + 2) {
            let below = left >= 0 ? center - sorted[left] : .infinity
            let above = right < sorted.count ? sorted[right] - center : .infinity
            if below < above { left -= 1 } else { right += 1 }
            if step <= wanted { distances.last = min(below, above) }
            distances.next = min(below, above)
        }
        guard sorted.count % 2 == 0 else { return distances.last }
        return distances.last / 2 + distances.next / 2
    }
}

/// Places in ascending numbers.
enum SortedSearch {
    static func countBelow(_ value: Double, in sorted: [Double]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low &+ high) / 2
            if sorted[middle] < value { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    static func countUpTo(_ value: Double, in sorted: [Double]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low &+ high) / 2
            if sorted[middle] <= value { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}
