import Foundation

/// Scores turned into probabilities by the monotone step function nearest to the outcomes (pool adjacent violators: Ayer
/// et al. 1955; for scores Zadrozny and Elkan 2002), linear between steps and constant outside, as scikit-learn's
/// `IsotonicRegression(out_of_bounds="clip")`.
///
/// Scores 0.1, 0.4, 0.6, 0.9 with outcomes 0, 1, 0, 1: steps 0, ½ (0.4 to 0.6) and 1; at 0.75, half way
/// between two steps, it says 0.75.
public struct IsotonicCalibration: Sendable, Equatable, Codable {
    /// Score and probability at the first and the last score of each step, ascending.
    private(set) var knotScores: [Double] = []
    private(set) var knotProbabilities: [Double] = []
    /// Rows and positives of each step, and its last score.
    private(set) var stepRows: [Double] = []
    private(set) var stepHits: [Double] = []
    private(set) var stepEnds: [Double] = []

    /// `nil` without rows or with a score that is not finite. - Precondition: equally many scores and labels.
    public init?(scores: [Double], labels: [Bool]) {
        guard !scores.isEmpty, scores.allSatisfy(\.isFinite), let curve = ScoreCurve(scores: scores, labels: labels)
        else { return nil }
        self.init(
            groups: curve.scores.indices.map {
                (
                    score: curve.scores[$0], rows: curve.positives[$0] + curve.negatives[$0],
                    hits: curve.positives[$0]
                )
            })
    }

    /// From groups of equal scores, ascending. - Precondition: there is one, and none is empty.
    init(groups: [(score: Double, rows: Double, hits: Double)]) {
        var steps: [(rows: Double, hits: Double, first: Double, last: Double)] = []
        for group in groups {
            steps.append((group.rows, group.hits, group.score, group.score))
            while steps.count > 1 {
                let (before, after) = (steps[steps.count - 2], steps[steps.count - 1])
                // hits/rows of the earlier step must stay below that of the later.
                guard before.hits * after.rows >= after.hits * before.rows else { break }
                steps.removeLast()
                steps[steps.count - 1] = (
                    before.rows + after.rows, before.hits + after.hits, before.first, after.last
                )
            }
        }
        for step in steps {
            let probability = step.hits / step.rows
            for score in step.first < step.last ? [step.first, step.last] : [step.first] {
                knotScores.append(score)
                knotProbabilities.append(probability)
            }
            stepRows.append(step.rows)
            stepHits.append(step.hits)
            stepEnds.append(step.last)
        }
    }

    /// P(positive) at a score.
    public func probability(of score: Double) -> Double {
        let upper = Self.firstIndex(in: knotScores) { $0 >= score }
        guard upper < knotScores.count else { return knotProbabilities[knotProbabilities.count - 1] }
        guard upper > 0, knotScores[upper] > score else { return knotProbabilities[upper] }
        let width = knotScores[upper] - knotScores[upper - 1]
        let share = (score - knotScores[upper - 1]) / width
        return knotProbabilities[upper - 1] + share * (knotProbabilities[upper] - knotProbabilities[upper - 1])
    }

    /// Variance of Σ weight·probability(score) from the finite reference: each step is a share of its rows.
    func variance(of weights: [(score: Double, weight: Double)]) -> Double {
        var sums = [Double](repeating: 0, count: stepRows.count)
        for (score, weight) in weights {
            sums[min(stepRows.count - 1, Self.firstIndex(in: stepEnds) { $0 >= score })] += weight
        }
        return sums.indices.reduce(0) { total, step in
            // Half a success and half a failure more: a step of one kind is not certain.
            let share = (stepHits[step] + 0.5) / (stepRows[step] + 1)
            return total + sums[step] * sums[step] * share * (1 - share) / stepRows[step]
        }
    }

    private static func firstIndex(in sorted: [Double], where isReached: (Double) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if isReached(sorted[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
