public import Events
import Registry
import Retraining
public import Windowing

/// The agent's pipeline on recorded events: one partition, no threads, event time only. Nothing is trained or
/// published; what the policy would have done is reported.
public final class Replay {
    let pipeline: PartitionPipeline
    let coordinator: Coordinator
    private var time: StreamTime

    /// - Throws: what is wrong with a reference file that the configuration names.
    public init(configuration: AgentConfiguration) throws {
        time = StreamTime(maximumLead: configuration.sources.maximumAge)
        let catalog = ReferenceCatalog()
        let files = try ReferenceFile.load(of: configuration, into: catalog)
        coordinator = Coordinator(configuration: configuration, catalog: catalog, files: files) { model, version, _ in
            throw RegistryError(.noArtifact, "a replay has no registry to load \(model) v\(version) from")
        }
        pipeline = PartitionPipeline(
            partition: 0, models: configuration.models.map { $0.windowing(limits: configuration.limits) },
            catalog: catalog, limits: configuration.sources.eventLimits(configuration.limits),
            allowedLatenessMicroseconds: configuration.sources.allowedLateness, sharesOneTopic: true)
    }

    /// Event time so far, microseconds since 1970 UTC: for an observer the boundary between panes at which it was decided.
    public private(set) var nowMicroseconds: Int64 = .min
    /// What was seen and left out.
    public var counters: PipelineCounters { pipeline.counters }

    /// Takes all events of a source; call it for one source after the other.
    public func run(_ source: inout some EventSource, observer: (AgentEvent) -> Void) throws {
        var following = try source.next(maximum: StreamTime.lookAhead)
        while !following.isEmpty {
            var messages = following
            following = try source.next(maximum: StreamTime.lookAhead)
            time.settle(&messages, following: following)
            for message in messages {
                offset += 1
                message.value.withUnsafeBytes { bytes in
                    _ = pipeline.process(
                        bytes, from: .predictions, offset: offset, recordMicroseconds: message.timestampMicroseconds)
                }
            }
            pipeline.refreshReferences()
            report(pipeline.closePanes(), to: observer)
        }
    }

    /// Closes what is still open.
    public func finish(observer: (AgentEvent) -> Void) {
        report(pipeline.closeEverything(), to: observer)
        nowMicroseconds = coordinator.nowMicroseconds
    }

    /// Counts over all sources, so that a second file is not taken for a repetition of the first.
    private var offset: Int64 = -1

    private func report(_ output: PartitionOutput, to observer: (AgentEvent) -> Void) {
        coordinator.accept(output) { actions in
            nowMicroseconds = coordinator.decidedMicroseconds
            for action in actions { report(action, to: observer) }
        }
    }

    private func report(_ action: CoordinatorAction, to observer: (AgentEvent) -> Void) {
        switch action {
        case .referenceLearned(let key, let events, let end):
            observer(.referenceLearned(key, events: events, endMicroseconds: end))
        case .windowJudged(let window): observer(.windowJudged(window))
        case .alert(let transition): observer(.alert(transition, delivery: .nobodyConfigured))
        case .train(let request):
            observer(
                .retrainingDue(
                    model: request.model, trigger: request.trigger.description, rows: request.rows.count,
                    atMicroseconds: request.atMicroseconds))
            coordinator.finishTraining(of: request.model, atMicroseconds: request.atMicroseconds)
        case .rollBack(let model, let version, let reason):
            observer(.problem("\(model) v\(version) would be rolled back: \(reason)"))
        case .probationPassed(let model, let version, let text):
            observer(.probationPassed(model: model, version: version, text: text))
        case .problem(let text): observer(.problem(text))
        }
    }
}
