import Foundation

/// Sums over scored pairs of a binary or multiclass model: log loss and Brier score as integers in units of 2⁻²⁴.
///
/// A log loss term is at most 34.54 (the clip), below 2³⁰ units: an `Int64` holds 2³³ pairs.
struct ScoreSums: Sendable, Equatable {
    static let unit: Double = 0x1p24
    /// The largest error that rounding can bring into a mean.
    static let meanError: Double = 0x1p-25
    static let clip = 1e-15

    var count: Int64 = 0
    var logLoss: Int64 = 0
    var brier: Int64 = 0

    /// −ln of the probability given to what happened, clipped to [10⁻¹⁵, 1 − 10⁻¹⁵].
    static func loss(_ probability: Double) -> Double { -log(min(max(probability, clip), 1 - clip)) }

    mutating func add(probabilityOfActual probability: Double) {
        count += 1
        logLoss += FixedPoint.rounded(Self.loss(probability) * Self.unit)
        brier += FixedPoint.rounded((1 - probability) * (1 - probability) * Self.unit)
    }

    mutating func merge(_ other: ScoreSums) {
        count = FixedPoint.saturatingSum(count, other.count)
        logLoss = FixedPoint.saturatingSum(logLoss, other.logLoss)
        brier = FixedPoint.saturatingSum(brier, other.brier)
    }

    func mean(of sum: Int64) -> MetricValue {
        MetricValue(
            value: count > 0 ? Double(sum) / Self.unit / Double(count) : nil, count: count, errorBound: Self.meanError)
    }
}
