/// Which segments carry a fall in performance, and how much of it.
///
/// For a metric that is a mean over pairs (accuracy, losses, errors), with share w and value v of a segment before (0) and
/// now (1), the change of the whole is exactly the sum over the segments of w̄(v₁ − v₀), its own change, and
/// (w₁ − w₀)(v̄ − V̄), the change of the mix; bars are means of before and now, V̄ of the whole (Kitagawa 1955). For other
/// metrics the same sum is an approximation.
public struct SegmentAttribution: Sendable, Equatable {
    /// One segment; changes are positive where performance got worse.
    public struct Part: Sendable, Equatable {
        public let segment: String
        public let before: MetricValue
        public let now: MetricValue
        /// How much worse the segment's own metric is, with an interval (MOVER); `nil` where it is missing on a side.
        public let fall: MetricValue
        /// Of the whole's fall, what the segment's own change carries.
        public let performanceEffect: Double
        /// What its larger or smaller share carries.
        public let mixEffect: Double

        public var effect: Double { performanceEffect + mixEffect }
    }

    /// Largest effect first; equal ones by name.
    public let parts: [Part]
    /// The whole's fall: the sum of the effects.
    public let fall: Double

    /// The part's effect as a share of the whole's fall; `nil` where the whole did not fall.
    public func share(of part: Part) -> Double? { fall > 0 ? part.effect / fall : nil }

    /// - Parameter segments: the metric of each segment before and now; counts are the segments' pairs.
    public init(metric: PerformanceMetric, segments: [(name: String, before: MetricValue, now: MetricValue)]) {
        let sign: Double = metric.higherIsBetter ? -1 : 1
        let totals = (
            before: segments.reduce(0.0) { $0 + ($1.before.value == nil ? 0 : Double($1.before.count)) },
            now: segments.reduce(0.0) { $0 + ($1.now.value == nil ? 0 : Double($1.now.count)) }
        )
        func share(_ value: MetricValue, of total: Double) -> Double {
            value.value == nil || total == 0 ? 0 : Double(value.count) / total
        }
        let wholes = (
            before: segments.reduce(0.0) { $0 + share($1.before, of: totals.before) * ($1.before.value ?? 0) },
            now: segments.reduce(0.0) { $0 + share($1.now, of: totals.now) * ($1.now.value ?? 0) }
        )
        let center = (wholes.before + wholes.now) / 2
        let parts = segments.map { name, before, now -> Part in
            let weights = (share(before, of: totals.before), share(now, of: totals.now))
            // A segment that is new, or gone, has one value; all of its effect is of the mix.
            let values = (before.value ?? now.value ?? center, now.value ?? before.value ?? center)
            return Part(
                segment: name, before: before, now: now, fall: Self.fall(before, now, sign: sign),
                performanceEffect: sign * (weights.0 + weights.1) / 2 * (values.1 - values.0),
                mixEffect: sign * (weights.1 - weights.0) * ((values.0 + values.1) / 2 - center))
        }
        self.parts = parts.sorted { ($1.effect, $0.segment) < ($0.effect, $1.segment) }
        fall = totals.before > 0 && totals.now > 0 ? sign * (wholes.now - wholes.before) : 0
    }

    private static func fall(_ before: MetricValue, _ now: MetricValue, sign: Double) -> MetricValue {
        let change = Reconciliation(
            estimated: sign > 0 ? now : before, realized: sign > 0 ? before : now, predictions: 0, labelled: now.count)
        return change.difference
    }
}
