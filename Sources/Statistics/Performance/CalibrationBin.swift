import CBoostMath
import Foundation

/// The scores of one tenth of 0…1, held against what happened.
public struct CalibrationBin: Sendable, Equatable {
    public var count = 0.0
    /// Scores and positives, added up.
    public var scores = 0.0
    public var hits = 0.0
    /// Σ(outcome − score)².
    public var squares = 0.0

    public static let count = 10

    /// `nil` in an empty bin.
    public var meanScore: Double? { count > 0 ? scores / count : nil }
    /// Share of positives with its Wilson interval.
    public var observed: MetricValue {
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        return MetricValue(
            hits / count, count: Int64(count), bounds: ConfidenceInterval.wilson(share: hits / count, of: count))
    }

    init() {}

    /// Bin k holds [k/10, (k + 1)/10); 1 belongs to the last one.
    static func index(of score: Double) -> Int { min(Int(score * Double(count)), count - 1) }

    mutating func add(_ score: Double, hit: Bool) {
        let outcome = hit ? 1.0 : 0
        count += 1
        scores += score
        hits += outcome
        squares += (outcome - score) * (outcome - score)
    }
}

extension [CalibrationBin] {
    /// Expected calibration error Σ abs(D), D = (positives − scores)/n of a bin, over ten equally wide bins (Naeini,
    /// Cooper and Hauskrecht 2015). `nil` without scores.
    ///
    /// Interval of the error of these ten bins: up, z·√ΣVar(D), as abs is convex; down, that and the bias that abs(D) has
    /// where D is near 0, se·(2φ(u) − 2u(1 − Φ(u))) with u = max(0, abs(D)/se − z). A bin's variance is at least that of
    /// outcomes drawn at its mean score. Conservative, above all for calibrated scores, where it reaches down to 0.
    ///
    /// All ten bins but one empty, mean score 0.5, 12 of 20 positive: 0.1.
    func expectedCalibrationError() -> MetricValue {
        let total = reduce(0) { $0 + $1.count }
        guard total > 0 else { return MetricValue(value: nil, count: 0) }
        var value = 0.0
        var variance = 0.0
        var bias = 0.0
        for bin in self where bin.count > 0 {
            let sum = bin.hits - bin.scores
            let mean = bin.scores / bin.count
            let measured = bin.squares - sum * sum / total
            let own = Swift.max(measured, bin.count * mean * (1 - mean), 0) / total / total
            value += sum.magnitude / total
            variance += own
            guard own > 0 else { continue }
            let error = own.squareRoot()
            let u = Swift.max(0, sum.magnitude / total / error - ConfidenceInterval.z95)
            let density = exp(-u * u / 2) / (2 * Double.pi).squareRoot()
            bias += error * Swift.max(0, 2 * density - 2 * u * td_normal_upper_tail(u))
        }
        let margin = ConfidenceInterval.z95 * variance.squareRoot()
        return MetricValue(
            value, count: Int64(total), bounds: (Swift.max(0, value - bias - margin), Swift.min(1, value + margin)))
    }
}
