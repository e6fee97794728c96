import Foundation
import Statistics

/// Metrics of rows that count differently, as scikit-learn's with `sample_weight`: a weight of 2 is the row twice.
///
/// Without intervals: what a weighted row says of others depends on why it has its weight. Definitions and edge rules are
/// those of `PerformanceMetric`.
enum WeightedMetrics {
    /// - Precondition: one of each per row, every weight above 0.
    static func binary(
        scores: [Double], actual: [Bool], weights: [Double], threshold: Double
    ) -> [PerformanceMetric: Double] {
        let decided = scores.map { $0 >= threshold }
        var confusion = WeightedConfusion(classes: 2)
        for row in scores.indices {
            confusion.add(actual: actual[row] ? 1 : 0, predicted: decided[row] ? 1 : 0, weight: weights[row])
        }
        var found = confusion.averages
        let positive = confusion.margins(1)
        let negative = confusion.margins(0)
        found[.precision] = ratio(positive.right, positive.predicted)
        found[.recall] = ratio(positive.right, positive.actual)
        found[.f1] = ratio(2 * positive.right, positive.predicted + positive.actual)
        found[.specificity] = ratio(negative.right, negative.actual)
        let curve = ranks(scores, actual, weights)
        found[.rocAUC] = curve.area
        found[.averagePrecision] = curve.precision
        guard scores.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return found }
        let given = zip(scores, actual).map { $1 ? $0 : 1 - $0 }
        found[.logLoss] = mean(given.map(loss), weights)
        found[.brier] = mean(given.map { (1 - $0) * (1 - $0) }, weights)
        found[.ece] = calibrationError(scores, hits: actual, weights)
        return found
    }

    /// - Parameter probabilities: per row one per class.
    /// - Precondition: as `binary`.
    static func multiclass(
        probabilities: [[Double]], predicted: [Int], actual: [Int], weights: [Double], classes: Int
    ) -> [PerformanceMetric: Double] {
        var confusion = WeightedConfusion(classes: classes)
        for row in actual.indices {
            confusion.add(actual: actual[row], predicted: predicted[row], weight: weights[row])
        }
        var found = confusion.averages
        found[.logLoss] = mean(zip(probabilities, actual).map { loss($0[$1]) }, weights)
        let squares = zip(probabilities, actual).map { scores, label in
            scores.indices.reduce(0) { sum, index in
                let error = scores[index] - (index == label ? 1 : 0)
                return sum + error * error
            }
        }
        found[.brier] = mean(squares, weights)
        let top = zip(probabilities, predicted).map { min(1, max(0, $0[$1])) }
        found[.ece] = calibrationError(top, hits: zip(predicted, actual).map { $0 == $1 }, weights)
        return found
    }

    /// - Precondition: as `binary`; all finite.
    static func regression(
        predicted: [Double], actual: [Double], weights: [Double]
    ) -> [PerformanceMetric: Double] {
        let errors = zip(predicted, actual).map { $0 - $1 }
        var found: [PerformanceMetric: Double] = [:]
        found[.bias] = mean(errors, weights)
        found[.mae] = mean(errors.map(\.magnitude), weights)
        found[.pinball] = found[.mae].map { $0 / 2 }
        let square = mean(errors.map { $0 * $0 }, weights)
        found[.mse] = square
        found[.rmse] = square?.squareRoot()
        let rows = actual.indices.filter { actual[$0] != 0 }
        found[.mape] = mean(rows.map { (errors[$0] / actual[$0]).magnitude }, rows.map { weights[$0] })
        if let square, let center = mean(actual, weights), actual.count > 1,
            let spread = mean(actual.map { ($0 - center) * ($0 - center) }, weights)
        {
            found[.r2] = spread > 0 ? 1 - square / spread : (square == 0 ? 1 : 0)
        }
        return found.filter { $0.value.isFinite }
    }

    /// −ln of the probability given to what happened, clipped as by `PerformanceMetric.logLoss`.
    private static func loss(_ probability: Double) -> Double { -log(min(max(probability, 1e-15), 1 - 1e-15)) }

    private static func mean(_ values: [Double], _ weights: [Double]) -> Double? {
        ratio(zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }, weights.reduce(0, +))
    }

    fileprivate static func ratio(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }

    private static func calibrationError(_ scores: [Double], hits: [Bool], _ weights: [Double]) -> Double? {
        var gaps = [Double](repeating: 0, count: CalibrationBin.count)
        for row in scores.indices {
            let bin = min(Int(scores[row] * Double(gaps.count)), gaps.count - 1)
            gaps[bin] += weights[row] * ((hits[row] ? 1 : 0) - scores[row])
        }
        return ratio(gaps.reduce(0) { $0 + $1.magnitude }, weights.reduce(0, +))
    }

    /// ROC AUC, ties half, and average precision; `nil` with one class, and without positives.
    private static func ranks(
        _ scores: [Double], _ actual: [Bool], _ weights: [Double]
    ) -> (area: Double?, precision: Double?) {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var above = (positive: 0.0, negative: 0.0)
        var (pairs, precision) = (0.0, 0.0)
        var next = 0
        while next < order.count {
            let score = scores[order[next]]
            var tied = (positive: 0.0, negative: 0.0)
            while next < order.count, scores[order[next]] == score {
                let row = order[next]
                if actual[row] { tied.positive += weights[row] } else { tied.negative += weights[row] }
                next += 1
            }
            pairs += tied.negative * (above.positive + tied.positive / 2)
            above.positive += tied.positive
            above.negative += tied.negative
            precision += tied.positive * above.positive / (above.positive + above.negative)
        }
        return (ratio(pairs, above.positive * above.negative), ratio(precision, above.positive))
    }
}

