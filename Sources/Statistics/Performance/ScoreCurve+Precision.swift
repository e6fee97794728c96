import Foundation

extension ScoreCurve {
    /// Average precision, Σ (Rₙ − Rₙ₋₁)·Pₙ over the distinct scores from above: the area under the precision–recall curve
    /// without interpolation (as scikit-learn's). `nil` without positives.
    ///
    /// Interval: delta method on the influence of each row. With b(s), a(s) the shares of all rows and of the positives
    /// at or above s, and π the share of positives, a row (s₀, y₀) has the influence
    /// [y₀(P(s₀) − AP) + Σ over positives at s ≤ s₀ of (y₀/b − a/b²)/n]/π; Wilson's form at the effective sample size,
    /// which is at most the number of positives (Boyd, Eng and Page 2013 take that throughout).
    ///
    /// Scores 0.9, 0.6, 0.4, 0.2 of a positive, a negative, a positive and a negative: ½·1 + ½·⅔ = 0.833.
    public func averagePrecision() -> MetricValue {
        let (m, n) = totals
        let total = m + n
        guard m > 0 else { return MetricValue(value: nil, count: Int64(total)) }
        // Cumulated from the highest score down, then influences from the lowest up.
        var atOrAbove = [(all: Double, positive: Double)](repeating: (0, 0), count: positives.count)
        var sum = (all: 0.0, positive: 0.0)
        var area = 0.0
        for index in positives.indices.reversed() {
            sum.all += positives[index] + negatives[index]
            sum.positive += positives[index]
            atOrAbove[index] = sum
            if positives[index] > 0 { area += positives[index] * sum.positive / sum.all }
        }
        area /= m
        guard n > 0 else {
            return MetricValue(
                area, count: Int64(total), bounds: ConfidenceInterval.bounded(area, variance: 0, count: m))
        }
        var slopes = (own: 0.0, others: 0.0)
        var squares = 0.0
        for index in positives.indices {
            let (all, positive) = atOrAbove[index]
            guard all > 0 else { continue }
            slopes.own += positives[index] / all
            slopes.others += positives[index] * positive / (all * all)
            let hit = (positive / all - area) + slopes.own - slopes.others
            squares += positives[index] * hit * hit + negatives[index] * slopes.others * slopes.others
        }
        // The influences' mean square over n, with 1/π = total/m.
        let variance = max(squares / m / m, area * (1 - area) / m)
        return MetricValue(
            area, count: Int64(total), bounds: ConfidenceInterval.bounded(area, variance: variance, count: m))
    }

    /// How far the average precision may be from that of the same rows with the scores of a group resolved: all positives
    /// first or all negatives first.
    var precisionTieBound: Double {
        let (m, _) = totals
        guard m > 0 else { return 0 }
        var above = (positives: 0.0, negatives: 0.0)
        var gap = (best: 0.0, worst: 0.0)
        for index in positives.indices.reversed() {
            let (positive, negative) = (positives[index], negatives[index])
            if positive > 0, positive + negative > 1 {
                let held =
                    positive * (above.positives + positive) / (above.positives + above.negatives + positive + negative)
                gap.best += Self.precisions(positive, above, negatives: above.negatives, isUpper: true) - held
                gap.worst +=
                    held - Self.precisions(positive, above, negatives: above.negatives + negative, isUpper: false)
            }
            above.positives += positive
            above.negatives += negative
        }
        return max(gap.best, gap.worst) / m
    }

    /// A bound of Σᵢ (P + i)/(P + N + i) for i = 1…k, from ln((c + k + 1)/(c + 1)) ≤ Σ 1/(c + i) ≤ ln((c + k)/c).
    private static func precisions(
        _ k: Double, _ above: (positives: Double, negatives: Double), negatives: Double, isUpper: Bool
    ) -> Double {
        guard negatives > 0 else { return k }
        let c = above.positives + negatives
        return k - negatives * (isUpper ? log((c + k + 1) / (c + 1)) : log((c + k) / c))
    }

    /// Area under the precision–recall curve by the trapezoidal rule, from (0, 1): optimistic, and only for comparison
    /// with other programs (Davis and Goadrich 2006). `nil` without positives.
    public var trapezoidalPrecisionRecallArea: Double? {
        let (m, _) = totals
        guard m > 0 else { return nil }
        var above = (positives: 0.0, all: 0.0)
        var last = (recall: 0.0, precision: 1.0)
        var area = 0.0
        for index in positives.indices.reversed() {
            above.positives += positives[index]
            above.all += positives[index] + negatives[index]
            guard above.all > 0 else { continue }
            let point = (recall: above.positives / m, precision: above.positives / above.all)
            area += (point.recall - last.recall) * (point.precision + last.precision) / 2
            last = point
        }
        return area
    }
}
