public import Statistics

/// A search by cross-validation: trials, and what the best of them say out of fold.
public struct ModelSearch: Sendable {
    public let trials: [Trial]
    public let metric: PerformanceMetric
    /// Each of the best trials' cross-validation, best first; at least one.
    public let leaders: [(trial: Trial, validation: CrossValidation)]

    public var best: Trial { leaders[0].trial }

    /// - Parameters:
    ///   - count: how many of the best to keep, with their out-of-fold predictions.
    ///   - history: the trials of a search that is taken up again.
    /// - Throws: as `Tuner.run`; `LearningError(.invalidInput)` with the reason where no trial was completed.
    public static func run(
        _ candidates: CandidateSpace, table: Table, problem: LearningProblem, folds: [Fold], tuner: Tuner,
        leaders count: Int = 1, history: [Trial] = [], clock: () -> Double, control: TrainingControl,
        onTrial: (Tuner.Progress) throws -> Void = { _ in }
    ) throws -> ModelSearch {
        // What the trials have in common on a fold is made once.
        let validator = CrossValidator(table: table, problem: problem, folds: folds)
        var kept: [Int: CrossValidation] = [:]
        let better: (Double, Double) -> Bool = tuner.metric.higherIsBetter ? { $0 > $1 } : { $0 < $1 }
        let trials = try tuner.run(history: history, clock: clock, control: control, onTrial: onTrial) {
            number, values, goesOn throws(LearningError) in
            let found = try validator.run(candidates.learner(values), control: control) { evaluations in
                goesOn(evaluations.map { $0[tuner.metric] ?? .nan })
            }
            let scores = found.folds.map { $0[tuner.metric] ?? .nan }
            if found.folds.count == folds.count, found.mean(tuner.metric) != nil {
                kept[number] = found
                // Out-of-fold predictions are as long as the table: only those of the best are kept.
                if kept.count > count,
                    let worst = kept.keys.sorted().max(by: { one, two in
                        better(kept[one]?.mean(tuner.metric) ?? .nan, kept[two]?.mean(tuner.metric) ?? .nan)
                    })
                {
                    kept[worst] = nil
                }
            }
            return scores
        }
        let ranked = trials.ranked(higherIsBetter: tuner.metric.higherIsBetter).prefix(max(1, count))
        guard !ranked.isEmpty else {
            throw LearningError(
                .invalidInput, "no trial was completed: \(trials.last?.reason ?? "there was none")",
                advice: "Correct the table, or allow more trials.")
        }
        var leaders: [(Trial, CrossValidation)] = []
        for trial in ranked {
            // Of an earlier session's trials only the scores are known; they are the same when tried again.
            let validation =
                try kept[trial.number]
                ?? validator.run(candidates.learner(trial.values), control: control)
            leaders.append((trial, validation))
        }
        return ModelSearch(trials: trials, metric: tuner.metric, leaders: leaders)
    }
}
