import Foundation

/// Sums over scored pairs of a binary or multiclass model: log loss and Brier score as integers in units of 2⁻²⁴, and
/// their squares.
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
    var logLossSquares: Int128 = 0
    var brierSquares: Int128 = 0

    /// −ln of the probability given to what happened, clipped to [10⁻¹⁵, 1 − 10⁻¹⁵].
    static func loss(_ probability: Double) -> Double { -log(min(max(probability, clip), 1 - clip)) }

    /// - Parameter brier: the squared error of all probabilities of this pair.
    mutating func add(probabilityOfActual probability: Double, brier square: Double) {
        let loss = FixedPoint.rounded(Self.loss(probability) * Self.unit)
        let squared = FixedPoint.rounded(square * Self.unit)
        count += 1
        logLoss += loss
        brier += squared
        logLossSquares += Int128(loss) * Int128(loss)
        brierSquares += Int128(squared) * Int128(squared)
    }

    mutating func merge(_ other: ScoreSums) {
        count = FixedPoint.saturatingSum(count, other.count)
        logLoss = FixedPoint.saturatingSum(logLoss, other.logLoss)
        brier = FixedPoint.saturatingSum(brier, other.brier)
        logLossSquares &+= other.logLossSquares
        brierSquares &+= other.brierSquares
    }

    /// Mean of −ln P(actual class), with the t interval of its logarithm.
    var meanLogLoss: MetricValue {
        Self.loss(sum: Double(logLoss), squares: Double(logLossSquares), unit: Self.unit, count: count)
    }

    /// Mean squared error of the probabilities, with the t interval of its logarithm.
    var meanBrier: MetricValue {
        Self.loss(sum: Double(brier), squares: Double(brierSquares), unit: Self.unit, count: count)
    }

    /// The mean of losses, from their sum and that of their squares.
    static func loss(sum: Double, squares: Double, unit: Double, count: Int64) -> MetricValue {
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        let mean = sum / unit / Double(count)
        let variance = squares / unit / unit / Double(count) - mean * mean
        return MetricValue(
            mean, count: count,
            bounds: ConfidenceInterval.positiveMean(mean, variance: variance, count: count),
            errorBound: unit == 1 ? nil : meanError)
    }
}
