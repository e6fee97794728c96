import Foundation

/// HDDM-W: as HDDM-A with exponentially weighted means, so that old values fade; bounded by McDiarmid's inequality. For
/// losses in 0…1.
///
/// Drift where the weighted mean after the cut exceeds that up to it by √((b₁ + b₂)/2 · ln(1/δ)), b the sums of squared
/// weights. Frías-Blanco and others 2015. river 0.23 differs: its weighted mean starts anew at each value after a mean
/// of exactly zero, so that the first error after a run of none weighs as much as all before it.
public struct HoeffdingWeightedAverages: OnlineDetector {
    public let parameters: HoeffdingParameters
    /// λ: the weight of the newest value, 0 < λ < 1.
    public let weight: Double
    public private(set) var refusedCount: Int64 = 0
    public private(set) var count: Int64 = 0
    private var all = WeightedMean()
    private var rise = Cut()
    private var fall = Cut()
    private var hasDrifted = false

    public init(_ parameters: HoeffdingParameters = HoeffdingParameters(), weight: Double = 0.05) {
        precondition(weight > 0 && weight < 1)
        self.parameters = parameters
        self.weight = weight
    }

    private struct WeightedMean: Codable, Equatable, Sendable {
        var hasBegun = false
        var mean = 0.0
        /// Sum of squared weights.
        var squares = 1.0

        mutating func add(_ value: Double, weight: Double) {
            mean = hasBegun ? weight * value + (1 - weight) * mean : value
            hasBegun = true
            squares = weight * weight + (1 - weight) * (1 - weight) * squares
        }
    }

    private struct Cut: Codable, Equatable, Sendable {
        var before = WeightedMean()
        var after = WeightedMean()
        /// Present from the first value on.
        var level: Double?
    }

    public mutating func update(_ value: Double) -> OnlineSignal {
        guard OnlineDomain.holdsShare(value) else {
            refusedCount += 1
            return .refused
        }
        if hasDrifted { reset() }
        count += 1
        all.add(value, weight: weight)
        let bound = self.bound(all.squares, parameters.drift)
        move(&rise, value, level: all.mean + bound, sign: -1)
        move(&fall, value, level: all.mean - bound, sign: 1)
        if differs(parameters.drift) {
            hasDrifted = true
            return .drift
        }
        return differs(parameters.warning) ? .warning : .none
    }

    /// The cut goes where the mean looked smallest (sign −1) or largest.
    private func move(_ cut: inout Cut, _ value: Double, level: Double, sign: Double) {
        if let known = cut.level, sign * (level - known) <= 0 {
            cut.after.add(value, weight: weight)
        } else {
            cut = Cut(before: all, level: level)
        }
    }

    private func differs(_ confidence: Double) -> Bool {
        exceeds(rise.after, rise.before, confidence)
            || (parameters.isTwoSided && exceeds(fall.before, fall.after, confidence))
    }

    private func exceeds(_ one: WeightedMean, _ other: WeightedMean, _ confidence: Double) -> Bool {
        one.hasBegun && other.hasBegun && one.mean - other.mean > bound(one.squares + other.squares, confidence)
    }

    private func bound(_ squares: Double, _ confidence: Double) -> Double {
        (squares * log(1 / confidence) / 2).squareRoot()
    }

    public mutating func reset() {
        let refused = refusedCount
        self = HoeffdingWeightedAverages(parameters, weight: weight)
        refusedCount = refused
    }
}
