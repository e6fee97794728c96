/// What is known of one class among several.
public struct ClassMetrics: Sendable, Equatable {
    /// Index of the class.
    public let index: Int
    /// Outcomes and predictions of this class.
    public let actual: Int64
    public let predicted: Int64
    /// Wilson intervals; F1's through the Jaccard index, as of a binary model.
    public let precision: MetricValue
    public let recall: MetricValue
    public let f1: MetricValue
}

extension MulticlassConfusion {
    /// One class against the rest, for every class.
    public var perClass: [ClassMetrics] {
        let total = count
        return (0..<classes).map { index in
            let margins = margins(index)
            let misses = margins.predicted + margins.actual - 2 * margins.right
            func share(of whole: Int64) -> MetricValue {
                MetricValue(
                    ratio(margins.right, whole), count: total,
                    bounds: ConfidenceInterval.wilson(margins.right, of: whole))
            }
            return ClassMetrics(
                index: index, actual: margins.actual, predicted: margins.predicted,
                precision: share(of: margins.predicted), recall: share(of: margins.actual),
                f1: MetricValue(
                    ratio(2 * margins.right, margins.predicted + margins.actual), count: total,
                    bounds: harmonicBounds(margins.right, misses: misses)))
        }
    }

    /// A metric of decisions, with its 95 % interval; without a value for one that needs scores or another task.
    ///
    /// Accuracy and the micro averages: Wilson. Means of precisions or recalls: the classes' Wilson intervals combined
    /// (MOVER, Zou and Donner 2008), as they are independent given the margins. The mean of F1: the same with
    /// the correlation that shared errors make. The weighted precision also carries the sampling error of its weights; the
    /// weighted F1 has the delta method on all cells, on Wilson's form. MCC and kappa:
    /// delta method on the multinomial cells (Fleiss, Cohen and Everitt 1969), on Fisher's z scale (Itaya et al. 2024).
    public func metric(_ metric: PerformanceMetric) -> MetricValue {
        let total = count
        guard total > 0 else { return MetricValue(value: nil, count: 0) }
        switch metric {
        case .accuracy, .precisionMicro, .recallMicro, .f1Micro, .recallWeighted:
            let right = (0..<classes).reduce(0) { $0 + self[actual: $1, predicted: $1] }
            return MetricValue(ratio(right, total), count: total, bounds: ConfidenceInterval.wilson(right, of: total))
        case .balancedAccuracy: return averageOfShares(of: \.actual, over: { $0.actual > 0 })
        case .precision, .precisionMacro: return averageOfShares(of: \.predicted, over: Self.occurs)
        case .recall, .recallMacro: return averageOfShares(of: \.actual, over: Self.occurs)
        case .precisionWeighted: return averageOfShares(of: \.predicted, isWeighted: true, over: Self.occurs)
        case .f1, .f1Macro: return averageF1
        case .f1Weighted: return weightedF1
        case .mcc, .kappa: return agreement(metric)
        default: return MetricValue(value: nil, count: 0)
        }
    }

    private static func occurs(_ margins: Margins) -> Bool { margins.predicted + margins.actual > 0 }

    private func averageOfShares(
        of whole: KeyPath<Margins, Int64>, isWeighted: Bool = false, over isIncluded: (Margins) -> Bool
    ) -> MetricValue {
        let total = count
        let chosen = (0..<classes).map(margins).filter(isIncluded)
        guard !chosen.isEmpty else { return MetricValue(value: nil, count: total) }
        let parts = chosen.map { margins in
            let size = margins[keyPath: whole]
            let value = ratio(margins.right, size) ?? 0
            return (
                weight: isWeighted ? Double(margins.actual) / Double(total) : 1 / Double(chosen.count), value: value,
                bounds: ConfidenceInterval.wilson(margins.right, of: size) ?? (value, value)
            )
        }
        let (value, bounds) = ConfidenceInterval.weighted(parts)
        let extra = isWeighted ? weightVariance(parts.map { ($0.weight, $0.value) }) : 0
        return MetricValue(value, count: total, bounds: widened(bounds, around: value, by: extra))
    }

