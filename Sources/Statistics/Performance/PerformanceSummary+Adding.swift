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
                let probability = positive ? score : 1 - score
                own.scores.add(probabilityOfActual: probability, brier: (1 - probability) * (1 - probability))
                own.calibration.add(score, hit: positive)
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
                let (brier, top) = Self.errors(of: scores, actual: actual)
                own.scores.add(probabilityOfActual: Double(scores[actual]), brier: brier)
                own.calibration.add(Double(scores[top]), hit: top == actual)
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

    /// Σ(probability − outcome)² over the classes, and the class with the highest probability (the first of equals).
    private static func errors(of scores: [Float], actual: Int) -> (brier: Double, top: Int) {
        var brier = 0.0
        var top = 0
        for index in scores.indices {
            let error = Double(scores[index]) - (index == actual ? 1 : 0)
            brier += error * error
            if scores[index] > scores[top] { top = index }
        }
        return (brier, top)
    }
}
