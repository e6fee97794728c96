import Foundation

/// The Shiryaev–Roberts e-detector Mₜ = (w + Mₜ₋₁)·eₜ, kept as its logarithm.
///
/// Where every eₜ has a conditional mean of at most 1, M minus the sum of the weights is a supermartingale, so that the
/// first time at which M ≥ c comes after a weight of at least c on average, whatever the data: with a weight of one per
/// pane, an average run length of at least c panes between false alarms (Shin, Ramdas, Rinaldo 2023, *E-detectors*). Means of
/// such detectors with fixed shares are such detectors again.
///
/// e = 2, 2, ½ with weight 1: M = 2, 6, 3.5.
public struct ShiryaevRoberts: Codable, Sendable, Equatable {
    /// ln M, `nil` for M = 0: before the first step. Held to ±10⁶, far beyond any bound, so that it stays a number.
    public private(set) var logValue: Double?

    public init() {}

    /// - Parameters:
    ///   - logEValue: ln eₜ; finite.
    ///   - weight: how much time the step stands for, > 0; known before the step's data.
    public mutating func add(logEValue: Double, weight: Double = 1) {
        precondition(weight > 0 && logEValue.isFinite, "a step has a positive weight and a finite e-value")
        let sum = LogSum.add(logValue ?? -.infinity, log(weight)) + logEValue
        logValue = min(1e6, max(-1e6, sum))
    }
}
