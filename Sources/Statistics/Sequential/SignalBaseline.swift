/// What a signal reads in some events.
struct SignalReading: Sendable, Equatable {
    /// Σ of the signal: of scores, or of events in a cell.
    var sum: Double
    var count: Double
    /// Σ less what the reference expects, in units of a single event's standard deviation.
    var standardized: Double
}

/// The signals' sums over all intervals since the reference was taken in which nothing was raised.
///
/// A reference is a sample, and its error comes back in every window that is compared with it. The windows themselves
/// tell that error: the mean of a signal over those that have passed belongs to the same population as the reference
/// (unless there was a drift, and that one was to be found). So the baseline is known better from day to day.
public struct ColumnBaseline: Codable, Sendable, Equatable {
    /// Per signal, standardised; empty before the first interval.
    private(set) var sums: [Double] = []
    /// Events per signal.
    private(set) var counts: [Double] = []

    public init() {}

    mutating func add(_ readings: [SignalReading]) {
        if sums.count != readings.count {
            sums = Array(repeating: 0, count: readings.count)
            counts = sums
        }
        for (index, reading) in readings.enumerated() {
            sums[index] += reading.standardized
            counts[index] += reading.count
        }
    }

    func sum(_ signal: Int) -> Double { signal < sums.count ? sums[signal] : 0 }
    func count(_ signal: Int) -> Double { signal < counts.count ? counts[signal] : 0 }

    /// Events seen by the signal that saw most.
    public var events: Double { counts.max() ?? 0 }
}

/// Where a signal's true mean lies without drift, in standard deviations of a single event from the reference's mean.
struct BaselineEstimate: Sendable, Equatable {
    var offset: Double
    var variance: Double

    /// The posterior of a normal mean (Gelman et al. 2013, *Bayesian Data Analysis*, 2.5): prior mean 0 and variance V₀ =
    /// φ/m + (d/2)² for a reference of m rows and a smallest effect d; then N events with standardised sum S give V =
    /// 1/(1/V₀ + N/φ) and the offset S·V/φ.
    ///
    /// The offset is held within 3.29 standard errors of the reference (two-sided 0.001), or d if that is more: beyond
    /// it is a drift, however slowly it came.
    init(sum: Double, count: Double, referenceRows: Double, smallest: Double, dispersion: Double) {
        let error = dispersion / max(1, referenceRows)
        let prior = error + smallest * smallest / 4
        variance = 1 / (1 / prior + count / dispersion)
        let limit = max(Self.standardErrors * error.squareRoot(), smallest)
        offset = min(limit, max(-limit, sum * variance / dispersion))
    }

    static let standardErrors = 3.29
}
