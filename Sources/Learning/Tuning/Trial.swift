/// One try of a search: what was tried and what came of it.
public struct Trial: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable {
        case complete
        /// Stopped after some folds, because others had done better by then.
        case pruned
        /// Could not be trained; `reason` says why.
        case failed
    }

    /// From 0.
    public var number: Int
    public var state: State
    public var values: [String: ParameterValue]
    /// The metric on each fold that was tried.
    public var scores: [Double]
    public var reason: String?

    public init(
        number: Int, state: State, values: [String: ParameterValue], scores: [Double], reason: String? = nil
    ) {
        self.number = number
        self.state = state
        self.values = values
        self.scores = scores
        self.reason = reason
    }

    /// Mean of the scores; `nil` without any.
    public var mean: Double? { scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count) }

    /// Mean of the first scores: what was known after so many folds.
    func mean(after folds: Int) -> Double? {
        guard folds > 0, scores.count >= folds else { return nil }
        return scores[..<folds].reduce(0, +) / Double(folds)
    }
}

extension [Trial] {
    /// The best complete trial; of equally good ones the first.
    public func best(higherIsBetter: Bool) -> Trial? { ranked(higherIsBetter: higherIsBetter).first }

    /// The complete trials, best first.
    public func ranked(higherIsBetter: Bool) -> [Trial] {
        let complete = compactMap { trial -> (Trial, Double)? in
            guard trial.state == .complete, let mean = trial.mean, mean.isFinite else { return nil }
            return (trial, higherIsBetter ? -mean : mean)
        }
        return complete.sorted { ($0.1, $0.0.number) < ($1.1, $1.0.number) }.map(\.0)
    }
}
