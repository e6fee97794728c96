import Learning
import Statistics

/// `tidewatch train --task ranking`: LambdaMART over whole lists, from the search to the hold-out.
struct RankTraining {
    let options: TrainOptions
    let control: TrainingControl
    /// Seconds from any start.
    let clock: () -> Double
    /// The version that serves, to be compared with.
    var champion: (version: String, model: RankingModel)?

    var measure: RankingSearch.Measure {
        RankingSearch.Measure(
            metric: options.metric.flatMap(RankingMetric.init) ?? .ndcg,
            places: options.places ?? TrainOptions.usualPlaces)
    }

    func run(
        _ table: Table, history: (StudyLog.Heading) throws -> [Trial] = { _ in [] },
        onTrial: (TuningProgress) throws -> Void = { _ in }
    ) throws -> TrainResult {
        let began = clock()
        let columns = try TrainColumns(table, options: options)
        let (problem, grouped) = try problems(table, columns.features)
        let objective = objective(table, problem)
        let split = try HoldOut.random(share: options.holdout).split(table, problem: grouped, seed: options.seed)
        let (training, holdout) = (table.rows(split.train), table.rows(split.test))
        let folds = try SplitPlan.grouped(options.folds).folds(of: training, problem: grouped, seed: options.seed)
        let candidates = try CandidateSpace(
            kinds: [.boostedTrees], seed: Int(options.seed), rows: training.rowCount, threads: options.threads)
        let heading = StudyLog.Heading(
            metric: "\(measure.metric.rawValue)@\(measure.places)", seed: options.seed, folds: folds.count,
            space: candidates.space, data: TableFingerprint.text(of: table, problem: grouped))
        let search = try RankingSearch.run(
            candidates, objective: objective, table: training, problem: problem, folds: folds, measure: measure,
            tuner: tuner(candidates), history: try history(heading), clock: clock, control: control,
            onTrial: onTrial)
        let learner = RankingSearch.learner(
            candidates, search.best.values, objective: objective, places: measure.places)
        let model = try learner.fit(training, problem: problem, control: control)
        let scores = try model.scores(holdout)
        var report = TrainReport(
            name: options.model, purpose: options.purpose, target: problem.relevance,
            task: .ranking(group: problem.group), taskReason: "asked for",
            learner: "boosted_trees (LambdaMART, \(Self.name(objective)))",
            parameters: candidates.parameters(of: search.best.values), features: columns.features,
            leftOut: columns.leftOut, metric: metricName,
            splitNote: "Hold-out: \(ComparisonFormat.share(options.holdout)) of the rows, whole lists of "
                + "\"\(problem.group)\"; \(options.folds) folds likewise.",
            holdout: try measured(scores, holdout, problem), trials: search.trials,
            importance: try Self.importance(model))
        report.trainingRows = split.train.count
        report.holdoutRows = split.test.count
        report.validation = validation(search.validation)
        report.chance = try measured(scores.map { _ in 0 }, holdout, problem, segments: false).metrics
        report.curve = try curve(
            learner, training: training, problem: problem, folds: folds, known: search.validation)
        report.warnings = try warnings(report, model: model, training: training, holdout: holdout, problem: problem)
        report.comparison = try comparison(scores, holdout, problem)
        report.seconds = clock() - began
        return TrainResult(
            report: report, model: .ranking(model),
            reference: .ofTraining(table, features: columns.features, predictions: .numeric(scores)))
    }

    private func problems(
        _ table: Table, _ features: [String]
    ) throws -> (ranking: RankingProblem, grouped: LearningProblem) {
        let target = try table.asked(options.target ?? "", option: "--target")
        let group = try table.asked(options.group ?? "", option: "--group")
        guard target.kind != .categorical else {
            throw CommandStop.badInput(
                "--target: a ranking learns from numbers of relevance, 0 or more, and \"\(target.name)\" holds text")
        }
        try TrainCells.check(relevance: target)
        guard options.metric.map({ RankingMetric(rawValue: $0) != nil }) ?? true else {
            let known = RankingMetric.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandStop.badInput(
                "--metric: \"\(options.metric ?? "")\" is no metric of a ranking; there are \(known)")
        }
        return (
            RankingProblem(relevance: target.name, group: group.name, features: features),
            LearningProblem(task: .regression, target: target.name, features: features, group: group.name)
        )
    }

    /// NDCG is learned from whole grades; other relevance from its order alone.
    private func objective(_ table: Table, _ problem: RankingProblem) -> RankingLearner.Objective {
        guard let column = table[problem.relevance] else { return .pairwise }
        let isGraded = (0..<column.count).allSatisfy { row in
            let value = column.number(at: row)
            return value.isNaN || (value <= 31 && value == value.rounded())
        }
        return isGraded ? .ndcg : .pairwise
    }

    private static func name(_ objective: RankingLearner.Objective) -> String {
        switch objective {
        case .ndcg: "pairs weighed by NDCG"
        case .pairwise: "all pairs alike, as the relevance is no grade of 0 to 31"
        case .map: "pairs weighed by the average precision"
        }
    }

    /// As `tidewatch metrics --task ranking` names it.
    var metricName: String {
        measure.metric == .ndcg ? "ndcg_at_\(measure.places)" : measure.metric.rawValue
    }

    private func tuner(_ candidates: CandidateSpace) -> Tuner<RankingMetric> {
        var tuner = Tuner(
            space: candidates.space, metric: measure.metric, seed: options.seed,
            budget: TuningBudget(
                trials: options.trials > 0 ? options.trials : candidates.firstTrials.count,
                seconds: options.seconds))
        tuner.firstTrials = candidates.firstTrials
        return tuner
    }

    private func measured(
        _ scores: [Double], _ table: Table, _ problem: RankingProblem, segments: Bool = true
    ) throws -> MetricsReport {
        var question = MetricsOptions(
            path: options.dataPath, label: problem.relevance, scores: ["\u{1}score"], task: .ranking,
            query: problem.group, places: measure.places)
        if segments { question.segments = options.segments }
        return try MetricsEngine.run(
            try Table(columns: table.columns + [TableColumn(name: "\u{1}score", numbers: scores)]), question)
    }

    private func validation(_ folds: [RankingEvaluation]) -> [TrainReport.Score] {
        RankingMetric.allCases.compactMap { metric in
            // Mean and deviation as of a point of the curve.
            let values = folds.compactMap { metric.value(in: $0) }
            guard let point = LearningCurve.Point(rows: 0, values: values) else { return nil }
            return TrainReport.Score(
                name: metric == .ndcg ? "ndcg_at_\(measure.places)" : metric.rawValue, mean: point.mean,
                deviation: point.deviation)
        }
    }

    private static func importance(_ model: RankingModel) throws -> [(feature: String, share: Double)] {
        let shares = try model.normalizedImportance() ?? [:]
        return shares.map { (feature: $0.key, share: $0.value) }.sorted {
            ($1.share, $0.feature) < ($0.share, $1.feature)
        }
    }
}
