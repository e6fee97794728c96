/// Performance of a binary model before its outcomes are known: confidence-based performance estimation (CBPE, NannyML).
///
/// With p the calibrated probability of a prediction, the expected true positives are the sum of p over the positive
/// decisions, and so on for the other cells; every metric follows from the expected cells, ROC AUC and average precision
/// from expected positives and negatives at each score. It holds while scores keep meaning the same: a change in what is
/// scored shows, a change in P(outcome | features) that the scores do not know of (concept drift) does not.
///
/// Intervals (95 %) are for the realised value: the outcomes' own chance, p(1 − p) per prediction, and that of the
/// calibration (its reference is a sample too), through the metric's derivatives; Wilson's form keeps them in 0…1.
///
/// Scores 0.9, 0.8 decided positive and 0.3 negative, calibrated: TP 1.7, FP 0.3, FN 0.3, TN 0.7; accuracy 0.8,
/// precision 0.85.
public struct EstimatedPerformance: Sendable {
    /// Predictions that the estimate is about.
    public let count: Int64
    /// Expected number of each kind of decision.
    public let truePositives: Double
    public let falsePositives: Double
    public let falseNegatives: Double
    public let trueNegatives: Double
    private let groups: [PredictionGroup]
    private let probabilities: [Double]
    private let calibrator: ScoreCalibrator

    /// From all predictions one by one: exact.
    /// - Precondition: equally many of both; scores in 0…1.
    public init(scores: [Double], predicted: [Bool], calibrator: ScoreCalibrator) {
        precondition(scores.allSatisfy { $0 >= 0 && $0 <= 1 }, "scores lie in 0…1")
        guard let curve = ScoreCurve(scores: scores, labels: predicted) else {
            preconditionFailure("scores in 0…1 are numbers")
        }
        self.init(
            groups: curve.scores.indices.map {
                PredictionGroup(score: curve.scores[$0], positive: curve.positives[$0], negative: curve.negatives[$0])
            }, calibrator: calibrator)
    }

    /// From the score histogram of a pane or window: each score taken for the centre of its bin, at most 1/4096 away.
    public init(_ summary: PredictionSummary, calibrator: ScoreCalibrator) {
        self.init(groups: summary.groups, calibrator: calibrator)
    }

    init(groups: [PredictionGroup], calibrator: ScoreCalibrator) {
        self.groups = groups
        self.calibrator = calibrator
        probabilities = groups.map { calibrator.probability(of: $0.score) }
        var cells = (tp: 0.0, fp: 0.0, fn: 0.0, tn: 0.0, all: 0.0)
        for (group, p) in zip(groups, probabilities) {
            cells.tp += group.positive * p
            cells.fp += group.positive * (1 - p)
            cells.fn += group.negative * p
            cells.tn += group.negative * (1 - p)
            cells.all += group.positive + group.negative
        }
        (truePositives, falsePositives) = (cells.tp, cells.fp)
        (falseNegatives, trueNegatives) = (cells.fn, cells.tn)
        count = Int64(cells.all)
    }

    /// The estimate with its interval: accuracy, balanced accuracy, precision, recall, specificity, F1, ROC AUC and
    /// average precision; without a value for the others, and where the metric is 0/0.
    public func metric(_ metric: PerformanceMetric) -> MetricValue {
        let (tp, fp, fn, tn) = (truePositives, falsePositives, falseNegatives, trueNegatives)
        switch metric {
        case .accuracy: return share(tp + tn, of: tp + fp + fn + tn, inPart: (1, 0, 0, 1), inWhole: (1, 1, 1, 1))
        case .precision: return share(tp, of: tp + fp, inPart: (1, 0, 0, 0), inWhole: (1, 1, 0, 0))
        case .recall: return share(tp, of: tp + fn, inPart: (1, 0, 0, 0), inWhole: (1, 0, 1, 0))
        case .specificity: return share(tn, of: tn + fp, inPart: (0, 0, 0, 1), inWhole: (0, 1, 0, 1))
        case .f1: return share(2 * tp, of: 2 * tp + fp + fn, inPart: (2, 0, 0, 0), inWhole: (2, 1, 1, 0))
        case .balancedAccuracy: return balancedAccuracy
        case .rocAUC: return rocAUC
        case .averagePrecision: return averagePrecision
        default: return MetricValue(value: nil, count: 0)
        }
    }

