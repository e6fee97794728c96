/// How good the predictions of one pane or window were. Integer counts and fixed-point sums: merging is associative and
/// commutative, and the merge of the parts equals the summary of the whole, bit for bit.
public struct PerformanceSummary: Sendable, Equatable {
    public let task: ModelTask
    /// Pairs whose scores were not usable: outside 0…1 or not a number (binary), not one finite score for each class
    /// (multiclass), not finite (regression). The former still count in the confusion matrix, the last in nothing.
    public internal(set) var invalidScores: Int64 = 0
    var tally: Tally

    enum Tally: Sendable, Equatable {
        case binary(BinaryTally)
        case multiclass(MulticlassTally)
        case regression(ErrorSums)
    }

    struct BinaryTally: Sendable, Equatable {
        var confusion = BinaryConfusion()
        var scores = ScoreSums()
        var histogram = ScoreHistogram()
        var calibration = CalibrationSums()
    }

    struct MulticlassTally: Sendable, Equatable {
        var confusion: MulticlassConfusion
        var scores = ScoreSums()
        var calibration = CalibrationSums()
    }

    /// The most classes for which decisions are counted.
    public static let maximumClasses = 1_000

    /// - Parameters:
    ///   - scale: fixed-point units per unit of a regression target, a power of two.
    /// - Precondition: at most `maximumClasses` classes; configuration is checked before.
    public init(task: ModelTask, scale: Double = 0x1p20) {
        precondition(scale.isNormal && scale > 0 && scale.significand == 1, "the scale is a power of two")
        self.task = task
        switch task {
        case .binary: tally = .binary(BinaryTally())
        case .multiclass(let classes):
            precondition(classes.count <= Self.maximumClasses, "\(classes.count) classes are too many")
            tally = .multiclass(MulticlassTally(confusion: MulticlassConfusion(classes: classes.count)))
        case .regression: tally = .regression(ErrorSums(scale: scale))
        }
    }

    /// Labelled pairs.
    public var count: Int64 {
        switch tally {
        case .binary(let tally): tally.confusion.count
        case .multiclass(let tally): tally.confusion.count
        case .regression(let sums): sums.count
        }
    }

    /// Pairs with usable scores or values.
    public var scored: Int64 {
        switch tally {
        case .binary(let tally): tally.scores.count
        case .multiclass(let tally): tally.scores.count
        case .regression(let sums): sums.count
        }
    }

    /// Regression pairs that were clamped in the sums.
    public var saturated: Int64 {
        if case .regression(let sums) = tally { sums.saturated } else { 0 }
    }

    /// Of a binary model.
    public var confusion: BinaryConfusion? {
        if case .binary(let tally) = tally { tally.confusion } else { nil }
    }

    /// Of a multiclass model.
    public var classConfusion: MulticlassConfusion? {
        if case .multiclass(let tally) = tally { tally.confusion } else { nil }
    }

    /// - Precondition: same task and scale.
    public mutating func merge(_ other: PerformanceSummary) {
        precondition(task == other.task, "summaries of different tasks cannot be added")
        invalidScores = FixedPoint.saturatingSum(invalidScores, other.invalidScores)
        switch (tally, other.tally) {
        case (.binary(var own), .binary(let others)):
            own.confusion.merge(others.confusion)
            own.scores.merge(others.scores)
            own.histogram.merge(others.histogram)
            own.calibration.merge(others.calibration)
            tally = .binary(own)
        case (.multiclass(var own), .multiclass(let others)):
            own.confusion.merge(others.confusion)
            own.scores.merge(others.scores)
            own.calibration.merge(others.calibration)
            tally = .multiclass(own)
        case (.regression(var own), .regression(let others)):
            precondition(own.scale == others.scale, "sums on different scales cannot be added")
            own.merge(others)
            tally = .regression(own)
        default: preconditionFailure("equal tasks have equal tallies")
        }
    }
}
