/// Right and wrong decisions between several classes.
///
/// Macro averages are scikit-learn's: over the classes that occur among the outcomes or the predictions, where a class
/// never predicted has precision 0, and one that never occurs recall 0.
public struct MulticlassConfusion: Sendable, Equatable {
    public let classes: Int
    /// Row-major: outcome × prediction.
    public private(set) var counts: [Int64]

    public init(classes: Int) {
        self.classes = classes
        counts = Array(repeating: 0, count: classes * classes)
    }

    init(classes: Int, counts: [Int64]) {
        precondition(counts.count == classes * classes, "a confusion matrix is square")
        self.classes = classes
        self.counts = counts
    }

    /// - Precondition: both are indices of classes.
    public mutating func add(predicted: Int, actual: Int) {
        precondition((0..<classes).contains(predicted) && (0..<classes).contains(actual), "a class has no such index")
        counts[actual * classes + predicted] += 1
    }

    public subscript(actual actual: Int, predicted predicted: Int) -> Int64 { counts[actual * classes + predicted] }

    public var count: Int64 { counts.reduce(0, +) }
    /// `nil` without any pair.
    public var accuracy: Double? { ratio((0..<classes).reduce(0) { $0 + self[actual: $1, predicted: $1] }, count) }
    public var macroPrecision: Double? { macro { ratio($0.right, $0.predicted) } }
    public var macroRecall: Double? { macro { ratio($0.right, $0.actual) } }
    public var macroF1: Double? { macro { ratio(2 * $0.right, $0.predicted + $0.actual) } }

    typealias Margins = (right: Int64, predicted: Int64, actual: Int64)

    private func macro(_ score: (Margins) -> Double?) -> Double? {
        let occurring = (0..<classes).map(margins).filter { $0.predicted + $0.actual > 0 }
        guard !occurring.isEmpty else { return nil }
        return occurring.reduce(0) { $0 + (score($1) ?? 0) } / Double(occurring.count)
    }

    func margins(_ index: Int) -> Margins {
        var margins: Margins = (self[actual: index, predicted: index], 0, 0)
        for other in 0..<classes {
            margins.predicted += self[actual: other, predicted: index]
            margins.actual += self[actual: index, predicted: other]
        }
        return margins
    }

    mutating func merge(_ other: MulticlassConfusion) {
        for index in counts.indices { counts[index] = FixedPoint.saturatingSum(counts[index], other.counts[index]) }
    }
}