    /// Mean of the classes' F1. Two of them share the errors between their classes: with nᵢⱼ pairs of outcome i and
    /// prediction j and sᵢ = predicted + actual, cov(Fᵢ, Fⱼ) = (nᵢⱼ + nⱼᵢ)·FᵢFⱼ/(sᵢsⱼ) by the delta method.
    private var averageF1: MetricValue {
        let total = count
        let chosen = (0..<classes).map { ($0, margins($0)) }.filter { Self.occurs($0.1) }
        let parts = chosen.map { _, margins -> F1Part in
            let size = Double(margins.predicted + margins.actual)
            let right = Double(margins.right)
            let value = 2 * right / size
            let misses = margins.predicted + margins.actual - 2 * margins.right
            let hit = 2 * (1 - value) / size
            let miss = value / size
            return F1Part(
                weight: 1 / Double(chosen.count), value: value,
                bounds: harmonicBounds(margins.right, misses: misses) ?? (value, value), size: size,
                variance: right * hit * hit + Double(misses) * miss * miss)
        }
        var squares = (low: 0.0, high: 0.0)
        for (left, (row, _)) in zip(parts, chosen) {
            for (right, (column, _)) in zip(parts, chosen) {
                var correlation = 1.0
                if row != column {
                    let shared = Double(
                        self[actual: row, predicted: column] + self[actual: column, predicted: row])
                    guard shared > 0, left.variance > 0, right.variance > 0 else { continue }
                    let covariance = shared * left.value * right.value / (left.size * right.size)
                    correlation = covariance / (left.variance * right.variance).squareRoot()
                }
                squares.low += correlation * left.low * right.low
                squares.high += correlation * left.high * right.high
            }
        }
        let value = parts.reduce(0) { $0 + $1.value } / Double(parts.count)
        return MetricValue(
            value, count: total,
            bounds: (max(0, value - squares.low.squareRoot()), min(1, value + squares.high.squareRoot())))
    }

    /// Mean of the classes' F1, weighted by how often each occurs. The weights are as random as the F1s, so the delta
    /// method is on all cells at once: nᵢⱼ moves it by (Fᵢ − F)/n + [i = j]·2wᵢ/sᵢ − wᵢFᵢ/sᵢ − wⱼFⱼ/sⱼ.
    private var weightedF1: MetricValue {
        let total = Double(count)
        let all = (0..<classes).map(margins)
        let sizes = all.map { Double($0.predicted + $0.actual) }
        let scores = zip(all, sizes).map { $1 > 0 ? 2 * Double($0.right) / $1 : 0 }
        let weights = all.map { Double($0.actual) / total }
        let value = zip(weights, scores).reduce(0) { $0 + $1.0 * $1.1 }
        let slopes = (0..<classes).map { sizes[$0] > 0 ? weights[$0] / sizes[$0] : 0 }
        var sums = (mean: 0.0, square: 0.0)
        for actual in 0..<classes {
            for predicted in 0..<classes where self[actual: actual, predicted: predicted] > 0 {
                let cell = Double(self[actual: actual, predicted: predicted])
                let gradient =
                    (scores[actual] - value) / total + (actual == predicted ? 2 * slopes[actual] : 0)
                    - slopes[actual] * scores[actual] - slopes[predicted] * scores[predicted]
                sums.mean += cell * gradient
                sums.square += cell * gradient * gradient
            }
        }
        let variance = max(0, sums.square - sums.mean * sums.mean / total)
        // Rounding leaves a trace of variance where there is none.
        return MetricValue(
            value, count: count,
            bounds: ConfidenceInterval.bounded(
                min(1, value), variance: value < 1 && variance > 1e-18 ? variance : 0, count: total))
    }

    private struct F1Part {
        var weight: Double
        var value: Double
        var bounds: ConfidenceInterval.Bounds
        var size: Double
        var variance: Double

        var low: Double { weight * (value - bounds.low) }
        var high: Double { weight * (bounds.high - value) }
    }

    /// What chance in the class shares adds to a weighted mean: the variance of the values between classes, over n.
    private func weightVariance(_ parts: [(weight: Double, value: Double)]) -> Double {
        let mean = parts.reduce(0) { $0 + $1.weight * $1.value }
        let square = parts.reduce(0) { $0 + $1.weight * $1.value * $1.value }
        return max(0, square - mean * mean) / Double(count)
    }

    private func widened(
        _ bounds: ConfidenceInterval.Bounds, around value: Double, by variance: Double
    ) -> ConfidenceInterval.Bounds {
        let square = ConfidenceInterval.z95 * ConfidenceInterval.z95 * variance
        let low = ((value - bounds.low) * (value - bounds.low) + square).squareRoot()
        let high = ((bounds.high - value) * (bounds.high - value) + square).squareRoot()
        return (max(0, value - low), min(1, value + high))
    }
}
