import Events
import Statistics

extension PartitionPipeline {
    /// Hands over the panes that the watermarks have passed. Called after each batch.
    public func closePanes() -> PartitionOutput {
        let progress = progress
        let drift = progress.driftWatermark
        let pairs = progress.pairWatermark
        var output = PartitionOutput(partition: partition, progress: progress)
        output.gaps = takeGaps()
        output.mark = offsetMark
        for model in models {
            closeDrift(of: model, before: model.settings.geometry.closedBefore(watermark: drift), into: &output)
            closePerformance(of: model, before: model.settings.geometry.closedBefore(watermark: pairs), into: &output)
        }
        return output
    }

    /// Says that nothing more will ever come of a stream: what waited for it closes, and it holds nothing back.
    ///
    /// An idle stream is another matter: its open panes stay open, because their events may go on.
    public func end(_ role: StreamRole) -> PartitionOutput {
        isIdle[role.rawValue] = true
        hasEnded[role.rawValue] = true
        if hasEnded[0], sharesOneTopic || hasEnded[1] { return closeEverything() }
        var output = closePanes()
        guard role == .predictions else { return output }
        for model in models {
            let last = model.versions.values.compactMap { $0.driftPanes.keys.max() }.max()
            if let last { closeDrift(of: model, before: last + 1, into: &output) }
        }
        return output
    }

    /// Closes everything that is open: the end of a file.
    public func closeEverything() -> PartitionOutput {
        var end = progress.newestMicroseconds
        for model in models {
            let open = model.versions.values.flatMap { Array($0.driftPanes.keys) + Array($0.performancePanes.keys) }
            if let last = open.max() { end = max(end, model.settings.geometry.end(of: last)) }
        }
        isIdle = [true, true]
        var output = PartitionOutput(
            partition: partition,
            progress: PartitionProgress(predictionWatermark: .max, outcomeWatermark: .max, newestMicroseconds: end))
        output.gaps = takeGaps()
        output.mark = offsetMark
        // Nothing was ever seen: there is nothing to close, and no time to close it at.
        guard end != .min else { return output }
        for model in models {
            let boundary = model.settings.geometry.closedBefore(watermark: end)
            closeDrift(of: model, before: boundary, into: &output)
            closePerformance(of: model, before: boundary, into: &output)
        }
        for model in models {
            // As far as event time goes now, which is to the end of the last pane.
            let delay = model.settings.maximumLabelDelayMicroseconds + model.settings.geometry.slideMicroseconds
            closeLabels(of: model, endingBy: end - delay, into: &output)
        }
        return output
    }

    private func closeDrift(of model: ModelStream, before boundary: Int64, into output: inout PartitionOutput) {
        guard boundary > model.driftClosedBefore else { return }
        model.driftClosedBefore = boundary
        for version in model.versions.values.sorted(by: { $0.key < $1.key }) {
            for number in version.driftPanes.keys.sorted() where number < boundary {
                guard let open = version.takeDriftPane(number) else { continue }
                output.driftPanes.append(
                    ClosedDriftPane(
                        key: version.key, pane: number, partition: partition, content: open.closed(),
                        duplicates: open.learningDuplicates,
                        segments: version.segmentPlan.parts(open.segments.mapValues { $0.summary() }),
                        rows: open.closedRows(), predictions: open.predictions(task: model.settings.task)))
            }
        }
    }

    private func closePerformance(of model: ModelStream, before boundary: Int64, into output: inout PartitionOutput) {
        guard boundary > model.performanceClosedBefore else { return }
        model.performanceClosedBefore = boundary
        for version in model.versions.values.sorted(by: { $0.key < $1.key }) {
            for number in version.performancePanes.keys.sorted() where number < boundary {
                guard let open = version.takePerformancePane(number) else { continue }
                output.performancePanes.append(
                    ClosedPerformancePane(
                        key: version.key, pane: number, partition: partition, summary: open.summary,
                        segments: version.segmentPlan.parts(open.segments), predictionPanes: open.predictionPanes,
                        outcomes: open.outcomes,
                        rows: finalRows(of: open, version: version, settings: model.settings)))
            }
        }
        expire(model, into: &output)
    }

    /// The rows with the smallest identifiers among those that are in the final choice of their prediction pane. That
    /// pane has closed, so its choice is final; a row that was in it when its outcome came may have been displaced since.
    private func finalRows(
        of open: OpenPerformancePane, version: VersionStream, settings: ModelSettings
    ) -> [LabelledRow] {
        var bounds: [Int64: EventIdentifier?] = [:]
        let rows = open.rows.filter { row in
            let pane = settings.geometry.pane(at: row.predictionMicroseconds)
            if bounds[pane] == nil { bounds[pane] = version.retained[pane]?.finalBound() }
            guard let known = bounds[pane], let bound = known else { return false }
            return row.identifier <= bound
        }
        return Array(rows.sorted { $0.identifier < $1.identifier }.prefix(settings.rowsPerPane))
    }

    /// Forgets halves that can no longer meet. One pane of slack: an event that is not late may be up to a pane behind
    /// its stream's watermark.
    private func expire(_ model: ModelStream, into output: inout PartitionOutput) {
        let pairs = progress.pairWatermark
        guard pairs != .min else { return }
        let geometry = model.settings.geometry
        let limit = pairs - model.settings.maximumLabelDelayMicroseconds - geometry.slideMicroseconds
        model.waiting.expire(before: limit) { entry in
            if !entry.hasOutcome { counters.expiredPredictions += 1 }
            if !entry.hasPrediction { counters.unmatchedOutcomes += 1 }
            if !model.classScores.isEmpty {
                model.classScores[WaitingKey(identifier: entry.identifier, version: entry.version)] = nil
            }
        }
        closeLabels(of: model, endingBy: limit, into: &output)
        counters.thinned = models.reduce(0) { $0 + $1.waiting.thinned }
        for version in model.versions.values {
            for pane in version.retained.keys where geometry.end(of: pane) <= limit { version.retained[pane] = nil }
        }
    }
}

extension OpenDriftPane {
    /// The pane as it is handed over.
    func closed() -> DriftPaneContent {
        if let accumulator { return .summary(accumulator.summary()) }
        return .learning(events: learningEvents, rows: learningRows.sorted().map(\.item))
    }
}
