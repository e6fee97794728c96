import CBoostMath

/// How differently a binary model treats the segments of a protected feature.
///
/// Every number compares the extremes over the segments (as fairlearn does): 0 is equal treatment for the differences, 1
/// for the ratio. With more than two segments the extreme pair is found in the data, so each pair's interval is taken at
/// 95 % for all pairs together (Bonferroni); segments in which a rate is not defined are left out of its comparison.
public struct FairnessReport: Sendable, Equatable {
    /// One segment.
    public struct Segment: Sendable, Equatable {
        public let name: String
        public let confusion: BinaryConfusion
        /// Share of positive decisions, with its Wilson interval.
        public let selectionRate: MetricValue
        /// Recall: of the positives, the share decided so.
        public let truePositiveRate: MetricValue
        /// Of the negatives, the share decided positive.
        public let falsePositiveRate: MetricValue
    }

    /// In the order given.
    public let segments: [Segment]
    /// Largest − smallest selection rate. Interval: Newcombe 1998, hybrid score.
    public let demographicParityDifference: MetricValue
    /// Smallest / largest selection rate; below 0.8 it fails the four-fifths rule. Interval: MOVER-R, Donner and Zou 2012.
    public let disparateImpactRatio: MetricValue
    /// Largest − smallest true-positive rate (Hardt, Price and Srebro 2016).
    public let equalOpportunityDifference: MetricValue
    /// The larger of the differences in true-positive and in false-positive rates.
    public let equalizedOddsDifference: MetricValue

    public init(_ segments: [(name: String, confusion: BinaryConfusion)]) {
        self.segments = segments.map { name, confusion in
            let positives = confusion.truePositives + confusion.falseNegatives
            let negatives = confusion.trueNegatives + confusion.falsePositives
            return Segment(
                name: name, confusion: confusion,
                selectionRate: Self.rate(confusion.truePositives + confusion.falsePositives, of: confusion.count),
                truePositiveRate: Self.rate(confusion.truePositives, of: positives),
                falsePositiveRate: Self.rate(confusion.falsePositives, of: negatives))
        }
        let selection = self.segments.map(\.selectionRate)
        let hits = self.segments.map(\.truePositiveRate)
        let alarms = self.segments.map(\.falsePositiveRate)
        demographicParityDifference = Self.difference(selection)
        disparateImpactRatio = Self.ratio(selection)
        equalOpportunityDifference = Self.difference(hits)
        let odds = [Self.difference(hits), Self.difference(alarms)]
        equalizedOddsDifference = Self.larger(odds)
    }

    private static func rate(_ part: Int64, of whole: Int64) -> MetricValue {
        MetricValue(
            Statistics.ratio(part, whole), count: whole, bounds: ConfidenceInterval.wilson(part, of: whole))
    }

    private static func larger(_ found: [MetricValue]) -> MetricValue {
        let defined = found.filter { $0.value != nil }
        let count = found.reduce(0) { max($0, $1.count) }
        guard let value = defined.compactMap(\.value).max() else { return MetricValue(value: nil, count: count) }
        // Each side of the larger is at least that side of either.
        return MetricValue(
            value: value, count: count, low: defined.compactMap(\.low).max(), high: defined.compactMap(\.high).max())
    }

    private static func pairs(_ rates: [MetricValue]) -> [(larger: Rate, smaller: Rate)] {
        let defined = rates.filter { $0.value != nil }
        let count = defined.count * (defined.count - 1) / 2
        guard count > 0 else { return [] }
        let z = td_normal_quantile(1 - 0.025 / Double(count))
        let all = defined.map { Rate($0, z: z) }
        return all.indices.flatMap { left in
            all.indices[(left + 1)...].map { right in
                all[left].value >= all[right].value ? (all[left], all[right]) : (all[right], all[left])
            }
        }
    }

    private struct Rate {
        var value: Double
        var low: Double
        var high: Double

        init(_ rate: MetricValue, z: Double) {
            value = rate.value ?? 0
            (low, high) = ConfidenceInterval.wilson(share: value, of: Double(rate.count), z: z)
        }
    }

    private static func difference(_ rates: [MetricValue]) -> MetricValue {
        let pairs = pairs(rates)
        let total = rates.reduce(0) { $0 + $1.count }
        guard !pairs.isEmpty else { return MetricValue(value: nil, count: total) }
        let value = pairs.map { $0.larger.value - $0.smaller.value }.max() ?? 0
        let bounds = pairs.map { larger, smaller -> ConfidenceInterval.Bounds in
            let gap = larger.value - smaller.value
            let down = hypotenuse(larger.value - larger.low, smaller.high - smaller.value)
            let up = hypotenuse(larger.high - larger.value, smaller.value - smaller.low)
            // The pair may in truth stand the other way round.
            return (max(0, gap - down), max(gap + up, down - gap))
        }
        return MetricValue(
            value, count: total,
            bounds: (bounds.map(\.low).max() ?? 0, min(1, bounds.map(\.high).max() ?? 1)))
    }

    private static func ratio(_ rates: [MetricValue]) -> MetricValue {
        let pairs = pairs(rates).filter { $0.larger.value > 0 }
        let total = rates.reduce(0) { $0 + $1.count }
        guard !pairs.isEmpty else { return MetricValue(value: nil, count: total) }
        let value = pairs.map { $0.smaller.value / $0.larger.value }.min() ?? 1
        let bounds = pairs.map { larger, smaller -> ConfidenceInterval.Bounds in
            let low = ratioBound(smaller, larger, isLower: true)
            let high = ratioBound(smaller, larger, isLower: false)
            // Past 1 the pair stands the other way round, and the smaller over the larger is its inverse.
            return (high > 1 ? min(low, 1 / high) : low, min(1, high))
        }
        return MetricValue(value, count: total, bounds: (bounds.map(\.low).min() ?? 0, bounds.map(\.high).min() ?? 1))
    }

    /// Donner and Zou 2012, equation 9, of a/b.
    private static func ratioBound(_ a: Rate, _ b: Rate, isLower: Bool) -> Double {
        let product = a.value * b.value
        let edgeA = isLower ? a.low : a.high
        let edgeB = isLower ? b.high : b.low
        let numeratorRoot =
            (product * product - edgeA * edgeB * (2 * a.value - edgeA) * (2 * b.value - edgeB)).squareRoot()
        let denominator = edgeB * (2 * b.value - edgeB)
        guard denominator > 0, numeratorRoot.isFinite else { return isLower ? 0 : .greatestFiniteMagnitude }
        return max(0, (product + (isLower ? -numeratorRoot : numeratorRoot)) / denominator)
    }

    private static func hypotenuse(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
}
