import Foundation
public import Statistics

/// When a search ends: after so many trials, or when time is up, whichever comes first.
public struct TuningBudget: Codable, Sendable, Equatable {
    public var trials: Int
    /// No trial begins after this; a trial under way is finished. With it the number of trials depends on the machine.
    public var seconds: Double?

    public init(trials: Int, seconds: Double? = nil) {
        self.trials = trials
        self.seconds = seconds
    }
}

/// What a search goes by.
public protocol TuningMetric: Sendable, Equatable {
    /// Its name.
    var rawValue: String { get }
    var higherIsBetter: Bool { get }
}

extension PerformanceMetric: TuningMetric {}

/// How far a search is.
public struct TuningProgress: Sendable {
    public var trial: Trial
    public var best: Trial?
    public var budget: TuningBudget
}

/// A search for good parameters.
public struct Tuner<Metric: TuningMetric>: Sendable {
    /// Gives the metric on one fold after the other. After each it asks whether to go on with the scores so far, and ends
    /// where it is told not to.
    public typealias Objective = (
        _ trial: Int, _ values: [String: ParameterValue], _ goesOn: ([Double]) -> Bool
    ) throws(LearningError) -> [Double]

    public var space: SearchSpace
    public var metric: Metric
    public var seed: UInt64
    public var budget: TuningBudget
    public var pruning = TrialPruning.median()
    /// Tried first, one after the other: what is known to be sensible.
    public var firstTrials: [[String: ParameterValue]] = []
    /// What to search after the first trials, by what came of them; `nil` for the whole space.
    public var narrowing: (@Sendable (_ firstTrials: [Trial]) -> SearchSpace)?

    public init(space: SearchSpace, metric: Metric, seed: UInt64, budget: TuningBudget) {
        self.space = space
        self.metric = metric
        self.seed = seed
        self.budget = budget
    }

    /// Searches; blocks the calling thread.
    /// - Parameters:
    ///   - history: the trials of a search that is taken up again.
    ///   - clock: seconds from any start.
    ///   - onTrial: hears each trial that has ended, to keep it.
    /// - Returns: all trials, those of `history` first.
    /// - Throws: `LearningError`: `.invalidParameter` for no trials; `.cancelled`; the last reason where every trial of
    ///   the first ten failed; and what `onTrial` throws.
    public func run(
        history: [Trial] = [], clock: () -> Double, control: TrainingControl,
        onTrial: (TuningProgress) throws -> Void = { _ in }, objective: Objective
    ) throws -> [Trial] {
        guard budget.trials > 0 else {
            throw LearningError(.invalidParameter, "a search of \(budget.trials) trials", advice: "Allow at least one.")
        }
        let sampler = TreeParzenSampler(higherIsBetter: metric.higherIsBetter, seed: seed)
        var trials = history
        let start = clock()
        while trials.count < budget.trials {
            try control.check()
            if let seconds = budget.seconds, clock() - start >= seconds, !trials.isEmpty { break }
            let number = trials.count
            let values: [String: ParameterValue]
            if number < firstTrials.count {
                values = firstTrials[number]
            } else {
                let narrowed = narrowing?(Array(trials.prefix(firstTrials.count))) ?? space
                values = sampler.propose(narrowed, number: number, after: trials)
            }
            let trial = try attempt(number, values, trials, objective)
            trials.append(trial)
            if let reason = trial.reason, trials.count >= min(10, budget.trials),
                trials.allSatisfy({ $0.state == .failed })
            {
                throw LearningError(
                    .invalidInput, "all \(trials.count) trials failed; the last: \(reason)",
                    advice: "Correct the table or the search space.")
            }
            let best = trials.best(higherIsBetter: metric.higherIsBetter)
            try onTrial(TuningProgress(trial: trial, best: best, budget: budget))
            control.progress(
                Double(trials.count) / Double(budget.trials), "trial \(trials.count) of \(budget.trials)")
        }
        return trials
    }

    private func attempt(
        _ number: Int, _ values: [String: ParameterValue], _ trials: [Trial], _ objective: Objective
    ) throws(LearningError) -> Trial {
        var isPruned = false
        let goesOn: ([Double]) -> Bool = { scores in
            isPruned = pruning.gives(up: scores, against: trials, higherIsBetter: metric.higherIsBetter)
            return !isPruned
        }
        do {
            let scores = try objective(number, values, goesOn)
            guard scores.allSatisfy(\.isFinite), !scores.isEmpty else {
                return Trial(
                    number: number, state: .failed, values: values, scores: [],
                    reason: "\(metric.rawValue) is not defined on every fold")
            }
            return Trial(number: number, state: isPruned ? .pruned : .complete, values: values, scores: scores)
        } catch {
            if error.code == .cancelled { throw error }
            return Trial(number: number, state: .failed, values: values, scores: [], reason: error.description)
        }
    }
}
