import Foundation
import Statistics
import Testing
import TidewatchTestKit

/// Performance without labels, held against NannyML (`Fixtures/performance/estimates.json`) and against the labels.
@Suite struct EstimatedPerformanceTests {
    private let fixture: JSONValue

    init() throws {
        let url = try #require(
            Bundle.module.url(
                forResource: "estimates", withExtension: "json", subdirectory: "Fixtures/performance"))
        fixture = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: url))
    }

    @Test func binaryIsNannyMLs() throws {
        let two = fixture["binary"]
        let labels = try two["reference"]["y"].numbers().map { $0 == 1 }
        let isotonic = try #require(
            IsotonicCalibration(scores: try two["reference"]["score"].numbers(), labels: labels))
        for (score, expected) in zip(try two["at"].numbers(), try two["calibrated"].numbers()) {
            #expect((isotonic.probability(of: score) - expected).magnitude < 1e-9, "calibrated \(score)")
        }
        let scores = try two["analysis"]["score"].numbers()
        let predicted = scores.map { $0 >= 0.5 }
        let estimate = EstimatedPerformance(scores: scores, predicted: predicted, calibrator: .isotonic(isotonic))
        var summary = PredictionSummary()
        for (score, decision) in zip(scores, predicted) { summary.add(score: score, predictedPositive: decision) }
        let streamed = EstimatedPerformance(summary, calibrator: .isotonic(isotonic))
        let actual = try two["analysis"]["y"].numbers().map { $0 == 1 }
        let realized = BinarySample(labels: actual, scores: scores, predicted: predicted)
        // NannyML rounds the cumulated counts of its curves to five decimals, and breaks ties of the precision–recall
        // curve one by one.
        for (metric, tolerance) in [
            (PerformanceMetric.accuracy, 1e-9), (.precision, 1e-9), (.recall, 1e-9), (.specificity, 1e-9), (.f1, 1e-9),
            (.rocAUC, 1e-6), (.averagePrecision, 2e-3),
        ] {
            let expected = try two["estimated"][metric.rawValue].number()
            let found = estimate.metric(metric)
            let value = try #require(found.value)
            #expect((value - expected).magnitude < tolerance, "\(metric): \(value), not \(expected)")
            let binned = try #require(streamed.metric(metric).value)
            #expect((binned - value).magnitude < 3e-3, "\(metric) of the histogram: \(binned), not \(value)")
            let truth = try #require(realized.metric(metric).value)
            let (low, high) = (try #require(found.low), try #require(found.high))
            #expect(low <= truth && truth <= high, "\(metric): \(truth) outside \(low)…\(high)")
            let reconciled = Reconciliation(
                estimated: found, realized: realized.metric(metric), predictions: 2_500,
                labelled: Int64(actual.count))
            #expect(reconciled.maturity == 0.8 && reconciled.agrees == true)
        }
        let costs = try #require(
            CostMatrix(trueNegative: 0, falsePositive: -1, falseNegative: -5, truePositive: 10))
        let worth = try #require(estimate.businessValue(costs).value) * Double(scores.count)
        #expect(agree(worth, try two["estimated"]["business_value"].number(), within: 1e-9))
    }

    @Test func multiclassIsNannyMLs() throws {
        let three = fixture["multiclass"]
        let reference = try three["reference"]["p"].list().map { try $0.numbers() }
        let labels = try three["reference"]["y"].numbers().map { Int($0) }
        let calibrators = try (0..<3).map { index -> ScoreCalibrator in
            guard try three["isotonic"].numbers()[index] == 1 else { return .identity }
            return .isotonic(
                try #require(
                    IsotonicCalibration(scores: reference.map { $0[index] }, labels: labels.map { $0 == index })))
        }
        let scores = try three["analysis"]["p"].list().map { try $0.numbers() }
        let predicted = try three["analysis"]["predicted"].numbers().map { Int($0) }
        var whole = MulticlassEstimate(calibrators: calibrators)
        var parts = [whole, whole]
        for (index, (row, decision)) in zip(scores, predicted).enumerated() {
            whole.add(scores: row, predicted: decision)
            parts[index % 2].add(scores: row, predicted: decision)
        }
        parts[0].merge(parts[1])
        #expect(parts[0] == whole)
        for metric in [PerformanceMetric.accuracy, .f1, .precision, .recall] {
            let expected = try three["estimated"][metric.rawValue].number()
            let found = whole.metric(metric)
            #expect(((found.value ?? 9) - expected).magnitude < 1e-7, "\(metric): \(found), not \(expected)")
            #expect((found.low ?? 9) < expected && expected < (found.high ?? 0))
        }
        whole.add(scores: [0.5, .nan, 0.5], predicted: 0)
        #expect(whole.invalidScores == 1 && whole.count == 1_000)
    }

    @Test(arguments: 0..<5) func histogramsMergeInAnyOrder(_ seed: UInt64) throws {
        var stream = DriftStream(seed: seed)
        var generator = SeededGenerator(seed: seed)
        let rows = (0..<300).map { _ in (stream.uniform() * 1.05, stream.uniform() < 0.4) }
        func summary(_ rows: [(Double, Bool)]) -> PredictionSummary {
            rows.reduce(into: PredictionSummary()) { $0.add(score: $1.0, predictedPositive: $1.1) }
        }
        let whole = summary(rows)
        #expect(summary(rows.shuffled(using: &generator)) == whole)
        var merged = try PredictionSummary(serialized: summary(Array(rows[100...])).serialized())
        merged.merge(summary(Array(rows[..<100])))
        #expect(merged == whole && whole.count + whole.invalidScores == 300 && whole.invalidScores > 0)
        var bytes = whole.serialized()
        bytes[20] ^= 1
        #expect(throws: StatisticsError.self) { try PredictionSummary(serialized: bytes) }
    }

    @Test func calibrationsAreMonotoneAndBounded() throws {
        var stream = DriftStream(seed: 3)
        let scores = (0..<400).map { _ in stream.uniform() }
        let labels = scores.map { stream.uniform() < $0 * $0 }
        let isotonic = try #require(IsotonicCalibration(scores: scores, labels: labels))
        let platt = try #require(PlattCalibration(scores: scores, labels: labels))
        for calibrator in [ScoreCalibrator.isotonic(isotonic), .platt(platt)] {
            let found = stride(from: 0, through: 1, by: 0.01).map { calibrator.probability(of: $0) }
            #expect(found == found.sorted() && found.allSatisfy { $0 >= 0 && $0 <= 1 })
            // P(positive) at 0.7 is 0.49.
            #expect((calibrator.probability(of: 0.7) - 0.49).magnitude < 0.12)
        }
        #expect(PlattCalibration(scores: [0.1, 0.9], labels: [true, true]) == nil)
        #expect(IsotonicCalibration(scores: [], labels: []) == nil)
        #expect(ScoreCalibrator.fit(scores: [0.1, 0.9], labels: [false, false]) == nil)
        #expect(PlattCalibration(scores: [0.5, 0.5, 0.5], labels: [true, false, true])?.probability(of: 0.5) != nil)
    }

    @Test func nothingIsEstimatedFromNothing() {
        let none = EstimatedPerformance(PredictionSummary(), calibrator: .identity)
        for metric in PerformanceMetric.allCases { #expect(none.metric(metric).value == nil) }
        // Certain scores leave no doubt, and no division by zero.
        let certain = EstimatedPerformance(scores: [1, 1], predicted: [true, true], calibrator: .identity)
        #expect(certain.metric(.accuracy).value == 1 && certain.metric(.rocAUC).value == nil)
        #expect(certain.metric(.specificity).value == nil)
    }

    @Test func directLossIsAMean() throws {
        let quality = LossEstimate.Quality(meanLoss: 9, relativeDeviation: 0.5, rows: 100)
        var whole = LossEstimate(metric: .rmse, quality: quality)
        var parts = [whole, whole]
        for (index, loss) in [4.0, 16, -1, 9, .nan, 16].enumerated() {
            whole.add(loss)
            parts[index % 2].add(loss)
        }
        parts[1].merge(parts[0])
        #expect(parts[1] == whole && whole.count == 5)
        let found = whole.value
        #expect(agree(found.value, 3, within: 1e-5))
        // Σm² = 609: 9 ± 1.96·0.5·√(609/25 + 81/100) = 9 ± 4.917.
        #expect(agree(found.low, 4.0834.squareRoot(), within: 1e-3))
        #expect(agree(found.high, 13.9166.squareRoot(), within: 1e-3))
    }

    @Test func rankingIsScikitLearns() throws {
        var whole = RankingSummary()
        for list in try fixture["ranking"].list() {
            let (scores, relevance) = (try list["scores"].numbers(), try list["relevance"].numbers())
            whole.add(scores: scores, relevance: relevance)
            let all = RankingSummary.normalizedGain(scores: scores, relevance: relevance)
            #expect(agree(all, try list["ndcg"].number(), within: 1e-9))
            let some = RankingSummary.normalizedGain(
                scores: scores, relevance: relevance, places: Int(try list["places"].number()))
            #expect(agree(some, try list["ndcg_at"].number(), within: 1e-9, absolute: true))
        }
        let found = whole.ndcg
        #expect((found.low ?? 9) < (found.value ?? 0) && (found.high ?? 0) <= 1)
        #expect(RankingSummary.reciprocalRank(scores: [0.9, 0.5, 0.5], relevance: [0, 1, 0]) == 1 / 3.0)
        #expect(RankingSummary.normalizedGain(scores: [1], relevance: [0]) == nil)
        whole.add(scores: [1, 2], relevance: [0, 0])
        #expect(whole.queriesWithoutRelevance == 1)
    }
}