    /// Expected mean value of a prediction; `nil` without predictions. - Precondition: a matrix of two classes.
    public func businessValue(_ costs: CostMatrix) -> MetricValue {
        precondition(costs.classes == 2, "a cost matrix of a binary model has two classes")
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        let n = Double(count)
        let values = costs.values
        let mean =
            (trueNegatives * values[0] + falsePositives * values[1] + falseNegatives * values[2]
                + truePositives * values[3]) / n
        let variance = variance(positive: (values[3] - values[1]) / n, negative: (values[2] - values[0]) / n)
        let margin = ConfidenceInterval.z95 * variance.squareRoot()
        return MetricValue(mean, count: count, bounds: (mean - margin, mean + margin))
    }

    /// Coefficients of true positives, false positives, false negatives and true negatives.
    private typealias Cells = (tp: Double, fp: Double, fn: Double, tn: Double)

    private func share(_ part: Double, of whole: Double, inPart: Cells, inWhole: Cells) -> MetricValue {
        guard whole > 0 else { return MetricValue(value: nil, count: count) }
        let value = part / whole
        func slope(_ part: Double, _ whole: Double, _ total: Double) -> Double { (part - value * whole) / total }
        let variance = variance(
            positive: slope(inPart.tp, inWhole.tp, whole) - slope(inPart.fp, inWhole.fp, whole),
            negative: slope(inPart.fn, inWhole.fn, whole) - slope(inPart.tn, inWhole.tn, whole))
        return bounded(value, variance: variance)
    }

    private var balancedAccuracy: MetricValue {
        let (positives, negatives) = (truePositives + falseNegatives, trueNegatives + falsePositives)
        guard positives > 0, negatives > 0 else { return MetricValue(value: nil, count: count) }
        let (recall, specificity) = (truePositives / positives, trueNegatives / negatives)
        let variance = variance(
            positive: (1 - recall) / positives / 2 + specificity / negatives / 2,
            negative: -recall / positives / 2 - (1 - specificity) / negatives / 2)
        return bounded((recall + specificity) / 2, variance: variance)
    }

    /// The value's variance when the outcome of a row decided positive (negative) moves it by the given amount.
    private func variance(positive: Double, negative: Double) -> Double {
        variance(groups.map { _ in (positive, negative) })
    }

    private func variance(_ slopes: [(positive: Double, negative: Double)]) -> Double {
        var outcomes = 0.0
        var weights: [(score: Double, weight: Double)] = []
        weights.reserveCapacity(groups.count)
        for index in groups.indices {
            let (group, p, slope) = (groups[index], probabilities[index], slopes[index])
            outcomes +=
                p * (1 - p)
                * (group.positive * slope.positive * slope.positive + group.negative * slope.negative * slope.negative)
            weights.append((group.score, group.positive * slope.positive + group.negative * slope.negative))
        }
        return outcomes + calibrator.variance(of: weights)
    }

    private func bounded(_ value: Double, variance: Double) -> MetricValue {
        // Rounding may leave a share a hair outside.
        let value = min(1, max(0, value))
        return MetricValue(
            value, count: count,
            bounds: ConfidenceInterval.bounded(value, variance: variance, count: Double(count)))
    }

    private var expectedCurve: ScoreCurve {
        let sizes = groups.map { $0.positive + $0.negative }
        return ScoreCurve(
            positives: zip(sizes, probabilities).map { $0 * $1 },
            negatives: zip(sizes, probabilities).map { $0 * (1 - $1) })
    }

    private var rocAUC: MetricValue {
        let curve = expectedCurve
        let (m, n) = curve.totals
        guard m > 0, n > 0, let area = curve.rocAUC().value else { return MetricValue(value: nil, count: count) }
        var (below, above) = (0.0, m)
        let slopes = groups.indices.map { index in
            let (positive, negative) = (curve.positives[index], curve.negatives[index])
            above -= positive
            let gain = (below + negative / 2) - (above + positive / 2)
            below += negative
            let slope = gain / m / n - area / m + area / n
            return (slope, slope)
        }
        return bounded(area, variance: variance(slopes))
    }

    private var averagePrecision: MetricValue {
        let curve = expectedCurve
        let (m, _) = curve.totals
        guard m > 0, let area = curve.averagePrecision().value else { return MetricValue(value: nil, count: count) }
        var precisions = [Double](repeating: 0, count: groups.count)
        var sizes = precisions
        var above = (positives: 0.0, all: 0.0)
        for index in groups.indices.reversed() {
            above.positives += curve.positives[index]
            above.all += curve.positives[index] + curve.negatives[index]
            precisions[index] = above.positives / above.all
            sizes[index] = above.all
        }
        var reached = 0.0
        let slopes = groups.indices.map { index in
            reached += curve.positives[index] / sizes[index]
            let slope = (precisions[index] - area + reached) / m
            return (slope, slope)
        }
        return bounded(area, variance: variance(slopes))
    }
}
