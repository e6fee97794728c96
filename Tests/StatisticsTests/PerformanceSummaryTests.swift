import Statistics
import Testing
import TidewatchTestKit

@Suite struct PerformanceSummaryTests {
    @Test(arguments: try Golden.cases("binary_scores"))
    func binaryIsScikitLearns(_ golden: Golden.Case) throws {
        let labels = try golden.inputs["y"].numbers().map { $0 == 1 }
        let scores = try golden.inputs["score"].numbers()
        let threshold = try golden.inputs["threshold"].number()
        func expected(_ name: String) throws -> Double { try golden.expected[name].number() }
        #expect(agree(ExactMetrics.rocAUC(scores: scores, labels: labels), try expected("roc_auc"), within: 1e-9))
        let loss = try expected("log_loss_clip_1e15")
        #expect(agree(ExactMetrics.logLoss(scores: scores, labels: labels), loss, within: 1e-9))
        #expect(agree(ExactMetrics.brier(scores: scores, labels: labels), try expected("brier"), within: 1e-9))
        let confusion = ExactMetrics.confusionMatrix(predicted: scores.map { $0 >= threshold }, actual: labels)
        #expect(
            [confusion.trueNegatives, confusion.falsePositives, confusion.falseNegatives, confusion.truePositives]
                == (try golden.expected["confusion_tn_fp_fn_tp"].counts()))
        for (name, found) in [
            ("accuracy", confusion.accuracy), ("precision", confusion.precision), ("recall", confusion.recall),
            ("f1", confusion.f1),
        ] { #expect(agree(found, try expected(name), within: 1e-9), "\(name)") }

        var summary = PerformanceSummary(task: .binary(positive: "1"))
        for (score, label) in zip(scores, labels) {
            summary.add(score: score, predictedPositive: score >= threshold, positive: label)
        }
        #expect(summary.count == Int64(labels.count) && summary.confusion == confusion)
        for (metric, name) in [
            (PerformanceMetric.accuracy, "accuracy"), (.precision, "precision"), (.recall, "recall"), (.f1, "f1"),
            (.rocAUC, "roc_auc"), (.logLoss, "log_loss_clip_1e15"), (.brier, "brier"),
        ] {
            let found = summary.metric(metric)
            let value = try #require(found.value)
            #expect((value - (try expected(name))).magnitude <= (found.errorBound ?? 0) + 1e-9, "\(name): \(found)")
            if let low = found.low, let high = found.high { #expect(low <= value && value <= high, "\(name)") }
        }
    }

    @Test(arguments: try Golden.cases("multiclass"))
    func multiclassIsScikitLearns(_ golden: Golden.Case) throws {
        let actual = try golden.inputs["y"].numbers().map { Int($0) }
        let predicted = try golden.inputs["predicted"].numbers().map { Int($0) }
        let probabilities = try golden.inputs["proba"].list().map { try $0.numbers() }
        let classes = try #require(probabilities.first?.count)
        let confusion = ExactMetrics.confusionMatrix(predicted: predicted, actual: actual, classes: classes)
        #expect(confusion.counts == (try golden.expected["confusion"].list().flatMap { try $0.counts() }))
        #expect(agree(confusion.accuracy, try golden.expected["accuracy"].number(), within: 1e-9))
        #expect(agree(confusion.macroF1, try golden.expected["f1_macro"].number(), within: 1e-9))
        let loss = try golden.expected["log_loss"].number()
        #expect(agree(ExactMetrics.logLoss(probabilities: probabilities, actual: actual), loss, within: 1e-9))
        var summary = PerformanceSummary(task: .multiclass(classes: (0..<classes).map(String.init)))
        for row in actual.indices {
            summary.add(scores: probabilities[row].map { Float($0) }, predicted: predicted[row], actual: actual[row])
        }
        #expect(summary.classConfusion == confusion)
        #expect(agree(summary.metric(.logLoss).value, loss, within: 1e-6))
        #expect(agree(summary.metric(.precision).value, try #require(confusion.macroPrecision), within: 1e-12))
        #expect(summary.metric(.rocAUC).value == nil)
    }

    @Test(arguments: try Golden.cases("regression"))
    func regressionIsScikitLearns(_ golden: Golden.Case) throws {
        let (actual, predicted) = (try golden.inputs["y"].numbers(), try golden.inputs["predicted"].numbers())
        var summary = PerformanceSummary(task: .regression)
        for (prediction, outcome) in zip(predicted, actual) { summary.add(predicted: prediction, actual: outcome) }
        for (metric, exact) in [
            (PerformanceMetric.mae, ExactMetrics.mae(predicted: predicted, actual: actual)),
            (.rmse, ExactMetrics.rmse(predicted: predicted, actual: actual)),
            (.r2, ExactMetrics.r2(predicted: predicted, actual: actual)),
        ] {
            let expected = try golden.expected[metric.rawValue].number()
            #expect(agree(exact, expected, within: 1e-9, absolute: true), "\(metric)")
            #expect(agree(summary.metric(metric).value, expected, within: 1e-5, absolute: true), "\(metric)")
        }
    }

    /// A target far from zero does not cancel.
    @Test func r2FarFromZero() {
        var summary = PerformanceSummary(task: .regression)
        for (prediction, outcome) in [(1.0, 1.0), (2, 2), (3, 4)] {
            summary.add(predicted: prediction + 1e8, actual: outcome + 1e8)
        }
        #expect(agree(summary.metric(.r2).value, 1 - 1 / (14.0 / 3), within: 1e-6))
        summary.add(predicted: 1e300, actual: 0)
        summary.add(predicted: .nan, actual: 0)
        #expect(summary.saturated == 1 && summary.invalidScores == 1 && summary.count == 4)
        #expect(summary.metric(.rmse).value?.isFinite == true)
    }

    @Test(arguments: 0..<10)
    func orderAndPartsDoNotMatter(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var stream = DriftStream(seed: seed)
        let tasks: [ModelTask] = [.binary(positive: "1"), .multiclass(classes: ["a", "b", "c"]), .regression]
        for task in tasks {
            let rows = (0..<200).map { _ in (stream.uniform(), Int(generator.next() % 3), Int(generator.next() % 3)) }
            func summary(_ rows: [(Double, Int, Int)]) -> PerformanceSummary {
                var summary = PerformanceSummary(task: task)
                for (score, predicted, actual) in rows {
                    switch task {
                    case .binary:
                        summary.add(
                            score: predicted == 2 ? nil : score * 1.02, predictedPositive: score > 0.5,
                            positive: actual == 0)
                    case .multiclass:
                        summary.add(
                            scores: predicted == 2 ? nil : [Float(score), 0.1, 0], predicted: predicted, actual: actual)
                    case .regression: summary.add(predicted: score * 1e6, actual: Double(actual))
                    }
                }
                return summary
            }
            let whole = summary(rows)
            #expect(summary(rows.shuffled(using: &generator)) == whole)
            let cut = Int(generator.next() % 200)
            var merged = try PerformanceSummary(serialized: summary(Array(rows[cut...])).serialized())
            merged.merge(summary(Array(rows[..<cut])))
            #expect(merged == whole)
            #expect(try PerformanceSummary(serialized: whole.serialized()) == whole)
        }
    }

    /// A checkpoint from before the sums for intervals is refused by name, not misread.
    @Test func anOlderFormatIsRefused() throws {
        var bytes = PerformanceSummary(task: .regression).serialized()
        bytes[0] = 1
        #expect { try PerformanceSummary(serialized: bytes) } throws: { error in
            (error as? StatisticsError)?.code == .unsupportedVersion && "\(error)".contains("format version 1")
        }
    }

