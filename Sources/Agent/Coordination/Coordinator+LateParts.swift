import Statistics
import Windowing

/// How far a partition's panes have been handed over, and what of them came too late.
struct PartitionReach: Codable, Equatable {
    /// Event time, microseconds: panes that end by then were handed over.
    var drift: Int64 = .min
    var pairs: Int64 = .min
    /// Events in panes that had been judged by then.
    var lateEvents: Int64 = 0
}

extension Coordinator {
    /// The output without panes that its partition handed over before and that have been decided on: a partition that is
    /// read again, or whose panes come again from the log of panes, changes nothing.
    func withoutRepetitions(_ output: PartitionOutput) -> PartitionOutput {
        guard let reach = reaches[output.partition] else { return output }
        var output = output
        output.driftPanes.removeAll { pane in
            guard let model = models[pane.key.model] else { return false }
            return pane.pane < model.decided.drift && model.settings.geometry.end(of: pane.pane) <= reach.drift
        }
        output.performancePanes.removeAll { pane in
            guard let model = models[pane.key.model] else { return false }
            return pane.pane < model.decided.pairs && model.settings.geometry.end(of: pane.pane) <= reach.pairs
        }
        output.labelPanes.removeAll { pane in
            guard let settings = models[pane.key.model]?.settings, models[pane.key.model]?.decided.pairs != .min,
                reach.pairs != .min
            else { return false }
            let closedBefore =
                reach.pairs - settings.maximumLabelDelayMicroseconds - settings.geometry.slideMicroseconds
            return settings.geometry.end(of: pane.pane) <= closedBefore
        }
        return output
    }

    /// Counts what a partition brings of panes that the others' watermarks had closed: it was idle, and then went on where
    /// it had stopped. Its own stream counts none of these events as late, because there they are not.
    ///
    /// A partition that is read again, because its state could not be restored, hands over panes that it handed over before.
    func countLateParts(in output: PartitionOutput) -> [CoordinatorAction] {
        var reach = reaches[output.partition] ?? PartitionReach()
        var late: Int64 = 0
        for pane in output.driftPanes {
            guard let model = models[pane.key.model], pane.pane < model.decided.drift,
                model.settings.geometry.end(of: pane.pane) > reach.drift
            else { continue }
            late += pane.events
        }
        for pane in output.performancePanes {
            guard let model = models[pane.key.model], pane.pane < model.decided.pairs,
                model.settings.geometry.end(of: pane.pane) > reach.pairs
            else { continue }
            late += pane.summary.count
        }
        reach.drift = max(reach.drift, output.progress.driftWatermark)
        reach.pairs = max(reach.pairs, output.progress.pairWatermark)
        reach.lateEvents += late
        reaches[output.partition] = reach
        guard late > 0 else { return [] }
        return [
            .problem(
                "partition \(output.partition) was idle and brought \(late) events of panes that had been judged without "
                    + "them: they count in the sliding windows that end from now on, and in nothing that has been said. "
                    + "Raise sources.idle_timeout if it often is.")
        ]
    }

    /// Events that came too late for a judgement, of all partitions.
    var lateEvents: Int64 { reaches.values.reduce(0) { $0 + $1.lateEvents } }
}

extension ClosedDriftPane {
    /// Predictions in it.
    var events: Int64 {
        switch content {
        case .summary(let summary): summary.events
        case .learning(let events, _): events
        }
    }
}