/// Weights of right and wrong decisions between classes: outcome × prediction.
private struct WeightedConfusion {
    private let classes: Int
    private var cells: [Double]

    init(classes: Int) {
        self.classes = classes
        cells = Array(repeating: 0, count: classes * classes)
    }

    mutating func add(actual: Int, predicted: Int, weight: Double) { cells[actual * classes + predicted] += weight }

    func margins(_ own: Int) -> (right: Double, predicted: Double, actual: Double) {
        let all = 0..<classes
        return (
            cells[own * classes + own], all.reduce(0) { $0 + cells[$1 * classes + own] },
            all.reduce(0) { $0 + cells[own * classes + $1] }
        )
    }

    /// The metrics of decisions that are over all classes.
    var averages: [PerformanceMetric: Double] {
        let all = (0..<classes).map(margins)
        let total = cells.reduce(0, +)
        guard total > 0 else { return [:] }
        let occurring = all.filter { $0.predicted + $0.actual > 0 }
        let right = all.reduce(0) { $0 + $1.right } / total
        func share(_ part: Double, _ whole: Double) -> Double { WeightedMetrics.ratio(part, whole) ?? 0 }
        func mean(_ value: ((right: Double, predicted: Double, actual: Double)) -> Double) -> (Double, Double) {
            (
                occurring.reduce(0) { $0 + value($1) } / Double(occurring.count),
                occurring.reduce(0) { $0 + value($1) * $1.actual / total }
            )
        }
        let precision = mean { share($0.right, $0.predicted) }
        let recall = mean { share($0.right, $0.actual) }
        let f1 = mean { share(2 * $0.right, $0.predicted + $0.actual) }
        let known = all.filter { $0.actual > 0 }
        var found: [PerformanceMetric: Double] = [
            .accuracy: right, .precisionMicro: right, .recallMicro: right, .f1Micro: right, .recallWeighted: right,
            .precision: precision.0, .precisionMacro: precision.0, .precisionWeighted: precision.1,
            .recall: recall.0, .recallMacro: recall.0, .f1: f1.0, .f1Macro: f1.0, .f1Weighted: f1.1,
        ]
        found[.balancedAccuracy] = known.reduce(0) { $0 + $1.right / $1.actual } / Double(known.count)
        let chance = all.reduce(0) { $0 + $1.predicted * $1.actual } / total / total
        let spread = (
            predicted: 1 - all.reduce(0) { $0 + $1.predicted * $1.predicted } / total / total,
            actual: 1 - all.reduce(0) { $0 + $1.actual * $1.actual } / total / total
        )
        // One side constant: 0, as scikit-learn has it.
        let isDefined = min(spread.predicted, spread.actual, 1 - chance) > 1e-12
        found[.mcc] = isDefined ? (right - chance) / (spread.predicted * spread.actual).squareRoot() : 0
        found[.kappa] = isDefined ? (right - chance) / (1 - chance) : 0
        return found
    }
}
