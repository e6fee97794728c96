public import Statistics

/// A search by cross-validation: trials, and what the best of them say out of fold.
public struct ModelSearch: Sendable {
    public let trials: [Trial]
    public let metric: PerformanceMetric
    /// The cross-validations of the best trials, best first; at least one. The best of each kind of learner is among them,
    /// as far as there is room: kinds err in different rows, which is what a stack lives on.
    public let leaders: [(trial: Trial, validation: CrossValidation)]

    public var best: Trial { leaders[0].trial }

    /// - Parameters:
    ///   - count: how many of the best to keep, with their out-of-fold predictions.
    ///   - history: the trials of a search that is taken up again.
    /// - Throws: as `Tuner.run`; `LearningError(.invalidInput)` with the reason where no trial was completed.
    public static func run(
        _ candidates: CandidateSpace, table: Table, problem: LearningProblem, folds: [Fold],
        tuner: Tuner<PerformanceMetric>, leaders count: Int = 1, history: [Trial] = [], clock: () -> Double,
        control: TrainingControl, onTrial: (TuningProgress) throws -> Void = { _ in }
    ) throws -> ModelSearch {
        // What the trials have in common on a fold is made once.
        let validator = CrossValidator(table: table, problem: problem, folds: folds)
        var kept: [Int: CrossValidation] = [:]
        var complete: [Trial] = []
        let trials = try tuner.run(history: history, clock: clock, control: control, onTrial: onTrial) {
            number, values, goesOn throws(LearningError) in
            let found = try validator.run(candidates.learner(values), control: control) { evaluations in
                goesOn(evaluations.map { $0[tuner.metric] ?? .nan })
            }
            let scores = found.folds.map { $0[tuner.metric] ?? .nan }
            if found.folds.count == folds.count, found.mean(tuner.metric) != nil {
                kept[number] = found
                complete.append(Trial(number: number, state: .complete, values: values, scores: scores))
                // Out-of-fold predictions are as long as the table: only those of the leaders are kept.
                let leading = Set(Self.leaders(of: complete, candidates, tuner.metric, count).map(\.number))
                kept = kept.filter { leading.contains($0.key) }
            }
            return scores
        }
        let ranked = Self.leaders(of: trials, candidates, tuner.metric, count)
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

    /// The best trial of each kind of learner, then the best of the others.
    static func leaders(
        of trials: [Trial], _ candidates: CandidateSpace, _ metric: PerformanceMetric, _ count: Int
    ) -> [Trial] {
        let ranked = trials.ranked(higherIsBetter: metric.higherIsBetter)
        var seen: Set<CandidateKind> = []
        let firsts = ranked.filter { seen.insert(candidates.kind(of: $0.values)).inserted }
        let others = ranked.filter { trial in !firsts.contains { $0.number == trial.number } }
        let chosen = Set((firsts + others).prefix(max(1, count)).map(\.number))
        return ranked.filter { chosen.contains($0.number) }
    }
}
