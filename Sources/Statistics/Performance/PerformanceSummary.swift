/// How good the predictions of one pane or window were. Integer counts and fixed-point sums: merging is associative and
/// commutative, and the merge of the parts equals the summary of the whole, bit for bit.
public struct PerformanceSummary: Sendable, Equatable {
    public let task: ModelTask
    /// Pairs whose scores were not usable: outside 0…1 or not a number (binary), not one finite score for each class
    /// (multiclass), not finite (regression). The former still count in the confusion matrix, the last in nothing.
    public internal(set) var invalidScores: Int64 = 0
    // One of them is there, and is added to in its place: a payload of an enumeration would be copied for every pair.
    var binaryTally: BinaryTally?
    var multiclassTally: MulticlassTally?
    var errorSums: ErrorSums?

    /// What the task counts.
    var tally: Tally {
        get {
            if let binaryTally { return .binary(binaryTally) }
            if let multiclassTally { return .multiclass(multiclassTally) }
            guard let errorSums else { preconditionFailure("a summary counts something") }
            return .regression(errorSums)
        }
        set {
            (binaryTally, multiclassTally, errorSums) = (nil, nil, nil)
            switch newValue {
            case .binary(let tally): binaryTally = tally
            case .multiclass(let tally): multiclassTally = tally
            case .regression(let sums): errorSums = sums
            }
        }
    }

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
        case .binary: binaryTally = BinaryTally()
        case .multiclass(let classes):
            precondition(classes.count <= Self.maximumClasses, "\(classes.count) classes are too many")
            multiclassTally = MulticlassTally(confusion: MulticlassConfusion(classes: classes.count))
        case .regression: errorSums = ErrorSums(scale: scale)
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
        switch other.tally {
        case .binary(let others):
            binaryTally?.confusion.merge(others.confusion)
            binaryTally?.scores.merge(others.scores)
            binaryTally?.histogram.merge(others.histogram)
            binaryTally?.calibration.merge(others.calibration)
        case .multiclass(let others):
            multiclassTally?.confusion.merge(others.confusion)
            multiclassTally?.scores.merge(others.scores)
            multiclassTally?.calibration.merge(others.calibration)
        case .regression(let others):
            precondition(errorSums?.scale == others.scale, "sums on different scales cannot be added")
            errorSums?.merge(others)
        }
    }
}
