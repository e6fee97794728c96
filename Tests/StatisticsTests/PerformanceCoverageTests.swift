import Statistics
import Testing
import TidewatchTestKit

/// The quick form of the suite "coverage": 95 % intervals hold the true value about as often as they say.
@Suite struct PerformanceCoverageTests {
    /// Labels, scores and decisions at known parameters; the truth by integration is in the benchmark, here by one large
    /// sample of the same stream.
    @Test(arguments: [PerformanceMetric.accuracy, .f1, .mcc, .rocAUC, .brier, .balancedAccuracy])
    func binaryIntervalsCover(_ metric: PerformanceMetric) throws {
        let truth = try #require(sample(100_000, seed: 1).metric(metric).value)
        var covered = 0
        let repetitions = 200
        for seed in 0..<repetitions {
            let found = sample(200, seed: UInt64(seed) + 10).metric(metric)
            if let low = found.low, let high = found.high, low <= truth, truth <= high { covered += 1 }
        }
        // 95 % of 200 is 190; four standard deviations below are 178.
        #expect(covered >= 178, "\(metric): \(covered) of \(repetitions)")
    }

    private func sample(_ rows: Int, seed: UInt64) -> BinarySample {
        var stream = DriftStream(seed: seed)
        var scores: [Double] = []
        var labels: [Bool] = []
        for _ in 0..<rows {
            let score = stream.uniform()
            scores.append(score)
            labels.append(stream.uniform() < score * score * (3 - 2 * score))
        }
        return BinarySample(labels: labels, scores: scores)
    }

    @Test(arguments: [PerformanceMetric.bias, .mae, .rmse, .r2, .mape, .pinball])
    func regressionIntervalsCover(_ metric: PerformanceMetric) throws {
        func sample(_ rows: Int, seed: UInt64) -> RegressionSample {
            var stream = DriftStream(seed: seed)
            let actual = stream.normals(rows, mean: 50, deviation: 5)
            return RegressionSample(
                predicted: actual.map { $0 + stream.normal(mean: 0.2, deviation: 2) }, actual: actual)
        }
        let truth = try #require(sample(50_000, seed: 1).metric(metric).value)
        let repetitions = 200
        let covered = (0..<repetitions).count { seed in
            let found = sample(200, seed: UInt64(seed) + 10).metric(metric)
            return (found.low ?? .infinity) <= truth && truth <= (found.high ?? -.infinity)
        }
        #expect(covered >= 178, "\(metric): \(covered) of \(repetitions)")
    }

    /// At the edges an interval is neither a point nor outside the metric's range.
    @Test func perfectPredictionsAreNotCertain() throws {
        let labels = (0..<40).map { $0 % 2 == 0 }
        let perfect = BinarySample(labels: labels, scores: labels.map { $0 ? 0.9 : 0.1 })
        for metric in [
            PerformanceMetric.accuracy, .balancedAccuracy, .precision, .recall, .specificity, .f1, .mcc, .kappa,
            .rocAUC,
            .averagePrecision, .f1Macro, .f1Weighted, .precisionWeighted,
        ] {
            let found = perfect.metric(metric)
            #expect(found.value == 1 && found.high == 1, "\(metric): \(found)")
            #expect((found.low ?? 1) < 0.95 && (found.low ?? 0) > 0.6, "\(metric): \(found)")
        }
        // One class only, or one decision only: what cannot be known is not pretended.
        let constant = BinarySample(labels: labels, scores: labels.map { _ in 0.7 })
        #expect(constant.metric(.mcc) == MetricValue(value: 0, count: 40, low: -1, high: 1))
        #expect(constant.metric(.rocAUC).value == 0.5)
        let single = BinarySample(labels: [true], scores: [0.9])
        #expect(single.metric(.logLoss).low == nil && single.metric(.accuracy).value == 1)
    }
}
