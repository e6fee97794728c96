import Events
import Statistics

/// What estimated performance needs: the predictions of each pane, and the pairs by the pane of their prediction.
extension PartitionPipeline {
    /// Counts what the model said into the prediction's pane, where performance is estimated.
    func estimate(
        _ event: DecodedEvent, identifier: EventIdentifier, into open: OpenDriftPane, model: ModelStream,
        message: () -> RetainedPrediction
    ) {
        switch model.settings.task {
        case .binary:
            let isPositive = event.hasLabel ? model.isPositive(event.label) : event.score >= 0.5
            open.scores.add(score: event.score.isNaN ? nil : event.score, predictedPositive: isPositive)
        case .multiclass(let classes):
            guard let row = row(event, classes: classes, model: model) else { return }
            open.sample.add(identifier, row)
        case .regression:
            guard event.value.isFinite else { return }
            open.predicted += 1
            open.predictedRows.offer(identifier, message())
        }
    }

    private func row(_ event: DecodedEvent, classes: [String], model: ModelStream) -> ScoredSample.Row? {
        guard !event.scoreEntries.isEmpty else { return nil }
        let scores = classScores(event, classes: classes, model: model)
        let label = event.hasLabel ? Int(model.labels.number(of: event.label)) : likeliest(scores)
        guard classes.indices.contains(label) else { return nil }
        return ScoredSample.Row(scores: scores, predicted: Int32(label), actual: -1)
    }

    private func likeliest(_ scores: [Float]) -> Int {
        scores.indices.max { scores[$0] < scores[$1] } ?? -1
    }

    /// Hands over the pairs of prediction panes that no outcome can reach any more.
    func closeLabels(of model: ModelStream, endingBy limit: Int64, into output: inout PartitionOutput) {
        let geometry = model.settings.geometry
        for version in model.versions.values.sorted(by: { $0.key < $1.key }) {
            for pane in version.labelled.keys.sorted() where geometry.end(of: pane) <= limit {
                guard let labelled = version.labelled.removeValue(forKey: pane) else { continue }
                output.labelPanes.append(
                    ClosedLabelPane(key: version.key, pane: pane, partition: partition, labelled: labelled))
            }
        }
    }
}

extension VersionStream {
    func writeEstimates(task: ModelTask, to writer: inout BinaryWriter) {
        let predictions = driftPanes.compactMapValues { $0.predictions(task: task) }
        writer.write(UInt32(predictions.count))
        for (pane, part) in predictions.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            writer.write(bytes: part.serialized())
        }
        writer.write(UInt32(performancePanes.count))
        for (pane, open) in performancePanes.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            writer.write(bytes: open.predictionPanes.serialized())
            writer.write(bytes: open.outcomes.serialized())
        }
        writer.write(UInt32(labelled.count))
        for (pane, part) in labelled.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            writer.write(bytes: part.serialized())
        }
    }

    func restoreEstimates(from reader: inout BinaryReader, version format: UInt8) throws {
        for (pane, bytes) in try reader.readPanes() {
            driftPanes[pane]?.take(try PanePredictions(serialized: bytes))
        }
        for _ in 0..<(try reader.read() as UInt32) {
            let open = performancePanes[try reader.read()]
            open?.predictionPanes = try PaneCounts(serialized: try reader.readBytes())
            if format >= 5 { open?.outcomes = try OutcomeSample(serialized: try reader.readBytes()) }
        }
        for (pane, bytes) in try reader.readPanes() { labelled[pane] = try LabelledPredictions(serialized: bytes) }
    }
}

extension OpenDriftPane {
    /// `nil` where nothing is estimated, or nothing was said.
    func predictions(task: ModelTask) -> PanePredictions? {
        switch task {
        case .binary: scores.count + scores.invalidScores > 0 ? .binary(scores) : nil
        case .multiclass: sample.isEmpty ? nil : .multiclass(sample)
        case .regression:
            PaneRows(&predictedRows, capacity: predictedCapacity).flatMap {
                predicted > 0 ? .regression(PredictedRows(count: predicted, sample: $0)) : nil
            }
        }
    }

    fileprivate func take(_ predictions: PanePredictions) {
        switch predictions {
        case .binary(let summary): scores = summary
        case .multiclass(let rows): sample = rows
        case .regression(let said):
            predicted = said.count
            for row in said.sample.rows { predictedRows.offer(row.identifier, row.prediction) }
        }
    }
}

extension BinaryReader {
    fileprivate mutating func readPanes() throws -> [(pane: Int64, bytes: [UInt8])] {
        try readArray { (pane: try $0.read(), bytes: try $0.readBytes()) }
    }
}
