/// Predicted numbers held against outcomes, one by one: every metric exactly.
public struct RegressionSample: Sendable {
    private let moments: RegressionMoments

    /// - Precondition: equally many of both, all finite.
    public init(predicted: [Double], actual: [Double]) {
        precondition(predicted.count == actual.count, "one outcome per prediction")
        var moments = RegressionMoments(count: Int64(actual.count))
        let n = Double(actual.count)
        let center = actual.reduce(0, +) / n
        for (prediction, outcome) in zip(predicted, actual) {
            let error = prediction - outcome
            let square = error * error
            let deviation = (outcome - center) * (outcome - center)
            moments.error += error
            moments.absolute += error.magnitude
            moments.square += square
            if error > 0 { moments.squareOver += square }
            moments.fourth += square * square
            moments.targetVariance += deviation
            moments.targetFourth += deviation * deviation
            moments.mixed += square * deviation
            guard outcome != 0 else { continue }
            let relative = (error / outcome).magnitude
            moments.relativeCount += 1
            moments.relative += relative
            moments.relativeSquare += relative * relative
        }
        guard !actual.isEmpty else {
            self.moments = moments
            return
        }
        for path in RegressionMoments.overPairs { moments[keyPath: path] /= n }
        if moments.relativeCount > 0 {
            moments.relative /= Double(moments.relativeCount)
            moments.relativeSquare /= Double(moments.relativeCount)
        }
        self.moments = moments
    }

    /// A metric with its 95 % interval, by the methods of `PerformanceSummary.metric`.
    public func metric(_ metric: PerformanceMetric) -> MetricValue { moments.metric(metric) }

    /// Pinball loss of a forecast of the quantile.
    /// - Precondition: 0 < quantile < 1.
    public func pinball(quantile: Double) -> MetricValue {
        precondition(quantile > 0 && quantile < 1, "a quantile lies between 0 and 1")
        return moments.pinball(quantile: quantile)
    }

    /// Every metric that is defined here, in the metrics' order.
    public var metrics: [(metric: PerformanceMetric, value: MetricValue)] {
        PerformanceMetric.allCases.map { ($0, metric($0)) }.filter { $0.1.value != nil }
    }
}
