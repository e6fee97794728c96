/// Performance of a multiclass model before its outcomes are known (CBPE): the expected confusion matrix as sums in units
/// of 2⁻³⁰, which merge in any order.
///
/// Each class has a calibrator, fitted on the reference as that class against the rest; a row's calibrated probabilities
/// are divided by their sum (all equal where it is zero), as NannyML does.
public struct MulticlassEstimate: Sendable, Equatable {
    public let calibrators: [ScoreCalibrator]
    private var expected: [Int64]
    public private(set) var count: Int64 = 0
    /// Rows without one score in 0…1 per class.
    public private(set) var invalidScores: Int64 = 0

    private static let unit: Double = 0x1p30

    /// One calibrator per class, in the classes' order.
    public init(calibrators: [ScoreCalibrator]) {
        self.calibrators = calibrators
        expected = Array(repeating: 0, count: calibrators.count * calibrators.count)
    }

    /// - Parameters:
    ///   - scores: one per class.
    ///   - predicted: index of a class.
    public mutating func add(scores: [Double], predicted: Int) {
        let classes = calibrators.count
        guard scores.count == classes, scores.allSatisfy({ $0 >= 0 && $0 <= 1 }), predicted < classes, predicted >= 0
        else {
            invalidScores += 1
            return
        }
        count += 1
        let probabilities = zip(calibrators, scores).map { $0.probability(of: $1) }
        let sum = probabilities.reduce(0, +)
        for (actual, probability) in probabilities.enumerated() {
            let share = sum > 0 ? probability / sum : 1 / Double(classes)
            expected[actual * classes + predicted] += FixedPoint.rounded(share * Self.unit)
        }
    }

    /// - Precondition: the same calibrators.
    public mutating func merge(_ other: MulticlassEstimate) {
        precondition(calibrators == other.calibrators, "estimates by different calibrations cannot be added")
        for index in expected.indices {
            expected[index] = FixedPoint.saturatingSum(expected[index], other.expected[index])
        }
        count = FixedPoint.saturatingSum(count, other.count)
        invalidScores = FixedPoint.saturatingSum(invalidScores, other.invalidScores)
    }

    /// Expected counts, row-major outcome × prediction.
    public var expectedCounts: [Double] { expected.map { Double($0) / Self.unit } }

    /// A metric of decisions with the interval that as many labelled pairs would have: wider than the outcomes' own
    /// chance, and without that of the calibration.
    public func metric(_ metric: PerformanceMetric) -> MetricValue {
        guard count > 0 else { return MetricValue(value: nil, count: 0) }
        // The cells' ratios do not care for the unit; the interval does.
        let fine = MulticlassConfusion(classes: calibrators.count, counts: expected.map { $0 >> 8 })
        let whole = MulticlassConfusion(
            classes: calibrators.count, counts: expectedCounts.map { Int64($0.rounded()) })
        guard let value = fine.metric(metric).value else { return MetricValue(value: nil, count: count) }
        let like = whole.metric(metric)
        guard let low = like.low, let high = like.high else { return MetricValue(value: value, count: count) }
        return MetricValue(value, count: count, bounds: (low, high))
    }
}
