import Foundation
import Learning
import Statistics

/// The engine behind `tidewatch train` of a target: split, search, stack, test on the hold-out, describe.
struct TrainEngine {
    let options: TrainOptions
    let control: TrainingControl
    /// Seconds from any start.
    let clock: () -> Double

    /// The version that serves, to be compared with.
    var champion: (version: String, model: any TrainedModel)?

    /// Models that may be stacked.
    static let stackMembers = 4

    /// Whoever serves the champion could not serve another question's answers in its place.
    private func checkChampion(_ problem: LearningProblem) throws(CommandStop) {
        guard let champion else { return }
        let isAlike =
            switch (champion.model.task, problem.task) {
            case (.binary, .binary), (.multiclass, .multiclass), (.regression, .regression): true
            default: false
            }
        guard isAlike, champion.model.target == problem.target else {
            throw .badInput(
                "--model: the champion of \(options.model ?? ""), v\(champion.version), is "
                    + "\(ArtifactModel.predictor(champion.model).what) of \"\(champion.model.target)\" and answers another "
                    + "question; name this one differently")
        }
    }

    func run(
        _ table: Table, history: (StudyLog.Heading) throws -> [Trial] = { _ in [] },
        onTrial: (TuningProgress) throws -> Void = { _ in }
    ) throws -> TrainResult {
        let began = clock()
        let prepared = try TrainTable(table, options: options)
        let problem = prepared.problem
        try checkChampion(problem)
        let split = try HoldOut.natural(for: problem, share: options.holdout).split(
            table, problem: problem, seed: options.seed)
        let training = table.rows(split.train)
        let holdout = table.rows(split.test)
        let folds = try SplitPlan.natural(for: problem, folds: options.folds).folds(
            of: training, problem: problem, seed: options.seed)
        let candidates = try candidates(prepared, rows: training.rowCount)
        let tuner = try tuner(candidates, problem.task)
        let heading = StudyLog.Heading(
            metric: tuner.metric.rawValue, seed: options.seed, folds: folds.count, space: candidates.space,
            data: TableFingerprint.text(of: table, problem: problem))
        let search = try ModelSearch.run(
            candidates, table: training, problem: problem, folds: folds, tuner: tuner,
            leaders: options.stacks && options.trials > 0 ? Self.stackMembers : 1, history: try history(heading),
            clock: clock, control: control, onTrial: onTrial)
        let chosen = try TrainChoice(
            search, candidates: candidates, training: training, problem: problem, folds: folds, options: options,
            control: control)
        let scored = try ScoredHoldOut(
            chosen.model, holdout: holdout, options: options, threshold: chosen.threshold?.threshold)
        var report = TrainReport(
            name: options.model, purpose: options.purpose, target: problem.target, task: .predicting(problem.task),
            taskReason: prepared.taskReason, learner: chosen.learner, parameters: chosen.parameters,
            preparation: chosen.preparation, stackNote: chosen.stackNote, features: problem.features ?? [],
            leftOut: prepared.leftOut, metric: tuner.metric.rawValue, splitNote: splitNote(problem),
            holdout: scored.report,
            threshold: chosen.threshold, trials: search.trials, importance: try chosen.importance())
        report.trainingRows = split.train.count
        report.holdoutRows = split.test.count
        report.validation = Self.scores(chosen, problem.task)
        report.lift = scored.lift
        report.curve = try TrainCurve(
            candidates.learner(search.best.values), training: training, problem: problem, folds: folds,
            known: chosen.validation, metric: tuner.metric, options: options, control: control)
        report.warnings = prepared.warnings
        // A preparation's own columns are none of the table's.
        let suspects = (report.importance.map(\.feature) + (problem.features ?? [])).filter { table[$0] != nil }
        report.warnings += try TrainSuspects.find(
            Array(suspects.prefix(3)), training: training, holdout: holdout, problem: problem, report: scored.report,
            seed: Int(options.seed), control: control)
        if let skill = TrainSuspects.skill(
            scored.report, training: try training.asked(problem.target, option: "--target"),
            holdout: try holdout.asked(problem.target, option: "--target"), task: problem.task)
        {
            report.warnings.append(skill)
        }
        if report.holdoutRows < 100 {
            report.warnings.append("the hold-out has \(report.holdoutRows) rows: its intervals are wide.")
        }
        if let champion, let labels = holdout[problem.target] {
            report.comparison = ChampionComparison(
                version: champion.version, champion: try champion.model.predict(holdout), challenger: scored.said,
                labels: labels, seed: options.seed)
        }
        report.seconds = clock() - began
        return TrainResult(
            report: report, model: .predictor(chosen.model),
            reference: .ofTraining(
                table, features: problem.features ?? [], predictions: Self.predictions(scored.said)))
    }

