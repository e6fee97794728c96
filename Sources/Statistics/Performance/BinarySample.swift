/// Decisions and scores of a binary model held against outcomes, one by one: every metric exactly.
public struct BinarySample: Sendable {
    /// Of decisions; `nil` where only scores are known.
    public let confusion: BinaryConfusion?
    /// `nil` without scores.
    public let curve: ScoreCurve?
    /// Ten bins; empty unless every score is a probability.
    public let calibration: [CalibrationBin]
    private let logLoss: MetricValue
    private let brier: MetricValue

    /// - Parameters:
    ///   - scores: any numbers where more means likelier positive; log loss, Brier score and calibration need 0…1.
    ///   - predicted: `nil` for positive from `threshold` on, where there are scores.
    /// - Precondition: equally many of each, and no score is NaN.
    public init(labels: [Bool], scores: [Double]?, predicted: [Bool]? = nil, threshold: Double = 0.5) {
        let decisions = predicted ?? scores.map { $0.map { $0 >= threshold } }
        confusion = decisions.map { ExactMetrics.confusionMatrix(predicted: $0, actual: labels) }
        curve = scores.flatMap { ScoreCurve(scores: $0, labels: labels) }
        guard let scores, scores.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            calibration = []
            logLoss = MetricValue(value: nil, count: 0)
            brier = MetricValue(value: nil, count: 0)
            return
        }
        var bins = [CalibrationBin](repeating: CalibrationBin(), count: CalibrationBin.count)
        var losses = LossMoments()
        var squares = LossMoments()
        for (score, label) in zip(scores, labels) {
            bins[CalibrationBin.index(of: score)].add(score, hit: label)
            let probability = label ? score : 1 - score
            losses.add(ScoreSums.loss(probability))
            squares.add((1 - probability) * (1 - probability))
        }
        calibration = bins
        logLoss = losses.mean
        brier = squares.mean
    }

    /// A metric with its 95 % interval, by the methods of `PerformanceSummary.metric`.
    public func metric(_ metric: PerformanceMetric) -> MetricValue {
        switch metric {
        case .rocAUC: curve?.rocAUC() ?? MetricValue(value: nil, count: 0)
        case .averagePrecision: curve?.averagePrecision() ?? MetricValue(value: nil, count: 0)
        case .logLoss: logLoss
        case .brier: brier
        case .ece: calibration.expectedCalibrationError()
        default: confusion?.metric(metric) ?? MetricValue(value: nil, count: 0)
        }
    }

    /// Every metric that is defined here, in the metrics' order.
    public var metrics: [(metric: PerformanceMetric, value: MetricValue)] {
        PerformanceMetric.allCases.map { ($0, metric($0)) }.filter { $0.1.value != nil }
    }
}

/// The sums of a mean of losses and its interval.
struct LossMoments: Sendable {
    private var count: Int64 = 0
    private var sum = 0.0
    private var squares = 0.0

    init() {}

    mutating func add(_ loss: Double) {
        count += 1
        sum += loss
        squares += loss * loss
    }

    var mean: MetricValue { ScoreSums.loss(sum: sum, squares: squares, unit: 1, count: count) }
}
