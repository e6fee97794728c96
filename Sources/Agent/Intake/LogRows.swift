import Events
import KafkaClient
import Registry
import Retraining
import Windowing

/// Training rows as the log has them: the stretches that a request names are read again, decoded and joined as they were
/// the first time, and the same rows are chosen of them.
struct LogRows: Sendable {
    let configuration: AgentConfiguration
    let brokers: String

    /// - Throws: `KafkaError`; `RegistryError` where the log no longer holds what is wanted.
    func rows(of request: TrainingRequest) throws -> [LabelledRow] {
        guard let model = configuration.models.first(where: { $0.name == request.model }),
            let oldest = request.rows.first?.predictionMicroseconds
        else { return [] }
        let history = try TopicHistory(
            configuration: configuration, brokers: brokers,
            stretches: Dictionary(
                request.stretches.map {
                    (TopicPartition(topic: $0.topic, partition: $0.partition), $0.from..<$0.to)
                }
            ) { first, _ in first })
        var pipelines: [Int32: PartitionPipeline] = [:]
        for partition in history.partitions { pipelines[partition] = pipeline(partition, of: model) }
        var buffer = TrainingBuffer(
            maximumRows: model.retraining.maximumRows, windowMicroseconds: model.retraining.trainingWindow)
        func keep(_ output: PartitionOutput) {
            for pane in output.performancePanes {
                buffer.append(
                    pane.rows.filter {
                        $0.predictionMicroseconds >= oldest && $0.joinedMicroseconds < request.atMicroseconds
                    })
            }
        }
        while case let messages = try history.next(maximum: 2_000), !messages.isEmpty {
            for message in messages {
                message.value.withUnsafeBytes { bytes in
                    _ = pipelines[message.partition]?.process(
                        message.isTombstone ? nil : bytes,
                        from: StreamRole(rawValue: message.source) ?? .predictions, offset: message.offset,
                        recordMicroseconds: message.timestampMicroseconds)
                }
            }
            for partition in Set(messages.map(\.partition)).sorted() {
                if let output = pipelines[partition]?.closePanes() { keep(output) }
            }
        }
        for partition in pipelines.keys.sorted() {
            if let output = pipelines[partition]?.closeEverything() { keep(output) }
        }
        guard history.removedOffsets == 0, buffer.rows.count >= request.rows.count else {
            throw RegistryError(
                .noRows,
                "the log holds \(buffer.rows.count) of \(request.rows.count) rows, and \(history.removedOffsets) records that "
                    + "they lay among are gone; keep the topics for longer than retraining.training_window and max_label_delay "
                    + "together, or set retraining.source to buffer")
        }
        return buffer.rows
    }

    private func pipeline(_ partition: Int32, of model: ModelConfiguration) -> PartitionPipeline {
        var settings = configuration.models.map { $0.windowing(limits: configuration.limits) }
        // Nothing is learned or sampled here but the rows of this model.
        for index in settings.indices {
            settings[index].learnedRows = 0
            settings[index].sampledRows = 0
            if settings[index].name != model.name { settings[index].joinsOutcomes = false }
        }
        return PartitionPipeline(
            partition: partition, models: settings, catalog: ReferenceCatalog(),
            limits: configuration.sources.eventLimits(configuration.limits),
            allowedLatenessMicroseconds: configuration.sources.allowedLateness,
            sharesOneTopic: configuration.sources.streams.count == 1)
    }
}
