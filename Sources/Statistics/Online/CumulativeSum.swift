/// CUSUM: the sum of what exceeds the mean by more than a tolerance, never below zero.
///
/// Up: gₜ = max(0, gₜ₋₁ + (xₜ − μ) − δ), drift where gₜ > λ; down with the sign of the deviation turned. μ is the running
/// mean (as in frouros 0.9), or a known target. Page 1954, *Continuous Inspection Schemes*.
///
/// Target 0, δ = 0.5, λ = 4: after ones from the start the ninth is the alarm (0.5 each, 4.5 > 4).
public struct CumulativeSum: OnlineDetector {
    public struct Parameters: Codable, Equatable, Sendable {
        /// Values before the first alarm.
        public var minimumCount: Int64
        /// δ, in the signal's unit.
        public var tolerance: Double
        /// λ, in the signal's unit.
        public var threshold: Double
        public var direction: PageHinkley.Direction
        /// The mean under no change; `nil` for the mean of the values so far.
        public var target: Double?

        public init(
            minimumCount: Int64 = 30, tolerance: Double = 0.005, threshold: Double = 50,
            direction: PageHinkley.Direction = .both, target: Double? = nil
        ) {
            precondition(tolerance >= 0 && threshold > 0 && (target?.isFinite ?? true))
            self.minimumCount = minimumCount
            self.tolerance = tolerance
            self.threshold = threshold
            self.direction = direction
            self.target = target
        }
    }

    public let parameters: Parameters
    public private(set) var refusedCount: Int64 = 0
    private var mean = RunningMean()
    private var rise = 0.0
    private var fall = 0.0
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
        let deviation = value - (parameters.target ?? mean.mean)
        rise = max(0, rise + deviation - parameters.tolerance)
        fall = max(0, fall - deviation - parameters.tolerance)
        guard mean.count >= parameters.minimumCount else { return .none }
        let up = rise > parameters.threshold && parameters.direction != .down
        let down = fall > parameters.threshold && parameters.direction != .up
        hasDrifted = up || down
        return hasDrifted ? .drift : .none
    }

    public mutating func reset() {
        let refused = refusedCount
        self = CumulativeSum(parameters)
        refusedCount = refused
    }
}
