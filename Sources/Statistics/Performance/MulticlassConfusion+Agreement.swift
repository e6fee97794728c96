extension MulticlassConfusion {
    /// MCC or kappa from cell shares q, outcome shares t and prediction shares p, with c = Σ qₖₖ and e = Σ pₖtₖ:
    /// MCC = (c − e)/√((1 − Σp²)(1 − Σt²)), κ = (c − e)/(1 − e). Both 0 where one side is constant, as scikit-learn has
    /// it, and then any value is possible.
    func agreement(_ metric: PerformanceMetric) -> MetricValue {
        let total = Double(count)
        let (t, p) = shares
        let right = (0..<classes).reduce(0.0) { $0 + Double(self[actual: $1, predicted: $1]) } / total
        let chance = zip(p, t).reduce(0) { $0 + $1.0 * $1.1 }
        let spreads = (p: 1 - p.reduce(0) { $0 + $1 * $1 }, t: 1 - t.reduce(0) { $0 + $1 * $1 })
        let tiny = 1e-12
        guard spreads.p > tiny, spreads.t > tiny, 1 - chance > tiny else {
            return MetricValue(0, count: count, bounds: (-1, 1))
        }
        let scale = metric == .mcc ? (spreads.p * spreads.t).squareRoot() : 1 - chance
        let value = (right - chance) / scale
        var sums = (mean: 0.0, square: 0.0)
        for actual in 0..<classes {
            for predicted in 0..<classes where self[actual: actual, predicted: predicted] > 0 {
                let hit = actual == predicted ? 1.0 : 0
                let slope = t[predicted] + p[actual]
                let gradient =
                    metric == .mcc
                    ? (hit - slope) / scale + value * (p[predicted] / spreads.p + t[actual] / spreads.t)
                    : hit / scale - slope * (1 - right) / (scale * scale)
                let share = Double(self[actual: actual, predicted: predicted]) / total
                sums.mean += share * gradient
                sums.square += share * gradient * gradient
            }
        }
        let variance = max(0, sums.square - sums.mean * sums.mean) / total
        guard value < 1 - tiny, value > -1 + tiny else {
            // Without an error the delta method has nothing to say; the accuracy's interval, on this scale, has.
            let low = ConfidenceInterval.wilson(share: right, of: total).low
            return MetricValue(value, count: count, bounds: ((low - chance) / (1 - chance), 1))
        }
        return MetricValue(value, count: count, bounds: ConfidenceInterval.fisher(value, variance: variance))
    }

    /// Kappa with weights (i − j)² for ordered classes (Cohen 1968): 1 − Σ wᵢⱼqᵢⱼ / Σ wᵢⱼtᵢpⱼ; `nil` without pairs or with
    /// one class only.
    public var quadraticKappa: Double? {
        guard count > 0 else { return nil }
        let (t, p) = shares
        var sums = (found: 0.0, expected: 0.0)
        for actual in 0..<classes {
            for predicted in 0..<classes {
                let weight = Double((actual - predicted) * (actual - predicted))
                sums.found += weight * Double(self[actual: actual, predicted: predicted]) / Double(count)
                sums.expected += weight * t[actual] * p[predicted]
            }
        }
        return sums.expected > 0 ? 1 - sums.found / sums.expected : nil
    }

    private var shares: (actual: [Double], predicted: [Double]) {
        let total = Double(count)
        let all = (0..<classes).map(margins)
        return (all.map { Double($0.actual) / total }, all.map { Double($0.predicted) / total })
    }
}
