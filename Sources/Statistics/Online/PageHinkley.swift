/// Page–Hinkley: a cumulative sum of the deviations from the running mean, against its lowest (highest) point so far.
///
/// Up: mₜ = α·mₜ₋₁ + (xₜ − x̄ₜ) − δ, drift where mₜ − min m > λ; down likewise with +δ and the maximum. The running mean,
/// fading and both directions as in river 0.23. Page 1954, *Continuous Inspection Schemes*; Sebastião, Fernandes 2017.
///
/// With the defaults a step from 0 to 5 is seen 13 values later.
public struct PageHinkley: OnlineDetector {
    public enum Direction: String, Codable, Sendable, CaseIterable {
        case up, down, both
    }

    public struct Parameters: Codable, Equatable, Sendable {
        /// Values before the first alarm.
        public var minimumCount: Int64
        /// δ: change that is tolerated, in the signal's unit.
        public var tolerance: Double
        /// λ, in the signal's unit.
        public var threshold: Double
        /// α: how much of the sum is kept from value to value, 0 < α ≤ 1.
        public var fading: Double
        public var direction: Direction

        public init(
            minimumCount: Int64 = 30, tolerance: Double = 0.005, threshold: Double = 50, fading: Double = 0.9999,
            direction: Direction = .both
        ) {
            precondition(tolerance >= 0 && threshold > 0 && fading > 0 && fading <= 1)
            self.minimumCount = minimumCount
            self.tolerance = tolerance
            self.threshold = threshold
            self.fading = fading
            self.direction = direction
        }
    }

    public let parameters: Parameters
    public private(set) var refusedCount: Int64 = 0
    private var mean = RunningMean()
    private var rising = 0.0
    private var falling = 0.0
    private var lowest = Double.greatestFiniteMagnitude
    private var highest = -1.0
    private var hasDrifted = false

    public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    public var count: Int64 { mean.count }

    public mutating func update(_ value: Double) -> OnlineSignal {
        guard OnlineDomain.holdsNumber(value) else {
            refusedCount += 1
            return .refused
        }
        if hasDrifted { reset() }
        mean.add(value)
        let deviation = value - mean.mean
        rising = parameters.fading * rising + deviation - parameters.tolerance
        falling = parameters.fading * falling + deviation + parameters.tolerance
        lowest = min(lowest, rising)
        highest = max(highest, falling)
        guard mean.count >= parameters.minimumCount else { return .none }
        let up = rising - lowest > parameters.threshold && parameters.direction != .down
        let down = highest - falling > parameters.threshold && parameters.direction != .up
        hasDrifted = up || down
        return hasDrifted ? .drift : .none
    }

    public mutating func reset() {
        let refused = refusedCount
        self = PageHinkley(parameters)
        refusedCount = refused
    }
}
