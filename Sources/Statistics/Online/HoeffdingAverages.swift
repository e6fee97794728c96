import Foundation

/// How sure the HDDMs are.
public struct HoeffdingParameters: Codable, Equatable, Sendable {
    /// The chance of a false drift at one cut, 0…1.
    public var drift: Double
    public var warning: Double
    /// Whether a fall of the mean counts as well as a rise.
    public var isTwoSided: Bool

    public init(drift: Double = 0.001, warning: Double = 0.005, isTwoSided: Bool = false) {
        precondition(drift > 0 && warning >= drift && warning < 1)
        self.drift = drift
        self.warning = warning
        self.isTwoSided = isTwoSided
    }
}

/// HDDM-A: the mean of all values against the mean up to the cut at which it looked smallest (largest), by Hoeffding's
/// bound. For losses in 0…1.
///
/// Drift where z̄ − x̄ ≥ √(m/2 · ln(2/δ)) with m = (n − k)/(n·k), k values up to the cut and n in all.
/// Frías-Blanco and others 2015, *Online and Non-Parametric Drift Detection Methods Based on Hoeffding's Bounds*.
public struct HoeffdingAverages: OnlineDetector {
    public let parameters: HoeffdingParameters
    public private(set) var refusedCount: Int64 = 0
    private var all = RunningMean()
    /// Up to the cut where the mean looked smallest, and where it looked largest.
    private var smallest = RunningMean()
    private var largest = RunningMean()
    private var hasDrifted = false

    public init(_ parameters: HoeffdingParameters = HoeffdingParameters()) { self.parameters = parameters }

    public var count: Int64 { all.count }

    public mutating func update(_ value: Double) -> OnlineSignal {
        guard OnlineDomain.holdsShare(value) else {
            refusedCount += 1
            return .refused
        }
        if hasDrifted { reset() }
        all.add(value)
        moveCuts()
        if differs(smallest, sign: 1, confidence: parameters.drift)
            || (parameters.isTwoSided && differs(largest, sign: -1, confidence: parameters.drift))
        {
            hasDrifted = true
            return .drift
        }
        let warns =
            differs(smallest, sign: 1, confidence: parameters.warning)
            || (parameters.isTwoSided && differs(largest, sign: -1, confidence: parameters.warning))
        return warns ? .warning : .none
    }

    private mutating func moveCuts() {
        let bound = self.bound(all.count)
        if smallest.count == 0 || smallest.mean + self.bound(smallest.count) >= all.mean + bound { smallest = all }
        if largest.count == 0 || largest.mean - self.bound(largest.count) <= all.mean - bound { largest = all }
    }

    private func bound(_ count: Int64) -> Double { (log(1 / parameters.drift) / (2 * Double(count))).squareRoot() }

    private func differs(_ part: RunningMean, sign: Double, confidence: Double) -> Bool {
        guard part.count < all.count else { return false }
        let scale = Double(all.count - part.count) / (Double(part.count) * Double(all.count))
        return sign * (all.mean - part.mean) >= (scale / 2 * log(2 / confidence)).squareRoot()
    }

    public mutating func reset() {
        let refused = refusedCount
        self = HoeffdingAverages(parameters)
        refusedCount = refused
    }
}
