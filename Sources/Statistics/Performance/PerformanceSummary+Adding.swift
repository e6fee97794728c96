extension PerformanceSummary {
    /// A pair of a binary model.
    /// - Parameter score: P(positive), where the prediction had one.
    public mutating func add(score: Double?, predictedPositive: Bool, positive: Bool) {
        precondition(binaryTally != nil, "this is no binary task")
        binaryTally?.confusion.add(predicted: predictedPositive, actual: positive)
        guard let score else { return }
        guard score >= 0, score <= 1 else {
            invalidScores += 1
            return
        }
        binaryTally?.histogram.add(score, positive: positive)
        let probability = positive ? score : 1 - score
        binaryTally?.scores.add(probabilityOfActual: probability, brier: (1 - probability) * (1 - probability))
        binaryTally?.calibration.add(score, hit: positive)
    }

    /// A pair of a multiclass model.
    /// - Parameters:
    ///   - scores: one per class, where the prediction had them; probabilities.
    ///   - predicted: index of a class.
    ///   - actual: index of a class.
    public mutating func add(scores: [Float]?, predicted: Int, actual: Int) {
        guard let classes = multiclassTally?.confusion.classes else {
            preconditionFailure("this is no multiclass task")
        }
        multiclassTally?.confusion.add(predicted: predicted, actual: actual)
        guard let scores else { return }
        guard scores.count == classes, scores.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            invalidScores += 1
            return
        }
        let (brier, top) = Self.errors(of: scores, actual: actual)
        multiclassTally?.scores.add(probabilityOfActual: Double(scores[actual]), brier: brier)
        multiclassTally?.calibration.add(Double(scores[top]), hit: top == actual)
    }

    /// A pair of a regression model. One that is not finite is counted as invalid and left out.
    public mutating func add(predicted: Double, actual: Double) {
        precondition(errorSums != nil, "this is no regression task")
        guard predicted.isFinite, actual.isFinite else {
            invalidScores += 1
            return
        }
        errorSums?.add(predicted: predicted, actual: actual)
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
