import CBoostMath

/// How well a classifier tells the window's rows from the reference's, by cross-validation: the mean over five folds of
/// the ROC AUC on rows that the classifier was not trained on. 0.5 where the two are alike.
///
/// The interval is DeLong's, as LeDell, Petersen and van der Laan 2015 for cross-validated areas. The p-value is one-sided. Where
/// nothing has changed each fold's AUC is ½ on average with Mann and Whitney's variance V, but folds are not independent: rows
/// i and j of two folds are judged by classifiers that have learned from each other, so what chance lets the pair say counts in
/// both. A linear classifier counts every pair twice, which doubles the variance of the mean; z = (AUC − ½)/√(2·ΣV/25). The size
/// measured is in docs/statistics.md.
///
/// The effect is √2·Φ⁻¹(AUC), the distance of two normal distributions with that AUC. Source: Friedman 2003 (*On multivariate
/// goodness-of-fit and two-sample testing*); NannyML's `DomainClassifierCalculator`, which gives the AUC over all folds at once
/// and no p-value.
public enum DomainClassifier {
    public static let folds = 5
    /// Fewer rows than this on a side are `insufficient`.
    public static let minimumRows = 50

    /// What a classifier said after one training.
    public struct Answer: Sendable {
        /// One per row asked for; higher where the row looks more like the window.
        public var scores: [Double]
        /// How much each column helped, in any unit; may be empty.
        public var importances: [String: Double]

        public init(scores: [Double], importances: [String: Double] = [:]) {
            self.scores = scores
            self.importances = importances
        }
    }

    /// Trains on some rows and scores others. Rows are numbered through: those of the reference, then those of the window.
    /// The labels are those of the training rows: whether a row is the window's.
    public typealias Training<Failure: Error> =
        (_ training: [Int], _ isWindow: [Bool], _ scored: [Int]) throws(Failure) -> Answer

    /// - Parameters:
    ///   - seed: fixes which rows are in which fold.
    ///   - dispersion: how much more the rows vary together than independent ones would, for the tolerance p-value; ≥ 1.
    ///   - training: the classifier. It is trained five times, each time on four fifths of either side.
    /// - Throws: what the classifier throws.
    public static func compare<Failure: Error>(
        referenceRows: Int, windowRows: Int, seed: UInt64, dispersion: Double = 1, training: Training<Failure>
    ) throws(Failure) -> MultivariateResult {
        guard referenceRows > 0, windowRows > 0 else {
            return MultivariateResult(.domainClassifier, status: .noData, method: "no rows on a side")
        }
        guard min(referenceRows, windowRows) >= minimumRows else {
            return MultivariateResult(
                .domainClassifier, status: .insufficient, method: "fewer than \(minimumRows) rows")
        }
        let fold = assignments(referenceRows, seed) + assignments(windowRows, seed &+ 1)
        var sum = FoldSums()
        for number in 0..<folds {
            let trained = fold.indices.filter { fold[$0] != number }
            let held = fold.indices.filter { fold[$0] == number }
            let answer = try training(trained, trained.map { $0 >= referenceRows }, held)
            guard sum.add(answer, labels: held.map { $0 >= referenceRows }) else {
                return MultivariateResult(.domainClassifier, status: .error, method: "scores that are not numbers")
            }
        }
        return sum.result(Double(referenceRows), Double(windowRows), dispersion)
    }

    /// A fold for each row; the folds' sizes differ by one at most.
    private static func assignments(_ count: Int, _ seed: UInt64) -> [Int] {
        var generator = SplitMix(seed: seed)
        return (0..<count).map { $0 % folds }.shuffled(using: &generator)
    }
}

/// What the folds add up to.
private struct FoldSums {
    private var areas: [Double] = []
    private var sampleVariance = 0.0
    private var nullVariance = 0.0
    private var importances: [String: Double] = [:]
    private var smaller = 0.0

    /// `false` where the scores cannot be ordered.
    mutating func add(_ answer: DomainClassifier.Answer, labels: [Bool]) -> Bool {
        guard answer.scores.count == labels.count, let curve = ScoreCurve(scores: answer.scores, labels: labels),
            let area = curve.area
        else { return false }
        areas.append(area.value)
        sampleVariance += area.variance
        nullVariance += curve.nullVariance
        smaller += min(curve.totals.positives, curve.totals.negatives)
        // Sums in a fixed order: that of a dictionary is another each time, and the last bit with it.
        let total = answer.importances.sorted { $0.key < $1.key }.reduce(0) { $0 + max(0, $1.value) }
        if total > 0, total.isFinite {
            for (column, importance) in answer.importances where importance > 0 {
                importances[column, default: 0] += importance / total
            }
        }
        return true
    }

    func result(_ reference: Double, _ window: Double, _ dispersion: Double) -> MultivariateResult {
        let folds = Double(areas.count)
        let area = areas.reduce(0, +) / folds
        let deviation = (2 * nullVariance).squareRoot() / folds
        let z = deviation > 0 ? (area - 0.5) / deviation : 0
        // The parts of the variance that the reference and the window bring: 1/(12m) and 1/(12n) without ties.
        let tolerance = MultivariateTolerance.standardErrors * (dispersion / 6 / reference).squareRoot()
        let excess = (area - 0.5 - tolerance) / (dispersion / 6 / window).squareRoot()
        let total = importances.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
        let columns = importances.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
            .map { MultivariateResult.ColumnShare(column: $0.key, share: $0.value / total) }
        return MultivariateResult(
            .domainClassifier, value: area, pValue: td_normal_upper_tail(z),
            tolerancePValue: excess > 0 ? 2 * td_normal_upper_tail(excess) : 1,
            // An area of 1 stands for any distance; the last row could have been wrong.
            effect: area > 0.5 ? 2.0.squareRoot() * td_normal_quantile(min(area, 1 - 0.5 / (smaller + 1))) : 0,
            bounds: ConfidenceInterval.bounded(area, variance: sampleVariance / (folds * folds), count: smaller),
            method: "mann_whitney", columns: columns)
    }
}

extension ScoreCurve {
    /// The variance of the area where scores and labels have nothing to do with each other, ties allowed for:
    /// (N³ − Σt³)/(12·mn·N(N − 1)), t the sizes of the groups of equal scores; (N + 1)/(12mn) without ties.
    var nullVariance: Double {
        let (m, n) = totals
        let all = m + n
        guard m > 0, n > 0, all > 1 else { return 0 }
        let tied = zip(positives, negatives).reduce(0) { sum, group in
            let size = group.0 + group.1
            return sum + size * size * size - size
        }
        return (all * all * all - all - tied) / (12 * m * n * all * (all - 1))
    }
}
