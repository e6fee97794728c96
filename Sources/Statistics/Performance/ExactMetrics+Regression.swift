extension ExactMetrics {
    /// Mean of prediction − outcome; `nil` without rows.
    public static func bias(predicted: [Double], actual: [Double]) -> Double? { mean(predicted, actual) { $0 - $1 } }

    /// `nil` without rows.
    public static func mse(predicted: [Double], actual: [Double]) -> Double? {
        mean(predicted, actual) { ($0 - $1) * ($0 - $1) }
    }

    /// Mean of abs(error / outcome) over the outcomes that are not zero: a division by next to nothing would drown the
    /// rest. `nil` where all are zero.
    public static func mape(predicted: [Double], actual: [Double]) -> Double? {
        let rows = actual.indices.filter { actual[$0] != 0 }
        return mean(rows.map { predicted[$0] }, rows.map { actual[$0] }) { (($0 - $1) / $1).magnitude }
    }

    /// Mean of 2·abs(error)/(abs(prediction) + abs(outcome)), 0 where both are zero; 0…2.
    public static func symmetricMAPE(predicted: [Double], actual: [Double]) -> Double? {
        mean(predicted, actual) {
            let size = $0.magnitude + $1.magnitude
            return size > 0 ? 2 * ($0 - $1).magnitude / size : 0
        }
    }

    /// Mean of q·(y − p) where the outcome y lies above the prediction p, (1 − q)·(p − y) below (Koenker and Bassett 1978).
    public static func pinball(predicted: [Double], actual: [Double], quantile q: Double) -> Double? {
        mean(predicted, actual) { $1 > $0 ? q * ($1 - $0) : (1 - q) * ($0 - $1) }
    }

    /// Median of abs(error); `nil` without rows.
    public static func medianAbsoluteError(predicted: [Double], actual: [Double]) -> Double? {
        precondition(predicted.count == actual.count, "one outcome per prediction")
        let errors = zip(predicted, actual).map { ($0 - $1).magnitude }.sorted()
        guard !errors.isEmpty else { return nil }
        return (errors[(errors.count - 1) / 2] + errors[errors.count / 2]) / 2
    }

    /// 1 − Var(error)/Var(outcome); for a constant outcome 1 if the error is constant too, else 0 (scikit-learn).
    public static func explainedVariance(predicted: [Double], actual: [Double]) -> Double? {
        guard let bias = bias(predicted: predicted, actual: actual), let center = mean(actual, actual, { $1 }),
            let errors = mean(predicted, actual, { ($0 - $1 - bias) * ($0 - $1 - bias) }),
            let deviations = mean(actual, actual, { ($1 - center) * ($1 - center) })
        else { return nil }
        guard deviations > 0 else { return errors == 0 ? 1 : 0 }
        return 1 - errors / deviations
    }
}
