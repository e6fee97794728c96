/// Decisions and probabilities of a multiclass model held against outcomes, one by one: every metric exactly.
public struct MulticlassSample: Sendable {
    public let confusion: MulticlassConfusion
    /// Ten bins of the highest probability; empty without probabilities.
    public let calibration: [CalibrationBin]
    private let logLoss: MetricValue
    private let brier: MetricValue
    private let rankings: [[MetricValue]]

    /// - Parameters:
    ///   - predicted: indices of classes.
    ///   - probabilities: per row one number in 0…1 per class, where the model gives them.
    /// - Precondition: equally many of each; all are indices below `classes`.
    public init(actual: [Int], predicted: [Int], probabilities: [[Double]]? = nil, classes: Int) {
        confusion = ExactMetrics.confusionMatrix(predicted: predicted, actual: actual, classes: classes)
        guard let probabilities else {
            calibration = []
            logLoss = MetricValue(value: nil, count: 0)
            brier = MetricValue(value: nil, count: 0)
            rankings = []
            return
        }
        precondition(probabilities.count == actual.count, "one outcome per prediction")
        var bins = [CalibrationBin](repeating: CalibrationBin(), count: CalibrationBin.count)
        var losses = LossMoments()
        var squares = LossMoments()
        for (scores, label) in zip(probabilities, actual) {
            var top = 0
            var square = 0.0
            for index in scores.indices {
                let error = scores[index] - (index == label ? 1 : 0)
                square += error * error
                if scores[index] > scores[top] { top = index }
            }
            bins[CalibrationBin.index(of: min(1, max(0, scores[top])))].add(scores[top], hit: top == label)
            losses.add(ScoreSums.loss(scores[label]))
            squares.add(square)
        }
        calibration = bins
        logLoss = losses.mean
        brier = squares.mean
        rankings = Self.rankings(probabilities, actual, classes: classes)
    }

    /// ROC AUC of the probability of class i between the rows of class i and those of j (or all others, where i = j).
    private static func rankings(_ probabilities: [[Double]], _ actual: [Int], classes: Int) -> [[MetricValue]] {
        guard classes <= 20 else { return [] }
        return (0..<classes).map { own in
            (0..<classes).map { other in
                let rows = actual.indices.filter { own == other || actual[$0] == own || actual[$0] == other }
                let curve = ScoreCurve(
                    scores: rows.map { probabilities[$0][own] }, labels: rows.map { actual[$0] == own })
                return curve?.rocAUC() ?? MetricValue(value: nil, count: 0)
            }
        }
    }

    /// Mean over the classes of the ROC AUC of each against the rest (Provost and Domingos 2001); `nil` without
    /// probabilities, with a class that does not occur, or with more than 20 classes.
    public var rocAUCOneVersusRest: Double? {
        let found = rankings.indices.compactMap { rankings[$0][$0].value }
        return found.isEmpty || found.count < rankings.count ? nil : found.reduce(0, +) / Double(found.count)
    }

    /// Mean over the pairs of classes of the ROC AUC between them, each way (Hand and Till 2001); `nil` as above.
    public var rocAUCOneVersusOne: Double? {
        var values: [Double] = []
        for row in rankings.indices {
            for column in rankings.indices where row != column {
                guard let value = rankings[row][column].value else { return nil }
                values.append(value)
            }
        }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// A metric with its 95 % interval, by the methods of `PerformanceSummary.metric`.
    public func metric(_ metric: PerformanceMetric) -> MetricValue {
        switch metric {
        case .logLoss: logLoss
        case .brier: brier
        case .ece: calibration.expectedCalibrationError()
        default: confusion.metric(metric)
        }
    }

    /// Every metric that is defined here, in the metrics' order.
    public var metrics: [(metric: PerformanceMetric, value: MetricValue)] {
        PerformanceMetric.allCases.map { ($0, metric($0)) }.filter { $0.1.value != nil }
    }
}
