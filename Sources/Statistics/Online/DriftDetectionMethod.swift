/// DDM: the error rate p with its standard deviation s = √(p(1 − p)/n), against the lowest p + s so far.
///
/// Warning where p + s > pₘᵢₙ + 2·sₘᵢₙ, drift at 3·sₘᵢₙ. For errors: 1 wrong, 0 right. Sees a rate that rises.
/// Gama, Medas, Castillo, Rodrigues 2004, *Learning with Drift Detection*.
///
/// A stream without a single error has sₘᵢₙ = 0, so that its first error is a drift; the warm start makes that rare.
public struct DriftDetectionMethod: OnlineDetector {
    public struct Parameters: Codable, Equatable, Sendable {
        /// Values before the first signal.
        public var warmStart: Int64
        /// In standard deviations.
        public var warning: Double
        public var drift: Double

        public init(warmStart: Int64 = 30, warning: Double = 2, drift: Double = 3) {
            precondition(warmStart >= 1 && warning > 0 && drift >= warning)
            self.warmStart = warmStart
            self.warning = warning
            self.drift = drift
        }
    }

    public let parameters: Parameters
    public private(set) var refusedCount: Int64 = 0
    private var rate = RunningMean()
    /// At the lowest sum of both.
    private var lowestRate = 1.0
    private var lowestDeviation = 1.0
    private var hasDrifted = false

    public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    public var count: Int64 { rate.count }

    public mutating func update(_ value: Double) -> OnlineSignal {
        guard OnlineDomain.holdsError(value) else {
            refusedCount += 1
            return .refused
        }
        if hasDrifted { reset() }
        rate.add(value)
        guard rate.count > parameters.warmStart else { return .none }
        let mean = rate.mean
        let deviation = (max(0, mean * (1 - mean)) / Double(rate.count)).squareRoot()
        if mean + deviation <= lowestRate + lowestDeviation { (lowestRate, lowestDeviation) = (mean, deviation) }
        if mean + deviation > lowestRate + parameters.drift * lowestDeviation {
            hasDrifted = true
            return .drift
        }
        return mean + deviation > lowestRate + parameters.warning * lowestDeviation ? .warning : .none
    }

    public mutating func reset() {
        let refused = refusedCount
        self = DriftDetectionMethod(parameters)
        refusedCount = refused
    }
}
