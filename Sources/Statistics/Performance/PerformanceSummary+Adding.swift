extension PerformanceSummary {
    /// A pair of a binary model.
    /// - Parameter score: P(positive), where the prediction had one.
    public mutating func add(score: Double?, predictedPositive: Bool, positive: Bool) {
        guard case .binary(var own) = tally else { preconditionFailure("this is no binary task") }
        // Without this the histogram would have two owners, and be copied for every pair.
        tally = .regression(ErrorSums(scale: 1))
        own.confusion.add(predicted: predictedPositive, actual: positive)
        if let score {
            if score >= 0, score <= 1 {
                own.histogram.add(score, positive: positive)
                own.scores.add(probabilityOfActual: positive ? score : 1 - score)
            } else {
                invalidScores += 1
            }
        }
        tally = .binary(own)
    }

    /// A pair of a multiclass model.
    /// - Parameters:
    ///   - scores: one per class, where the prediction had them; probabilities.
    ///   - predicted: index of a class.
    ///   - actual: index of a class.
    public mutating func add(scores: [Float]?, predicted: Int, actual: Int) {
        guard case .multiclass(var own) = tally else { preconditionFailure("this is no multiclass task") }
        tally = .regression(ErrorSums(scale: 1))  // as above
        own.confusion.add(predicted: predicted, actual: actual)
        if let scores {
            let isUsable = scores.count == own.confusion.classes && scores.allSatisfy { $0 >= 0 && $0 <= 1 }
            if isUsable {
                own.scores.add(probabilityOfActual: Double(scores[actual]))
            } else {
                invalidScores += 1
            }
        }
        tally = .multiclass(own)
    }

    /// A pair of a regression model. One that is not finite is counted as invalid and left out.
    public mutating func add(predicted: Double, actual: Double) {
        guard case .regression(var own) = tally else { preconditionFailure("this is no regression task") }
        guard predicted.isFinite, actual.isFinite else {
            invalidScores += 1
            return
        }
        own.add(predicted: predicted, actual: actual)
        tally = .regression(own)
    }
}
