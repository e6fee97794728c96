/// Positives and negatives at each distinct score, ascending: all that ROC and precision–recall curves need.
public struct ScoreCurve: Sendable, Equatable {
    /// The distinct scores; empty when the curve comes from a histogram.
    public private(set) var scores: [Double] = []
    public private(set) var positives: [Double] = []
    public private(set) var negatives: [Double] = []

    /// `nil` with a score that is not a number. - Precondition: equally many scores and labels.
    public init?(scores: [Double], labels: [Bool]) {
        precondition(scores.count == labels.count, "one outcome per score")
        var sides: (positive: [Double], negative: [Double]) = ([], [])
        sides.positive.reserveCapacity(scores.count)
        sides.negative.reserveCapacity(scores.count)
        for index in scores.indices {
            if scores[index].isNaN { return nil }
            if labels[index] { sides.positive.append(scores[index]) } else { sides.negative.append(scores[index]) }
        }
        let positive = ScoreOrder.ascending(sides.positive)
        let negative = ScoreOrder.ascending(sides.negative)
        for side in [positive.count + negative.count] {
            self.scores.reserveCapacity(side)
            positives.reserveCapacity(side)
            negatives.reserveCapacity(side)
        }
        var (up, down) = (0, 0)
        while up < positive.count || down < negative.count {
            let isUp = up < positive.count && (down == negative.count || positive[up] <= negative[down])
            let score = isUp ? positive[up] : negative[down]
            let (upStart, downStart) = (up, down)
            while up < positive.count, positive[up] == score { up += 1 }
            while down < negative.count, negative[down] == score { down += 1 }
            self.scores.append(score)
            positives.append(Double(up - upStart))
            negatives.append(Double(down - downStart))
        }
    }

    /// Groups in ascending order of a score that is not told.
    init(positives: [Double], negatives: [Double]) {
        self.positives = positives
        self.negatives = negatives
    }

    var totals: (positives: Double, negatives: Double) { (positives.reduce(0, +), negatives.reduce(0, +)) }

    /// The chance that a positive is scored above a negative, ties counting half: the Mann–Whitney statistic over the
    /// number of pairs. `nil` with one class only.
    ///
    /// Interval: the variance of DeLong, DeLong and Clarke-Pearson 1988 on the log-odds scale, with Student's t at the
    /// degrees of freedom of Brunner and Munzel 2000; at 0 and 1 Wilson's of a share of the smaller class. Scores 0.9, 0.6,
    /// 0.4, 0.2 of a positive, a negative, a positive and a negative: 3 of 4 pairs, 0.75.
    public func rocAUC() -> MetricValue {
        let (m, n) = totals
        let total = Int64(m + n)
        guard let (area, parts) = placements() else { return MetricValue(value: nil, count: total) }
        return MetricValue(area, count: total, bounds: Self.bounds(of: area, parts, m, n))
    }

    /// The area and DeLong's variance of it; `nil` with one class only.
    var area: (value: Double, variance: Double)? {
        placements().map { ($0.area, $0.parts.positives + $0.parts.negatives) }
    }

    /// The area, and the parts of its variance that come from the positives and from the negatives.
    private func placements() -> (area: Double, parts: (positives: Double, negatives: Double))? {
        let (m, n) = totals
        guard m > 0, n > 0 else { return nil }
        var below = 0.0
        var above = m
        var wins = 0.0
        // Sums of the squared placement values of the positives and of the negatives.
        var squares = (positives: 0.0, negatives: 0.0)
        for index in positives.indices {
            let (positive, negative) = (positives[index], negatives[index])
            above -= positive
            let placement = (below + negative / 2) / n
            let inverse = (above + positive / 2) / m
            wins += positive * placement
            squares.positives += positive * placement * placement
            squares.negatives += negative * inverse * inverse
            below += negative
        }
        let area = wins / m
        let parts = (
            positives: max(0, squares.positives / m - area * area) / max(1, m - 1),
            negatives: max(0, squares.negatives / n - area * area) / max(1, n - 1)
        )
        return (area, parts)
    }

    /// The log-odds interval with the degrees of freedom of Brunner and Munzel 2000; that of a share of the smaller class
    /// where the variance says nothing.
    private static func bounds(
        of area: Double, _ parts: (positives: Double, negatives: Double), _ m: Double, _ n: Double
    ) -> ConfidenceInterval.Bounds? {
        let variance = parts.positives + parts.negatives
        guard variance > 0, area > 0, area < 1, min(m, n) >= 2 else {
            return ConfidenceInterval.bounded(area, variance: 0, count: min(m, n))
        }
        let degrees =
            variance * variance
            / (parts.positives * parts.positives / (m - 1) + parts.negatives * parts.negatives / (n - 1))
        return ConfidenceInterval.logit(area, variance: variance, degrees: max(1, degrees))
    }

    /// Half the share of pairs of a positive and a negative with one score: what resolving the ties could change.
    var tiedShare: Double {
        let (m, n) = totals
        guard m > 0, n > 0 else { return 0 }
        return zip(positives, negatives).reduce(0) { $0 + $1.0 * $1.1 / 2 } / m / n
    }

    /// The largest distance between the two classes' score distributions (Kolmogorov–Smirnov); `nil` with one class only.
    public var kolmogorovSmirnov: Double? {
        let (m, n) = totals
        guard m > 0, n > 0 else { return nil }
        var found = 0.0
        var below = (positives: 0.0, negatives: 0.0)
        for index in positives.indices {
            below.positives += positives[index]
            below.negatives += negatives[index]
            found = max(found, (below.positives / m - below.negatives / n).magnitude)
        }
        return found
    }
}

extension ScoreCurve {
    /// False against true positive rate, from (0, 0) to (1, 1), at most about 200 points; empty with one class only.
    public var rocPoints: [(x: Double, y: Double)] {
        let (m, n) = totals
        guard m > 0, n > 0 else { return [] }
        return cumulated { (x: $0.negatives / n, y: $0.positives / m) }
    }

    /// Recall against precision, from the highest score down, at most about 200 points; empty without positives.
    public var precisionRecallPoints: [(x: Double, y: Double)] {
        let (m, _) = totals
        guard m > 0 else { return [] }
        return cumulated { above in
            let all = above.positives + above.negatives
            return (x: above.positives / m, y: all > 0 ? above.positives / all : 1)
        }
    }

    private func cumulated(
        _ point: ((positives: Double, negatives: Double)) -> (x: Double, y: Double)
    ) -> [(x: Double, y: Double)] {
        var above = (positives: 0.0, negatives: 0.0)
        var points = [point(above)]
        for index in positives.indices.reversed() {
            above.positives += positives[index]
            above.negatives += negatives[index]
            let next = point(above)
            let last = points[points.count - 1]
            let isFar = (next.x - last.x).magnitude + (next.y - last.y).magnitude >= 0.01
            if isFar || index == 0 { points.append(next) }
        }
        return points
    }
}
