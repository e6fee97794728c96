public import Events
import Registry
import Retraining
public import Windowing

/// The agent's pipeline on recorded events: no threads, event time only. Nothing is trained or published; what the
/// policy would have done is reported. Versions that were promoted and references that were learned while the events were
/// live are in force from where they were, as far as a ledger or a control topic tells.
///
/// Files are one partition with a time of their own; a topic's history has the partitions and the
/// record times that it has for a running agent, and its windows are that agent's.
public final class Replay {
    /// Event time so far, microseconds since 1970 UTC: for an observer the boundary between panes at which it was decided.
    public private(set) var nowMicroseconds: Int64 = .min

    private let configuration: AgentConfiguration
    private let interval: Range<Int64>?
    private let catalog = ReferenceCatalog()
    let coordinator: Coordinator
    private var pipelines: [Int32: PartitionPipeline] = [:]
    private var time: StreamTime
    /// Counts over all files, so that a second one is not taken for a repetition of the first.
    private var offset: Int64 = -1
    /// What was in force from the beginning, to be said with the first event.
    private var waiting: [CoordinatorAction] = []

    /// - Parameter interval: event time, microseconds since 1970 UTC; events outside it are left out.
    /// - Throws: what is wrong with a reference file that the configuration names.
    public convenience init(configuration: AgentConfiguration, interval: Range<Int64>? = nil) throws {
        try self.init(configuration: configuration, interval: interval, commands: CommandHistory())
    }

    /// - Parameters:
    ///   - commands: what was in force when.
    ///   - scorer: scores in shadow; `nil`: nobody does.
    init(
        configuration: AgentConfiguration, interval: Range<Int64>?, commands: CommandHistory,
        scorer: Coordinator.ShadowScoring? = nil
    ) throws {
        self.configuration = configuration
        self.interval = interval
        time = StreamTime(maximumLead: configuration.sources.maximumAge)
        let files = try ReferenceFile.load(of: configuration, into: catalog)
        coordinator = Coordinator(
            configuration: configuration, catalog: catalog, files: files,
            scorer: scorer ?? { model, version, _ in
                throw RegistryError(.noArtifact, "a replay without a registry cannot load \(model) v\(version)")
            })
        waiting = coordinator.schedule(commands)
    }

    /// What was seen and left out.
    public var counters: PipelineCounters {
        pipelines.values.reduce(into: PipelineCounters()) { $0.add($1.counters) }
    }

    /// Events that lay outside the interval.
    public var eventsOutsideInterval: Int64 { pipelines.values.reduce(0) { $0 + $1.eventsOutsideInterval } }

    /// Takes all events of a file, or of another source without a clock beside its events; call it for one after the
    /// other.
    public func run(_ source: inout some EventSource, observer: (AgentEvent) -> Void) throws {
        let pipeline = pipeline(of: 0, sharesOneTopic: true)
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
        for partition in pipelines.keys.sorted() {
            guard let pipeline = pipelines[partition] else { continue }
            pipeline.refreshReferences()
            report(pipeline.closeEverything(), to: observer)
        }
        nowMicroseconds = coordinator.nowMicroseconds
    }

    /// Tells the coordinator of partitions whose windows have to wait for each other.
    func expect(_ partitions: [Int32]) { coordinator.expect(partitions) }

    /// The pipeline of a partition, made at first use.
    func pipeline(of partition: Int32, sharesOneTopic: Bool) -> PartitionPipeline {
        if let known = pipelines[partition] { return known }
        let pipeline = PartitionPipeline(
            partition: partition, models: configuration.models.map { $0.windowing(limits: configuration.limits) },
            catalog: catalog, limits: configuration.sources.eventLimits(configuration.limits),
            allowedLatenessMicroseconds: configuration.sources.allowedLateness, sharesOneTopic: sharesOneTopic)
        pipeline.interval = interval
        pipelines[partition] = pipeline
        return pipeline
    }

    /// Lets the coordinator judge what a partition has closed, and says what the policy would have done.
    func report(_ output: PartitionOutput, to observer: (AgentEvent) -> Void) {
        for action in waiting { report(action, to: observer) }
        waiting = []
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
        case .commandTaken(let model, let command): observer(.taken(command, of: model))
        case .rollBack(let model, let version, let reason):
            // What followed is known.
            guard coordinator.models[model]?.upcoming.isEmpty == true else { return }
            observer(.problem("\(model) v\(version) would be rolled back: \(reason)"))
        case .probationPassed(let model, let version, let text):
            observer(.probationPassed(model: model, version: version, text: text))
        case .problem(let text): observer(.problem(text))
        }
    }
}
