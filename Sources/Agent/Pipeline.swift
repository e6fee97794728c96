import Alerting
import Detection
import Retraining
import Statistics
import Windowing

/// The path of an event, written once.
///
/// A partition's worker decodes, validates, joins and counts (``PartitionPipeline/process(_:from:offset:recordMicroseconds:)``)
/// and hands closed panes over (``PartitionPipeline/closePanes()``). From there on the coordinator:
///
///     panes ─► collect ─► judge ─► alert
///                │          └────► plan a retraining ─► (trainer) ─► gate, register, promote
///                └─► compare the champion with its predecessor ─► keep or roll back
///
/// Live, in a replay and in tests it is this function that runs; only the drivers around it differ.
extension Coordinator {
    /// Takes what a partition closed; returns what has to be done about it, in order.
    func accept(_ output: PartitionOutput) -> [CoordinatorAction] {
        var actions: [CoordinatorAction] = []
        let rows = collect(output)
        for name in models.keys.sorted() {
            actions += learnReferences(of: name)
            let windows = judge(name)
            actions += windows.map(CoordinatorAction.windowJudged)
            actions += alert(windows, of: name)
            actions += compare(rows[name] ?? [], of: name)
            actions += plan(windows, of: name)
        }
        return actions
    }
}
