/// How a model's scores become probabilities; fitted on the reference, whose outcomes are known.
public enum ScoreCalibrator: Sendable, Equatable, Codable {
    /// The scores are taken for probabilities.
    case identity
    case isotonic(IsotonicCalibration)
    case platt(PlattCalibration)

    /// The rows from which steps are trusted; below, two numbers are fitted instead.
    public static let isotonicRows = 1_000

    /// Isotonic from `isotonicRows` rows on, else Platt's; `nil` where neither can be fitted.
    public static func fit(scores: [Double], labels: [Bool]) -> ScoreCalibrator? {
        scores.count >= isotonicRows
            ? IsotonicCalibration(scores: scores, labels: labels).map(Self.isotonic)
            : PlattCalibration(scores: scores, labels: labels).map(Self.platt)
    }

    /// P(positive) at a score in 0…1.
    public func probability(of score: Double) -> Double {
        switch self {
        case .identity: score
        case .isotonic(let steps): steps.probability(of: score)
        case .platt(let curve): curve.probability(of: score)
        }
    }

    /// Variance of Σ weight·probability(score) because the reference is a sample too.
    func variance(of weights: [(score: Double, weight: Double)]) -> Double {
        switch self {
        case .identity: 0
        case .isotonic(let steps): steps.variance(of: weights)
        case .platt(let curve): curve.variance(of: weights)
        }
    }
}
