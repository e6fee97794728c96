import Statistics
import Testing
import TidewatchTestKit

/// Every field that `golden.json` (scikit-learn 1.9.1) has of scores, decisions and errors, to 1e-9.
@Suite struct PerformanceMetricTests {
    @Test(arguments: try Golden.cases("binary_scores"))
    func binaryIsScikitLearns(_ golden: Golden.Case) throws {
        let labels = try golden.inputs["y"].numbers().map { $0 == 1 }
        let scores = try golden.inputs["score"].numbers()
        let threshold = try golden.inputs["threshold"].number()
        let sample = BinarySample(labels: labels, scores: scores, threshold: threshold)
        var summary = PerformanceSummary(task: .binary(positive: "1"))
        for (score, label) in zip(scores, labels) {
            summary.add(score: score, predictedPositive: score >= threshold, positive: label)
        }
        for (metric, name) in [
            (PerformanceMetric.accuracy, "accuracy"), (.balancedAccuracy, "balanced_accuracy"),
            (.precision, "precision"), (.recall, "recall"), (.f1, "f1"), (.mcc, "mcc"), (.kappa, "kappa"),
            (.rocAUC, "roc_auc"), (.averagePrecision, "average_precision"), (.logLoss, "log_loss_clip_1e15"),
            (.brier, "brier"), (.ece, "ece_10_equal_width"),
        ] {
            let expected = try golden.expected[name].number()
            try check(sample.metric(metric), expected, "\(name)")
            try check(summary.metric(metric), expected, "\(name) of the sums")
        }
        let curve = try #require(sample.curve)
        let trapezoid = try golden.expected["pr_auc_trapezoid"].number()
        #expect(agree(curve.trapezoidalPrecisionRecallArea, trapezoid, within: 1e-9))
        #expect(agree(curve.kolmogorovSmirnov, try golden.expected["ks_stat"].number(), within: 1e-9, absolute: true))
    }

    @Test(arguments: try Golden.cases("multiclass"))
    func multiclassIsScikitLearns(_ golden: Golden.Case) throws {
        let actual = try golden.inputs["y"].numbers().map { Int($0) }
        let predicted = try golden.inputs["predicted"].numbers().map { Int($0) }
        let probabilities = try golden.inputs["proba"].list().map { try $0.numbers() }
        let classes = try #require(probabilities.first?.count)
        let sample = MulticlassSample(
            actual: actual, predicted: predicted, probabilities: probabilities, classes: classes)
        func expected(_ name: String) throws -> Double { try golden.expected[name].number() }
        for (metric, name) in [
            (PerformanceMetric.accuracy, "accuracy"), (.f1, "f1_macro"), (.f1Macro, "f1_macro"),
            (.f1Micro, "f1_micro"), (.f1Weighted, "f1_weighted"), (.mcc, "mcc"), (.kappa, "kappa"),
            (.logLoss, "log_loss"),
        ] { try check(sample.metric(metric), try expected(name), name) }
        #expect(agree(sample.confusion.quadraticKappa, try expected("kappa_quadratic"), within: 1e-9))
        #expect(agree(sample.rocAUCOneVersusRest, try expected("auc_ovr_macro"), within: 1e-9))
        #expect(agree(sample.rocAUCOneVersusOne, try expected("auc_ovo_macro"), within: 1e-9))
        #expect(sample.metric(.rocAUC).value == nil && sample.metric(.mae).value == nil)
    }

    @Test(arguments: try Golden.cases("regression"))
    func regressionIsScikitLearns(_ golden: Golden.Case) throws {
        let (actual, predicted) = (try golden.inputs["y"].numbers(), try golden.inputs["predicted"].numbers())
        let sample = RegressionSample(predicted: predicted, actual: actual)
        var summary = PerformanceSummary(task: .regression)
        for (prediction, outcome) in zip(predicted, actual) { summary.add(predicted: prediction, actual: outcome) }
        // mape_sklearn_eps is left out: it divides by 2⁻⁵² where an outcome is zero.
        for (metric, name) in [
            (PerformanceMetric.mae, "mae"), (.mse, "mse"), (.rmse, "rmse"), (.mape, "mape_skip_zero"), (.r2, "r2"),
        ] {
            let expected = try golden.expected[name].number()
            try check(sample.metric(metric), expected, name)
            let found = try #require(summary.metric(metric).value)
            #expect(agree(found, expected, within: 2e-6, absolute: true), "\(name) of the sums")
        }
        for (found, name) in [
            (ExactMetrics.symmetricMAPE(predicted: predicted, actual: actual), "smape"),
            (ExactMetrics.medianAbsoluteError(predicted: predicted, actual: actual), "median_ae"),
            (ExactMetrics.explainedVariance(predicted: predicted, actual: actual), "explained_variance"),
            (ExactMetrics.pearson(predicted, actual), "pearson"),
            (ExactMetrics.spearman(predicted, actual), "spearman"),
            (ExactMetrics.kendall(predicted, actual), "kendall"),
            (ExactMetrics.mse(predicted: predicted, actual: actual), "mse"),
            (ExactMetrics.mape(predicted: predicted, actual: actual), "mape_skip_zero"),
        ] {
            if case .null = golden.expected[name] {
                #expect(found == nil, "\(name)")
            } else {
                #expect(agree(found, try golden.expected[name].number(), within: 1e-9, absolute: true), "\(name)")
            }
        }
        let half = try #require(sample.metric(.mae).value) / 2
        #expect(agree(sample.metric(.pinball).value, half, within: 1e-12))
        let tenth = ExactMetrics.pinball(predicted: predicted, actual: actual, quantile: 0.1)
        #expect(agree(sample.pinball(quantile: 0.1).value, try #require(tenth), within: 1e-12))
        #expect(agree(summary.pinball(quantile: 0.1).value, try #require(tenth), within: 1e-5))
    }

    /// The number itself, exactly or within the bound it states, inside its interval.
    private func check(_ found: MetricValue, _ expected: Double, _ name: String) throws {
        let value = try #require(found.value, "\(name)")
        #expect((value - expected).magnitude <= (found.errorBound ?? 0) + 1e-9, "\(name): \(found), not \(expected)")
        if let low = found.low, let high = found.high {
            #expect(low <= value && value <= high && low.isFinite && high.isFinite, "\(name): \(found)")
        }
    }
}
