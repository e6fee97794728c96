import Alerting
import Windowing

/// Panes are merged, judged and acted on in this process.
final class DecisionStage: PaneStage {
    let coordinator: Coordinator
    private let effects: LiveEffects

    init(coordinator: Coordinator, effects: LiveEffects) {
        self.coordinator = coordinator
        self.effects = effects
    }

    /// Takes over what the registry says.
    func start() {
        perform(effects.start(with: coordinator))
        perform(coordinator.resumeTraining())
    }

    func accept(_ output: PartitionOutput) { coordinator.accept(output, perform: perform) }

    func expect(_ partitions: [Int32], sinceMicroseconds: Int64) { coordinator.expect(partitions) }

    func forget(_ partitions: [Int32]) { coordinator.forget(partitions) }

    func finish(_ result: TrainingResult) { perform(effects.finish(result, coordinator: coordinator)) }

    func registryChanged() {
        perform(effects.synchroniseChampions(with: coordinator))
        perform(effects.takeDemands(coordinator: coordinator))
    }

    func tick() {}

    func settle() throws {
        if effects.mustSynchronise { perform(effects.synchroniseChampions(with: coordinator)) }
        try effects.settle()
    }

    func snapshot() throws -> [UInt8] { try coordinator.snapshot() }

    var lateEvents: Int64 { coordinator.lateEvents }

    private func perform(_ actions: [CoordinatorAction]) {
        // What follows from an action comes after those that are there already.
        var waiting = actions
        while !waiting.isEmpty {
            waiting = waiting.flatMap { effects.perform($0, coordinator: coordinator) }
        }
    }
}
