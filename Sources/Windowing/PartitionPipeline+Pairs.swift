import Events
import Statistics

extension PartitionPipeline {
    /// Counts a complete pair in the pane in which its second half became known.
    func count(pair: WaitingEntry, model: ModelStream) {
        guard let version = model.version(numbered: pair.version) else { return }
        let geometry = model.settings.geometry
        let pane = geometry.pane(at: pair.newestMicroseconds)
        guard let open = version.performancePane(pane, settings: model.settings) else {
            counters.panesBeyondLimit += 1
            return
        }
        guard let scored = scored(pair, model: model) else {
            counters.unscorablePairs += 1
            return
        }
        scored.add(to: &open.summary)
        if case .regression(_, let actual) = scored { open.outcomes.add(pair.identifier, actual) }
        for cell in version.segmentPlan.cells(pair.segments) {
            scored.add(to: &open.segments[cell, default: PerformanceSummary(task: model.settings.task)])
        }
        counters.joined += 1
        let predictionPane = geometry.pane(at: pair.predictionMicroseconds)
        open.countPrediction(of: predictionPane)
        if model.settings.estimatesPerformance {
            scored.add(
                to: &version.labelled[predictionPane, default: LabelledPredictions(task: model.settings.task)],
                identifier: pair.identifier)
        }
        guard model.settings.rowsPerPane > 0, let row = version.retained[predictionPane]?[pair.identifier] else {
            return
        }
        open.rows.append(
            LabelledRow(
                identifier: pair.identifier, predictionMicroseconds: row.timeMicroseconds,
                joinedMicroseconds: pair.newestMicroseconds, recordMicroseconds: row.recordMicroseconds,
                version: version.key.version, message: row.message, label: model.labels.label(pair.outcomeLabel),
                value: pair.outcomeValue.isNaN ? nil : pair.outcomeValue))
    }

    /// The pair as its task scores it; `nil` if a half lacks what the task needs.
    private func scored(_ pair: WaitingEntry, model: ModelStream) -> ScoredPair? {
        switch model.settings.task {
        case .binary:
            guard pair.outcomeLabel >= 0, pair.predictedLabel >= 0 || !pair.score.isNaN else { return nil }
            let predicted = pair.predictedLabel >= 0 ? pair.predictedLabel == 0 : pair.score >= 0.5
            return .binary(
                score: pair.score.isNaN ? nil : pair.score, predictedPositive: predicted,
                positive: pair.outcomeLabel == 0)
        case .multiclass(let classes):
            let scores = model.classScores.removeValue(
                forKey: WaitingKey(identifier: pair.identifier, version: pair.version))
            let likeliest = scores?.indices.max { scores?[$0] ?? 0 < scores?[$1] ?? 0 }
            let predicted = pair.predictedLabel >= 0 ? Int(pair.predictedLabel) : likeliest ?? -1
            guard classes.indices.contains(predicted), classes.indices.contains(Int(pair.outcomeLabel)) else {
                return nil
            }
            return .multiclass(scores: scores, predicted: predicted, actual: Int(pair.outcomeLabel))
        case .regression:
            guard !pair.score.isNaN, !pair.outcomeValue.isNaN else { return nil }
            return .regression(predicted: pair.score, actual: pair.outcomeValue)
        }
    }
}

/// A complete pair, ready to be counted more than once.
private enum ScoredPair {
    case binary(score: Double?, predictedPositive: Bool, positive: Bool)
    case multiclass(scores: [Float]?, predicted: Int, actual: Int)
    case regression(predicted: Double, actual: Double)

    func add(to labelled: inout LabelledPredictions, identifier: EventIdentifier) {
        add(to: &labelled.summary)
        switch self {
        case .multiclass(let scores?, let predicted, let actual):
            labelled.sample.add(
                identifier, ScoredSample.Row(scores: scores, predicted: Int32(predicted), actual: Int32(actual)))
        case .regression(_, let actual): labelled.outcomes.add(identifier, actual)
        default: break
        }
    }

    func add(to summary: inout PerformanceSummary) {
        switch self {
        case .binary(let score, let predictedPositive, let positive):
            summary.add(score: score, predictedPositive: predictedPositive, positive: positive)
        case .multiclass(let scores, let predicted, let actual):
            summary.add(scores: scores, predicted: predicted, actual: actual)
        case .regression(let predicted, let actual): summary.add(predicted: predicted, actual: actual)
        }
    }
}
