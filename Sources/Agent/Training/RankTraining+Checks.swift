import Foundation
import Learning
import Statistics

extension RankTraining {
    /// What a reader should look out for.
    func warnings(
        _ report: TrainReport, model: RankingModel, training: Table, holdout: Table, problem: RankingProblem
    ) throws -> [String] {
        var found: [String] = []
        let suspects = report.importance.map(\.feature) + (problem.features ?? [])
        for feature in suspects.prefix(3) {
            try control.check()
            var alone = problem
            alone.features = [feature]
            let parameters = BoostingParameters(
                rounds: 20, learningRate: 0.5, maximumDepth: 4, seed: Int(options.seed))
            let tried = try RankingLearner(parameters: parameters, objective: model.learner.objective).fit(
                training, problem: alone, control: control)
            let evaluation = try RankingEvaluation.evaluate(tried, on: holdout, places: nil)
            guard let value = evaluation.summary.ndcg.value, value >= TrainSuspects.single else { continue }
            found.append(
                "\"\(feature)\" alone reaches ndcg \(String(format: "%.4f", value)) on the hold-out: is it known before "
                    + "the outcome? If not, leave it out (--exclude).")
        }
        if let chance = report.chance.first(where: { $0.name == "map" })?.value.value, chance >= TrainSuspects.whole {
            found.append("every row of a list is relevant: mrr and map say nothing here, ndcg does.")
        }
        let lists = report.holdout.metrics.first?.value.count ?? 0
        if lists < 100 {
            found.append("the hold-out has \(lists) lists with something relevant: its intervals are wide.")
        }
        return found
    }

    /// The champion on the lists of the hold-out; `nil` without one.
    func comparison(_ scores: [Double], _ holdout: Table, _ problem: RankingProblem) throws -> ChampionComparison? {
        guard let champion, let group = holdout[problem.group], let relevance = holdout[problem.relevance] else {
            return nil
        }
        let places = options.places ?? TrainOptions.usualPlaces
        let others = try champion.model.scores(holdout)
        var lists: [String: [Int]] = [:]
        for row in 0..<holdout.rowCount {
            if let name = group.text(at: row), relevance.number(at: row).isFinite {
                lists[name, default: []].append(row)
            }
        }
        func gains(_ scores: [Double]) -> [Double] {
            lists.keys.sorted().compactMap { name in
                let rows = lists[name] ?? []
                return RankingSummary.normalizedGain(
                    scores: rows.map { scores[$0] }, relevance: rows.map { relevance.number(at: $0) },
                    places: places)
            }
        }
        // A list has a gain or has none whatever the scores, so that both are of the same lists.
        let (first, second) = (gains(others), gains(scores))
        func mean(_ values: [Double], _ rows: [Int]) -> Double {
            rows.reduce(0) { $0 + values[$1] } / Double(max(1, rows.count))
        }
        let result = PairedComparison.bootstrap(
            rows: first.count, resamples: ChampionComparison.resamples, seed: options.seed
        ) { (mean(first, $0), mean(second, $0)) }
        return result.map {
            ChampionComparison(version: champion.version, metric: "ndcg_at_\(places)", result: $0)
        }
    }
}
