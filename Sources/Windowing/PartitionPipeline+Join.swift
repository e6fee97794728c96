import Events
import Statistics

extension PartitionPipeline {
    /// Counts a prediction into its drift pane and leaves it waiting for its outcome.
    func take(
        prediction event: DecodedEvent, model: ModelStream, message: UnsafeRawBufferPointer, recordMicroseconds: Int64
    ) {
        let time = event.timeMicroseconds
        let geometry = model.settings.geometry
        let pane = geometry.pane(at: time)
        let watermark = predictionWatermark.value
        _ = predictionWatermark.advance(to: time)
        counters.predictions += 1
        guard pane >= geometry.closedBefore(watermark: watermark), pane >= model.driftClosedBefore else {
            counters.latePredictions += 1
            return
        }
        guard let version = model.version(event.version, catalog: catalog) else {
            counters.versionsBeyondLimit += 1
            return
        }
        version.newestMicroseconds = max(version.newestMicroseconds, time)
        let identifier = EventIdentifier(hashing: event.id)
        let joinsOutcomes = model.settings.joinsOutcomes
        // Looked up once for everything that is done with the event.
        let matches = joinsOutcomes ? model.waiting.matches(identifier) : WaitingMatches()
        if isDuplicate(of: matches, version: version, in: model, watermark: watermark) {
            counters.duplicatePredictions += 1
            if let open = version.driftPane(pane, settings: model.settings) {
                version.countDuplicates(segments: version.segments(of: event.features), in: open)
            }
            return
        }
        guard let open = version.driftPane(pane, settings: model.settings) else {
            counters.panesBeyondLimit += 1
            return
        }
        func retainedCopy() -> RetainedPrediction {
            RetainedPrediction(timeMicroseconds: time, recordMicroseconds: recordMicroseconds, message: Array(message))
        }
        let segments = version.segments(of: event.features)
        if open.accumulator != nil {
            version.count(
                event.features, predicted: version.predicted(event, task: model.settings.task), segments: segments,
                into: open)
            open.sampledRows.offer(identifier, retainedCopy())
        } else {
            open.learningEvents += 1
            open.learningRows.offer(identifier, retainedCopy())
        }
        guard joinsOutcomes else { return }
        notePlacement(of: identifier, model: model, isOutcome: false)
        if model.settings.estimatesPerformance {
            estimate(event, identifier: identifier, into: open, model: model, message: retainedCopy)
        }
        let rows = model.settings.rowsPerPane
        if rows > 0 { version.retained[pane, default: RowSample(capacity: rows)].offer(identifier, retainedCopy()) }
        wait(event, identifier: identifier, matches: matches, segments: segments, version: version, model: model)
    }

    /// A prediction is a duplicate if the same version said the same id within the label delay. The first one is still
    /// in the table then, because entries leave it only after both streams have passed that time.
    private func isDuplicate(
        of matches: WaitingMatches, version: VersionStream, in model: ModelStream, watermark: Int64
    ) -> Bool {
        let horizon = watermark == .min ? .min : watermark - model.settings.maximumLabelDelayMicroseconds
        return matches.contains { slot in
            let entry = model.waiting[slot]
            return entry.hasPrediction && entry.version == version.number && entry.predictionMicroseconds >= horizon
        }
    }

    /// Puts a prediction into the join table, and counts the pair if its outcome is among the matches already.
    private func wait(
        _ event: DecodedEvent, identifier: EventIdentifier, matches: WaitingMatches, segments: SegmentIndices,
        version: VersionStream, model: ModelStream
    ) {
        let delay = model.settings.maximumLabelDelayMicroseconds
        var entry = WaitingEntry(identifier)
        entry.predictionMicroseconds = event.timeMicroseconds
        entry.version = version.number
        entry.segments = segments
        entry.score = model.settings.task == .regression ? event.value : event.score
        entry.predictedLabel = model.labels.number(of: event.label)
        var outcomeOnly: Int?
        for slot in matches {
            let other = model.waiting[slot]
            guard other.hasOutcome else { continue }
            if !other.hasPrediction { outcomeOnly = slot }
            guard abs(other.outcomeMicroseconds - entry.predictionMicroseconds) <= delay else { continue }
            entry.outcomeMicroseconds = other.outcomeMicroseconds
            entry.outcomeLabel = other.outcomeLabel
            entry.outcomeValue = other.outcomeValue
        }
        if let outcomeOnly, entry.hasOutcome {
            model.waiting.update(outcomeOnly, entry)
        } else if !model.waiting.insert(entry) {
            return
        }
        if case .multiclass(let classes) = model.settings.task, !event.scoreEntries.isEmpty {
            let key = WaitingKey(identifier: identifier, version: version.number)
            model.classScores[key] = classScores(event, classes: classes, model: model)
        }
        if entry.hasOutcome { count(pair: entry, model: model) }
    }

    func classScores(_ event: DecodedEvent, classes: [String], model: ModelStream) -> [Float] {
        var scores = [Float](repeating: 0, count: classes.count)
        for entry in event.scoreEntries {
            let number = model.labels.number(of: entry.label)
            if number >= 0, Int(number) < scores.count { scores[Int(number)] = Float(entry.score) }
        }
        return scores
    }

    /// Joins an outcome with every prediction of its id, and keeps it for those still to come.
    func take(outcome event: DecodedEvent, model: ModelStream, recordMicroseconds: Int64) {
        let geometry = model.settings.geometry
        let watermark = outcomeWatermark.value
        _ = outcomeWatermark.advance(to: recordMicroseconds)
        counters.outcomes += 1
        let pane = geometry.pane(at: recordMicroseconds)
        guard pane >= geometry.closedBefore(watermark: watermark), pane >= model.performanceClosedBefore else {
            counters.lateOutcomes += 1
            return
        }
        guard model.settings.joinsOutcomes else { return }
        let identifier = EventIdentifier(hashing: event.id)
        // An outcome is a value or a class, whatever else the event says.
        let isRegression = model.settings.task == .regression
        let label = isRegression ? -1 : model.labels.number(of: event.label)
        let value = isRegression ? event.value : .nan
        let delay = model.settings.maximumLabelDelayMicroseconds
        let horizon = watermark == .min ? Int64.min : watermark - delay
        var isKnown = false
        var isDuplicate = false
        for slot in model.waiting.matches(identifier) {
            var entry = model.waiting[slot]
            if entry.hasOutcome {
                if entry.outcomeMicroseconds >= horizon { isDuplicate = true }
                continue
            }
            guard abs(recordMicroseconds - entry.predictionMicroseconds) <= delay else {
                counters.outcomesBeyondDelay += 1
                continue
            }
            entry.outcomeMicroseconds = recordMicroseconds
            entry.outcomeLabel = label
            entry.outcomeValue = value
            model.waiting.update(slot, entry)
            count(pair: entry, model: model)
            isKnown = true
        }
        if isDuplicate { counters.duplicateOutcomes += 1 }
        guard !isKnown, !isDuplicate else { return }
        notePlacement(of: identifier, model: model, isOutcome: true)
        var entry = WaitingEntry(identifier)
        entry.outcomeMicroseconds = recordMicroseconds
        entry.outcomeLabel = label
        entry.outcomeValue = value
        _ = model.waiting.insert(entry)
    }
}
