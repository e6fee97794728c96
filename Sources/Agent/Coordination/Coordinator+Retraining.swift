import Detection
import Retraining
import Windowing

extension Coordinator {
    /// Starts a retraining where the policy says so. Asked at every boundary that pairs have passed, and when somebody
    /// demands it. It looks at what is known at that boundary and at nothing newer: neither the decision nor the rows
    /// depend on what else a batch brought.
    func plan(_ name: String) -> [CoordinatorAction] {
        guard let now = models[name]?.decidedPairsMicroseconds else { return [] }
        let share = models[name]?.driftedShares.take(by: now)
        guard let model = models[name] else { return [] }
        let inputs = RetrainingInputs(
            nowMicroseconds: now, driftedShare: share, metrics: model.latestMetrics, rows: model.buffer.rows.count)
        guard case .start(let trigger)? = models[name]?.planner.decide(inputs) else { return [] }
        let request = TrainingRequest(
            model: name, trigger: trigger, rows: model.buffer.rows, champion: model.champion, atMicroseconds: now,
            stretches: stretches(of: model.buffer.rows, model: name))
        models[name]?.running = request
        return [.train(request)]
    }

    /// The runs that a crash has interrupted, with the rows that they had.
    func resumeTraining() -> [CoordinatorAction] {
        models.keys.sorted().compactMap { models[$0]?.running.map(CoordinatorAction.train) }
    }

    /// Somebody wants a retraining now.
    func demandRetraining(of name: String) -> [CoordinatorAction] {
        models[name]?.planner.demand()
        return plan(name)
    }

    /// A run has ended: the cool-down begins.
    func finishTraining(of name: String, atMicroseconds now: Int64) {
        models[name]?.running = nil
        models[name]?.planner.finish(atMicroseconds: now)
    }

    /// A version was rolled back: the cool-down begins, whether a run is under way or not.
    func coolDown(_ name: String) {
        models[name]?.planner.coolDown(fromMicroseconds: nowMicroseconds)
    }
}