    /// What the sums give is what the pairs give, interval included, far from zero too.
    @Test(arguments: [0.0, 1e4, -1e6]) func sumsGiveTheIntervalsOfThePairs(_ center: Double) throws {
        var stream = DriftStream(seed: 9)
        let actual = stream.normals(500, mean: center, deviation: 3)
        let predicted = actual.map { $0 + stream.normal(mean: 0.5, deviation: 1) }
        var summary = PerformanceSummary(task: .regression)
        for (prediction, outcome) in zip(predicted, actual) { summary.add(predicted: prediction, actual: outcome) }
        let sample = RegressionSample(predicted: predicted, actual: actual)
        // Of outcomes near zero the relative errors differ with the last digit.
        for metric in PerformanceMetric.allCases where metric.applies(to: .regression) {
            let (exact, summed) = (sample.metric(metric), summary.metric(metric))
            for (left, right) in [(exact.value, summed.value), (exact.low, summed.low), (exact.high, summed.high)] {
                #expect(agree(right, try #require(left), within: 1e-4), "\(metric): \(summed), not \(exact)")
            }
        }
    }

    @Test func whatIsNotDefinedHasNoValue() {
        let empty = PerformanceSummary(task: .binary(positive: "1"))
        for metric in PerformanceMetric.allCases {
            #expect(empty.metric(metric).value == nil && empty.metric(metric).count == 0)
        }
        var one = empty
        one.add(score: 1.5, predictedPositive: false, positive: true)
        one.add(score: .nan, predictedPositive: false, positive: true)
        #expect(one.invalidScores == 2 && one.count == 2 && one.scored == 0)
        #expect(one.metric(.rocAUC).value == nil && one.metric(.logLoss).value == nil)
        #expect(one.metric(.precision).value == nil && one.metric(.recall).value == 0)
        #expect(ExactMetrics.rocAUC(scores: [0.1, 0.2], labels: [true, true]) == nil)
        #expect(ExactMetrics.rocAUC(scores: [0.1, .nan], labels: [true, false]) == nil)
        #expect(ExactMetrics.mae(predicted: [], actual: []) == nil)
        #expect(ExactMetrics.r2(predicted: [1], actual: [1]) == nil)
    }

    @Test func certainAndWrongIsClipped() {
        var summary = PerformanceSummary(task: .binary(positive: "1"))
        summary.add(score: 0, predictedPositive: false, positive: true)
        #expect(agree(summary.metric(.logLoss).value, 34.538776394910684, within: 1e-6))
    }

    @Test func metricsKnowTheirTasks() {
        #expect(
            PerformanceMetric.allCases.filter { $0.applies(to: .regression) } == [
                .bias, .mae, .mse, .rmse, .mape, .r2, .pinball,
            ])
        #expect(!PerformanceMetric.rocAUC.applies(to: .multiclass(classes: ["a"])))
        #expect(
            PerformanceMetric.allCases.filter { !$0.higherIsBetter }
                == [.logLoss, .brier, .ece, .bias, .mae, .mse, .rmse, .mape, .pinball])
    }
}
