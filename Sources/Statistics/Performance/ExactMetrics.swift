/// Performance metrics of whole samples, with the conventions of scikit-learn.
///
/// - Precondition: the two arrays of a call are equally long.
public enum ExactMetrics {
    public static func confusionMatrix(predicted: [Bool], actual: [Bool]) -> BinaryConfusion {
        precondition(predicted.count == actual.count, "one outcome per prediction")
        var confusion = BinaryConfusion()
        for (prediction, outcome) in zip(predicted, actual) { confusion.add(predicted: prediction, actual: outcome) }
        return confusion
    }

    /// - Precondition: all are indices below `classes`.
    public static func confusionMatrix(predicted: [Int], actual: [Int], classes: Int) -> MulticlassConfusion {
        precondition(predicted.count == actual.count, "one outcome per prediction")
        var confusion = MulticlassConfusion(classes: classes)
        for (prediction, outcome) in zip(predicted, actual) { confusion.add(predicted: prediction, actual: outcome) }
        return confusion
    }

    /// The chance that a positive is scored above a negative, ties counting half: the Mann–Whitney statistic divided by
    /// the number of pairs. `nil` with one class only, or with a score that is not a number.
    ///
    /// Scores 0.9, 0.6, 0.4, 0.2 of a positive, a negative, a positive and a negative: 3 of 4 pairs, 0.75.
    public static func rocAUC(scores: [Double], labels: [Bool]) -> Double? {
        ScoreCurve(scores: scores, labels: labels)?.rocAUC().value
    }

    /// Mean of −ln P(actual class), P clipped to [10⁻¹⁵, 1 − 10⁻¹⁵]; `nil` without rows.
    public static func logLoss(scores: [Double], labels: [Bool]) -> Double? {
        mean(scores, labels) { ScoreSums.loss($1 ? $0 : 1 - $0) }
    }

    /// - Parameter probabilities: one array per row, one number per class. - Precondition: `actual` are class indices.
    public static func logLoss(probabilities: [[Double]], actual: [Int]) -> Double? {
        mean(probabilities, actual) { ScoreSums.loss($0[$1]) }
    }

    /// Mean of (score − outcome)²; `nil` without rows.
    public static func brier(scores: [Double], labels: [Bool]) -> Double? {
        mean(scores, labels) { ($0 - ($1 ? 1 : 0)) * ($0 - ($1 ? 1 : 0)) }
    }

    public static func mae(predicted: [Double], actual: [Double]) -> Double? {
        mean(predicted, actual) { ($0 - $1).magnitude }
    }

    public static func rmse(predicted: [Double], actual: [Double]) -> Double? {
        mean(predicted, actual) { ($0 - $1) * ($0 - $1) }?.squareRoot()
    }

    /// 1 − Σ(error²)/Σ(deviation²); for a constant target 1 if there is no error, else 0 (scikit-learn); `nil` below two
    /// rows.
    public static func r2(predicted: [Double], actual: [Double]) -> Double? {
        guard let center = mean(actual, actual, { $1 }),
            let errors = mean(predicted, actual, { ($0 - $1) * ($0 - $1) }),
            let deviations = mean(actual, actual, { ($1 - center) * ($1 - center) })
        else { return nil }
        return r2(errors: errors, deviations: deviations, count: actual.count)
    }

    static func r2(errors: Double, deviations: Double, count: Int) -> Double? {
        guard count > 1 else { return nil }
        guard deviations > 0 else { return errors == 0 ? 1 : 0 }
        return 1 - errors / deviations
    }

    static func mean<Prediction, Outcome>(
        _ predictions: [Prediction], _ outcomes: [Outcome], _ term: (Prediction, Outcome) -> Double
    ) -> Double? {
        precondition(predictions.count == outcomes.count, "one outcome per prediction")
        guard !predictions.isEmpty else { return nil }
        return zip(predictions, outcomes).reduce(0) { $0 + term($1.0, $1.1) } / Double(predictions.count)
    }
}
