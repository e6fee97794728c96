import Foundation
import Statistics

/// Two models judged on the same rows: how much the second is better than the first, and whether chance could do that.
public struct PairedComparison: Sendable, Equatable {
    /// `delong`, `mcnemar` or `bootstrap`.
    public let method: String
    /// Of the first and the second model.
    public let first: Double
    public let second: Double
    /// second − first, with its 95 % interval where the method gives one.
    public let difference: Double
    public let low: Double?
    public let high: Double?
    /// Two-sided, of no difference.
    public let pValue: Double

    /// The 0.975 quantile of the normal distribution.
    static let z95 = 1.959963984540054

    /// P(abs(Z) ≥ abs(z)) of the standard normal distribution.
    static func twoSided(_ z: Double) -> Double { erfc(z.magnitude / 2.squareRoot()) }

    /// Areas under two ROC curves of the same rows: DeLong, DeLong and Clarke-Pearson 1988, by the ranks of Sun and Xu
    /// 2014. With no variance of the difference, the p-value is 1 where the areas are equal and 0 where they are not.
    /// - Returns: `nil` with one class only, fewer than two rows of a class, or a score that is not a number.
    /// - Precondition: equally many of each.
    public static func rocAUC(first: [Double], second: [Double], labels: [Bool]) -> PairedComparison? {
        precondition(first.count == labels.count && second.count == labels.count, "one outcome per score")
        guard let one = Placements(first, labels), let two = Placements(second, labels) else { return nil }
        let difference = two.area - one.area
        let variance =
            Self.variance(zip(two.ofPositives, one.ofPositives).map { $0 - $1 }) / Double(one.ofPositives.count)
            + Self.variance(zip(two.ofNegatives, one.ofNegatives).map { $0 - $1 }) / Double(one.ofNegatives.count)
        let error = variance.squareRoot()
        let pValue = error > 0 ? twoSided(difference / error) : (difference == 0 ? 1 : 0)
        return PairedComparison(
            method: "delong", first: one.area, second: two.area, difference: difference,
            low: difference - z95 * error, high: difference + z95 * error, pValue: pValue)
    }

    /// Shares of right decisions on the same rows: McNemar 1947. Exact (binomial) up to 25 rows on which only one of them
    /// is right, above with Edwards' correction of continuity, as statsmodels. Interval: Wald's of the difference of paired
    /// shares.
    /// - Returns: `nil` without rows. - Precondition: equally many of each.
    public static func accuracy(first: [Bool], second: [Bool]) -> PairedComparison? {
        precondition(first.count == second.count, "both models decide every row")
        guard !first.isEmpty else { return nil }
        let n = Double(first.count)
        let losses = Double(zip(first, second).count { $0 && !$1 })
        let wins = Double(zip(first, second).count { !$0 && $1 })
        let difference = (wins - losses) / n
        let error = max(0, (wins + losses) / n - difference * difference).squareRoot() / n.squareRoot()
        return PairedComparison(
            method: "mcnemar", first: Double(first.count(where: \.self)) / n,
            second: Double(second.count(where: \.self)) / n, difference: difference,
            low: max(-1, difference - z95 * error), high: min(1, difference + z95 * error),
            pValue: mcnemar(losses, wins))
    }

    private static func mcnemar(_ losses: Double, _ wins: Double) -> Double {
        let discordant = losses + wins
        if discordant == 0 { return 1 }
        if discordant > 25 {
            let statistic = max(0, (losses - wins).magnitude - 1)
            return twoSided(statistic / discordant.squareRoot())
        }
        var tail = 0.0
        for k in 0...Int(min(losses, wins)) {
            let ways = lgamma(discordant + 1) - lgamma(Double(k) + 1) - lgamma(discordant - Double(k) + 1)
            tail += exp(ways - discordant * log(2))
        }
        return min(1, 2 * tail)
    }

    /// Any metric, by resampling rows (Efron 1979): percentile interval; p-value twice the smaller tail beyond 0, with one
    /// resample added to each.
    /// - Parameters:
    ///   - rows: how many rows there are.
    ///   - metric: of the first and the second model on some rows, an index may come several times; `nil` where it is not
    ///     defined (such a resample does not count).
    /// - Returns: `nil` where the metric is not defined on all rows, or on fewer than half of the resamples.
    public static func bootstrap(
        rows: Int, resamples: Int = 1_000, seed: UInt64, metric: ([Int]) -> (first: Double, second: Double)?
    ) -> PairedComparison? {
        precondition(resamples >= 100, "fewer resamples have no tail to read")
        guard rows > 0, let whole = metric(Array(0..<rows)) else { return nil }
        var generator = SplitMix(seed: seed)
        var found: [Double] = []
        for _ in 0..<resamples {
            let again = (0..<rows).map { _ in Int.random(in: 0..<rows, using: &generator) }
            if let pair = metric(again) { found.append(pair.second - pair.first) }
        }
        guard found.count * 2 >= resamples else { return nil }
        found.sort()
        let n = Double(found.count)
        let below = Double(found.count { $0 <= 0 } + 1) / (n + 1)
        let above = Double(found.count { $0 >= 0 } + 1) / (n + 1)
        return PairedComparison(
            method: "bootstrap", first: whole.first, second: whole.second, difference: whole.second - whole.first,
            low: quantile(found, 0.025), high: quantile(found, 0.975), pValue: min(1, 2 * min(below, above)))
    }

    /// Linear between order statistics (type 7 of Hyndman and Fan 1996, NumPy's).
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }

    static func variance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}

/// For each row the share of the other class that it is on the right side of.
private struct Placements {
    let area: Double
    let ofPositives: [Double]
    let ofNegatives: [Double]

    init?(_ scores: [Double], _ labels: [Bool]) {
        let positives = labels.indices.filter { labels[$0] }
        let negatives = labels.indices.filter { !labels[$0] }
        guard positives.count > 1, negatives.count > 1, !scores.contains(where: \.isNaN) else { return nil }
        let all = Self.midranks(scores)
        let own = (
            Self.midranks(positives.map { scores[$0] }), Self.midranks(negatives.map { scores[$0] })
        )
        let (m, n) = (Double(positives.count), Double(negatives.count))
        ofPositives = positives.enumerated().map { (all[$1] - own.0[$0]) / n }
        ofNegatives = negatives.enumerated().map { 1 - (all[$1] - own.1[$0]) / m }
        area = ofPositives.reduce(0, +) / m
    }

    /// Ranks from 1; equal scores share the mean of theirs.
    private static func midranks(_ scores: [Double]) -> [Double] {
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var ranks = [Double](repeating: 0, count: scores.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }
}
