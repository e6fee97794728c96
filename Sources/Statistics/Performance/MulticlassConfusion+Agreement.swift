extension MulticlassConfusion {
    /// MCC or kappa from cell shares q, outcome shares t and prediction shares p, with c = Σ qₖₖ and e = Σ pₖtₖ:
    /// MCC = (c − e)/√((1 − Σp²)(1 − Σt²)), κ = (c − e)/(1 − e). Both 0 where one side is constant, as scikit-learn has
    /// it, and then any value is possible.
    ///
    /// The interval is that of the matrix with two pairs more, spread over all cells: with a dozen positives the plain
    /// one covers 91 %, this one 95 %.
    func agreement(_ metric: PerformanceMetric) -> MetricValue {
        let (t, p) = shares
        let found = agreement(metric, cells: counts.map { Double($0) }, t, p)
        guard let value = found?.value else { return MetricValue(0, count: count, bounds: (-1, 1)) }
        let extra = 2 / Double(counts.count)
        let total = Double(count) + 2
        let smooth = { (shares: [Double]) in
            shares.map { ($0 * Double(count) + extra * Double(classes)) / total }
        }
        guard let smoothed = agreement(metric, cells: counts.map { Double($0) + extra }, smooth(t), smooth(p)) else {
            return MetricValue(value, count: count, bounds: (-1, 1))
        }
        guard value < 1 - 1e-12 else {
            // Without an error the accuracy's interval, on this scale, says what there is to say.
            let low = ConfidenceInterval.wilson(share: 1, of: Double(count)).low
            let chance = zip(p, t).reduce(0) { $0 + $1.0 * $1.1 }
            return MetricValue(value, count: count, bounds: ((low - chance) / (1 - chance), 1))
        }
        return MetricValue(
            value, count: count, bounds: ConfidenceInterval.fisher(smoothed.value, variance: smoothed.variance))
    }

    /// The value and its variance by the delta method; `nil` where one side is constant.
    private func agreement(
        _ metric: PerformanceMetric, cells: [Double], _ t: [Double], _ p: [Double]
    ) -> (value: Double, variance: Double)? {
        let total = cells.reduce(0, +)
        let right = (0..<classes).reduce(0.0) { $0 + cells[$1 * classes + $1] } / total
        let chance = zip(p, t).reduce(0) { $0 + $1.0 * $1.1 }
        let spreads = (p: 1 - p.reduce(0) { $0 + $1 * $1 }, t: 1 - t.reduce(0) { $0 + $1 * $1 })
        let tiny = 1e-12
        guard spreads.p > tiny, spreads.t > tiny, 1 - chance > tiny else { return nil }
        let scale = metric == .mcc ? (spreads.p * spreads.t).squareRoot() : 1 - chance
        let value = (right - chance) / scale
        var sums = (mean: 0.0, square: 0.0)
        for actual in 0..<classes {
            for predicted in 0..<classes where cells[actual * classes + predicted] > 0 {
                let hit = actual == predicted ? 1.0 : 0
                let slope = t[predicted] + p[actual]
                let gradient =
                    metric == .mcc
                    ? (hit - slope) / scale + value * (p[predicted] / spreads.p + t[actual] / spreads.t)
                    : hit / scale - slope * (1 - right) / (scale * scale)
                let share = cells[actual * classes + predicted] / total
                sums.mean += share * gradient
                sums.square += share * gradient * gradient
            }
        }
        return (value, max(0, sums.square - sums.mean * sums.mean) / total)
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
