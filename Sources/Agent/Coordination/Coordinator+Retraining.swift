import Detection
import Retraining
import Windowing

extension Coordinator {
    /// Starts a retraining where the policy says so. Asked after every judged window, and when somebody demands it.
    func plan(_ windows: [JudgedWindow], of name: String) -> [CoordinatorAction] {
        guard !windows.isEmpty || models[name]?.planner.isDemanded == true, let model = models[name] else { return [] }
        let verdicts = model.latestDrift + model.latestIntervals
        let inputs = RetrainingInputs(
            nowMicroseconds: nowMicroseconds,
            driftedShare: verdicts.isEmpty ? nil : driftedShare(verdicts),
            metrics: model.latestMetrics, rows: model.buffer.rows.count)
        guard case .start(let trigger)? = models[name]?.planner.decide(inputs) else { return [] }
        return [
            .train(
                TrainingRequest(
                    model: name, trigger: trigger, rows: model.buffer.rows, champion: model.champion,
                    atMicroseconds: nowMicroseconds))
        ]
    }

    /// Somebody wants a retraining now.
    func demandRetraining(of name: String) -> [CoordinatorAction] {
        models[name]?.planner.demand()
        return plan([], of: name)
    }

    /// A run has ended: the cool-down begins.
    func finishTraining(of name: String, atMicroseconds now: Int64) {
        models[name]?.planner.finish(atMicroseconds: now)
    }

    /// A version was rolled back: the cool-down begins, whether a run is under way or not.
    func coolDown(_ name: String) {
        models[name]?.planner.coolDown(fromMicroseconds: nowMicroseconds)
    }
}
