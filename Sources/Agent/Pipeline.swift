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
/// Live, in a replay and in tests it is this function that runs; only the drivers around it differ. Decisions are made
/// boundary by boundary (``DecisionStep``), so that it does not matter how batches were cut.
extension Coordinator {
    /// Takes what a partition closed, and has done what has to be done about it, boundary by boundary.
    func accept(_ output: PartitionOutput, perform: ([CoordinatorAction]) -> Void) {
        let output = withoutRepetitions(output)
        perform(note(output.gaps))
        perform(countLateParts(in: output))
        collect(output)
        mark(output)
        forEachStep {
            perform(decide($0))
        } onCommand: {
            perform(takeCommand(of: $0))
        }
    }

    /// Decides all there is to decide at one boundary of one model.
    private func decide(_ step: DecisionStep) -> [CoordinatorAction] {
        let name = step.model
        let rows = advance(to: step)
        var actions = learnReferences(of: name)
        if step.advancesDrift { actions += learningWindows(of: name).map(CoordinatorAction.windowJudged) }
        let windows = withoutWorse(judge(name), of: name)
        actions += windows.map(CoordinatorAction.windowJudged)
        actions += alert(windows, at: step)
        let compared = compare(rows, of: name)
        actions += compared
        // A version that is rolled back right now is no reason to train.
        let isReplaced = compared.contains { if case .rollBack = $0 { true } else { false } }
        if step.advancesPairs, !isReplaced { actions += plan(name) }
        return actions
    }
}
