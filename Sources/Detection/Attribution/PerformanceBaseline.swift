public import Statistics

/// What a version's performance was in its first full window, whole and by segment: what a later fall is held against.
/// Only the metrics that rules watch are kept.
public struct PerformanceBaseline: Codable, Sendable, Equatable {
    /// One segment of one segment column.
    public struct Segment: Sendable {
        public var column: String
        /// `region=north`.
        public var name: String
        /// `nil` where it has no pairs.
        public var summary: PerformanceSummary?

        public init(column: String, name: String, summary: PerformanceSummary?) {
            self.column = column
            self.name = name
            self.summary = summary
        }
    }

    public let windowStart: Int64
    public let windowEnd: Int64
    private let whole: [String: MetricValue]
    /// By segment, then metric.
    private let segments: [String: [String: MetricValue]]

    public init(window: PerformanceWindow, segments: [Segment], metrics: [PerformanceMetric]) {
        windowStart = window.startMicroseconds
        windowEnd = window.endMicroseconds
        func values(_ summary: PerformanceSummary?) -> [String: MetricValue] {
            guard let summary else { return [:] }
            return Dictionary(metrics.map { ($0.rawValue, summary.metric($0)) }) { $1 }
        }
        whole = values(window.summary)
        self.segments = Dictionary(segments.map { ($0.name, values($0.summary)) }) { $1 }
    }

    /// Which segments carry the fall of a metric since then (`SegmentAttribution`, each segment column by itself).
    ///
    /// Named is a segment that carries at least a twentieth of the fall, and a tenth more of it than it has of the pairs,
    /// if its own metric has fallen by its 95 % interval, or if it is its share of the pairs that has changed rather
    /// than its metric.
    ///
    /// - Returns: `nil` where the metric was not kept or is not known now; for `bias`, which is bad on either side of
    ///   zero; and for the first window itself.
    public func fall(
        of metric: PerformanceMetric, in window: PerformanceWindow, segments now: [Segment]
    ) -> PerformanceFall? {
        guard metric != .bias, window.endMicroseconds > windowEnd, let before = whole[metric.rawValue]?.value,
            let value = window.summary?.metric(metric).value, value.isFinite
        else { return nil }
        var found: [PerformanceFall.Part] = []
        // A segment column of which nothing was kept, because it was not configured then, cannot be compared.
        let columns = Set(now.filter { self.segments[$0.name] != nil }.map(\.column)).sorted()
        for column in columns {
            let values = now.filter { $0.column == column }.map { segment in
                (
                    name: segment.name,
                    before: self.segments[segment.name]?[metric.rawValue] ?? MetricValue(value: nil, count: 0),
                    now: segment.summary?.metric(metric) ?? MetricValue(value: nil, count: 0)
                )
            }
            found += Self.parts(of: SegmentAttribution(metric: metric, segments: values))
        }
        found.sort { ($1.share, $0.segment) < ($0.share, $1.segment) }
        let compared = now.count { self.segments[$0.name] != nil }
        return PerformanceFall(
            windowStart: windowStart, windowEnd: windowEnd, before: before,
            fall: metric.higherIsBetter ? before - value : value - before, isExact: metric.isMeanOverPairs,
            compared: compared, parts: Array(found.prefix(PerformanceFall.maximumParts)))
    }

    private static func parts(of attribution: SegmentAttribution) -> [PerformanceFall.Part] {
        let pairs = attribution.parts.reduce(0.0) { $0 + ($1.now.value == nil ? 0 : Double($1.now.count)) }
        return attribution.parts.compactMap { part in
            guard pairs > 0, let share = attribution.share(of: part), share.isFinite else { return nil }
            let pairShare = part.now.value == nil ? 0 : Double(part.now.count) / pairs
            let hasFallen = (part.fall.low ?? 0) > 0 || part.mixEffect >= part.performanceEffect
            guard share >= 0.05, share > 1.1 * pairShare, hasFallen else { return nil }
            return PerformanceFall.Part(
                segment: part.segment, share: share, pairShare: pairShare, before: part.before.value,
                now: part.now.value)
        }
    }
}

extension PerformanceMetric {
    /// Whether the metric of the whole is the mean of its parts', weighted by their pairs.
    public var isMeanOverPairs: Bool {
        switch self {
        case .accuracy, .logLoss, .brier, .mae, .mse, .mape, .pinball, .bias: true
        default: false
        }
    }
}