    private func candidates(_ prepared: TrainTable, rows: Int) throws -> CandidateSpace {
        let known = CandidateKind.allCases.map(\.rawValue)
        let kinds = try options.learners.map { name in
            guard let kind = CandidateKind(rawValue: name) else {
                throw CommandStop.badInput(
                    "--learner: \"\(name)\" is none of them; there are \(known.joined(separator: ", "))")
            }
            return kind
        }
        return try CandidateSpace(
            kinds: kinds.isEmpty ? CandidateSpace.usual : kinds, seed: Int(options.seed), rows: rows,
            threads: options.threads)
    }

    private func tuner(_ candidates: CandidateSpace, _ task: ModelTask) throws -> Tuner<PerformanceMetric> {
        let metric: PerformanceMetric
        if let name = options.metric {
            guard let asked = PerformanceMetric(rawValue: name), asked.applies(to: task) else {
                let known = PerformanceMetric.allCases.filter { $0.applies(to: task) }.map(\.rawValue)
                throw CommandStop.badInput(
                    "--metric: \"\(name)\" is no metric of this task; there are \(known.joined(separator: ", "))")
            }
            metric = asked
        } else {
            switch task {
            case .binary: metric = .rocAUC
            case .multiclass: metric = .logLoss
            case .regression: metric = .rmse
            }
        }
        return candidates.tuner(
            metric: metric, seed: options.seed,
            budget: TuningBudget(
                trials: options.trials > 0 ? options.trials : candidates.firstTrials.count, seconds: options.seconds))
    }

    private func splitNote(_ problem: LearningProblem) -> String {
        let percent = ComparisonFormat.share(options.holdout)
        if let time = problem.time {
            return
                "Hold-out: the newest \(percent) by \"\(time)\"; \(options.folds) folds, each newer than its training."
        }
        if let group = problem.group {
            return "Hold-out: \(percent) of the rows, whole groups of \"\(group)\"; \(options.folds) folds likewise."
        }
        return "Hold-out: \(percent) of the rows at random; \(options.folds) folds of the others."
    }

    /// Decisions by the threshold that was found, so that they compare with those of the hold-out.
    private static func scores(_ chosen: TrainChoice, _ task: ModelTask) -> [TrainReport.Score] {
        PerformanceMetric.allCases.filter { $0.applies(to: task) }.compactMap { metric in
            let validation = metric.judgesDecisions ? chosen.decided ?? chosen.validation : chosen.validation
            return validation.mean(metric).map {
                TrainReport.Score(name: metric.rawValue, mean: $0, deviation: validation.deviation(metric))
            }
        }
    }

    /// In the form in which production logs predictions: scores of a binary model, numbers, else classes.
    private static func predictions(_ said: Predictions) -> ReferenceBuilder.ColumnValues {
        switch said.task {
        case .binary: .numeric(said.probabilities)
        case .multiclass: .categorical(said.labels().map { $0.isEmpty ? nil : $0 })
        case .regression: .numeric(said.values)
        }
    }
}
