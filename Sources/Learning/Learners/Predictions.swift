public import Statistics

/// What a model says about each row of a table.
public struct Predictions: Sendable, Equatable {
    public let task: ModelTask
    public let rowCount: Int
    /// Binary: P(positive) per row. Multiclass: row by row, one per class in the task's order. Regression: empty.
    public let probabilities: [Double]
    /// Regression: one value per row. Else empty.
    public let values: [Double]
    /// Binary: the label of rows that are not positive.
    public let negativeLabel: String
    /// Cells that did not fit the model and were taken as missing.
    public let alignment: AlignmentCounts

    public init(
        task: ModelTask, rowCount: Int, probabilities: [Double], values: [Double], negativeLabel: String = "",
        alignment: AlignmentCounts = AlignmentCounts()
    ) {
        self.task = task
        self.rowCount = rowCount
        self.probabilities = probabilities
        self.values = values
        self.negativeLabel = negativeLabel
        self.alignment = alignment
    }

    /// Scores that were logged with the predictions (binary); NaN where a row has none.
    public init(scores: [Double], positive: String, negativeLabel: String = "") {
        self.init(
            task: .binary(positive: positive), rowCount: scores.count, probabilities: scores, values: [],
            negativeLabel: negativeLabel)
    }

    /// The predicted label of each row: positive from `threshold` on; the likeliest class (the first of equals); empty
    /// for regression and for a row without a prediction.
    public func labels(threshold: Double = 0.5) -> [String] {
        switch task {
        case .regression: Array(repeating: "", count: rowCount)
        case .binary(let positive):
            probabilities.map { $0.isNaN ? "" : ($0 >= threshold ? positive : negativeLabel) }
        case .multiclass(let classes):
            predictedClasses().map { $0 < 0 ? "" : classes[$0] }
        }
    }

    /// Multiclass: the index of the likeliest class of each row, -1 if the row has no prediction.
    func predictedClasses() -> [Int] {
        guard case .multiclass(let classes) = task else { return [] }
        return (0..<rowCount).map { row in
            let scores = probabilities[(row * classes.count)..<((row + 1) * classes.count)]
            if scores.contains(where: \.isNaN) { return -1 }
            var best = scores.startIndex
            for index in scores.indices where scores[index] > scores[best] { best = index }
            return best - scores.startIndex
        }
    }
}
