/// Which trials are given up before all of their folds are tried.
public enum TrialPruning: Codable, Sendable, Equatable {
    case none
    /// After each fold: worse than the median of the trials that got as far (Golovin et al. 2017, as Optuna's
    /// `MedianPruner`). The first trials, and the first folds of each, are spared.
    case median(startupTrials: Int = 5, warmupFolds: Int = 1)
    /// After 1, r, r², … folds: not among the best 1/r of the trials that got as far (Li et al. 2020, asynchronous
    /// successive halving).
    case halving(reduction: Int = 3)

    /// Whether a trial with these scores so far is to be given up.
    func gives(up scores: [Double], against trials: [Trial], higherIsBetter: Bool) -> Bool {
        let own = Trial(number: -1, state: .pruned, values: [:], scores: scores)
        guard let mean = own.mean else { return false }
        let sign = higherIsBetter ? -1.0 : 1
        let folds = scores.count
        // A number that is none is no good.
        let loss = mean.isNaN ? .infinity : sign * mean
        let others = trials.filter { $0.state != .failed }.compactMap { $0.mean(after: folds) }.map { sign * $0 }
        switch self {
        case .none: return false
        case .median(let startupTrials, let warmupFolds):
            let complete = trials.count { $0.state == .complete }
            guard complete >= startupTrials, folds > warmupFolds, !others.isEmpty else { return false }
            return loss > Self.median(others)
        case .halving(let reduction):
            guard reduction > 1, Self.isRung(folds, reduction) else { return false }
            let places = max(1, (others.count + 1) / reduction)
            return others.count { $0 < loss } >= places
        }
    }

    private static func isRung(_ folds: Int, _ reduction: Int) -> Bool {
        var rung = 1
        while rung < folds { rung *= reduction }
        return rung == folds
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
