public import Statistics

/// A metric of one window as it was estimated without labels and, once these are in, as it turned out.
public struct EstimatedMetric: Sendable, Equatable, Codable {
    public var metric: PerformanceMetric
    public var estimated: Double?
    /// The 95 % interval for the value that will turn out.
    public var low: Double?
    public var high: Double?
    /// `nil` while labels may still come.
    public var realized: Double?
    public var realizedLow: Double?
    public var realizedHigh: Double?
    /// Whether estimate and outcome agree within their intervals; `nil` while labels may still come.
    public var agrees: Bool?
    /// Mean of abs(estimated − realised) over the windows so far, this one among them.
    public var meanError: Double?
    /// Windows that the mean is over.
    public var windows: Int64?

    init(_ metric: PerformanceMetric, _ value: MetricValue) {
        self.metric = metric
        (estimated, low, high) = (value.value, value.low, value.high)
    }

    /// The value as it was estimated.
    func value(count: Int64) -> MetricValue { MetricValue(value: estimated, count: count, low: low, high: high) }
}

/// How far estimates have been off on average: sums in units of 2⁻⁴⁰, and of regressions what is beyond 2 apart.
struct EstimationError: Sendable, Equatable, Codable {
    private(set) var windows: Int64 = 0
    private var sum: Int64 = 0
    /// Absent where no difference was ever beyond 2, as in checkpoints from before regressions were estimated.
    private var excess: Double?

    private static let unit: Double = 0x1p40

    /// - Parameter difference: of two values of a metric; one that is not finite is ignored.
    mutating func add(_ difference: Double) {
        guard windows < 1 << 20, difference.isFinite else { return }
        windows += 1
        if difference.magnitude > 2 { excess = min(1e300, (excess ?? 0) + (difference.magnitude - 2)) }
        sum += Int64((min(2, difference.magnitude) * Self.unit).rounded())
    }

    var mean: Double? { windows > 0 ? (Double(sum) / Self.unit + (excess ?? 0)) / Double(windows) : nil }
}
