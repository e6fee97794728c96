import Alerting
import Dispatch
import Events
import Registry
import Retraining
import Statistics
import Windowing

/// What the agent needs of the world around it.
struct AgentPorts {
    /// Takes what is published; `nil` where nothing is.
    var sink: (any RecordSink)?
    var deadLetters: DeadLetterQueue?
    /// Microseconds since 1970 UTC; for checkpoints, deliveries and idle streams, never for event time.
    var wallClockMicroseconds: @Sendable () -> Int64 = WallClock.microseconds
    /// Called before each file of a checkpoint with its length; what it throws is taken for an error of the disk.
    var willWrite: @Sendable (Int) throws -> Void = { _ in }
    /// Writes checkpoints.
    var checkpointWriter: CheckpointWriting = { $0() }
    /// Where streams without a checkpoint are read again; `nil`: from where the configuration says.
    var rewind: Rewinding?
    /// Reads training rows from the log; `nil` where there is none.
    var rowsOfLog: RowReading?
    /// Waits for another of the agent's threads.
    var wait: @Sendable (DispatchSemaphore) -> Void = { $0.wait() }
}

/// What reads and counts: the consumer's loop, the workers, and the loop that takes their panes.
struct ReadingParts: Sendable {
    let consumerLoop: ConsumerLoop
    let workers: [Worker]
    let coordinatorLoop: CoordinatorLoop

    /// - Parameters:
    ///   - catalog: the references that the workers count on.
    ///   - positions: where followed files go on.
    init(
        configuration: AgentConfiguration, brokers: String?, catalog: ReferenceCatalog, checkpoint: any StateKeeper,
        positions: FilePositions, coordinatorLoop: CoordinatorLoop, status: AgentStatus, ports: AgentPorts,
        observer: @escaping AgentObserver
    ) {
        let mailbox = coordinatorLoop.mailbox
        let settings = Worker.Settings(
            models: configuration.models.map { $0.windowing(limits: configuration.limits) }, catalog: catalog,
            limits: configuration.sources.eventLimits(configuration.limits),
            allowedLatenessMicroseconds: configuration.sources.allowedLateness,
            sharesOneTopic: configuration.sources.streams.count == 1, overload: configuration.sources.overload,
            wallClockMicroseconds: ports.wallClockMicroseconds)
        let workers = (0..<configuration.agent.workers).map { number in
            Worker(number: number, settings: settings, coordinator: mailbox, deadLetters: ports.deadLetters)
        }
        let consumerLoop = ConsumerLoop(
            settings: .init(configuration, brokers: brokers, ports: ports, positions: positions), workers: workers,
            coordinator: mailbox, checkpoint: checkpoint,
            progress: {
                AgentProgress(records: status.handledRecords, counters: coordinatorLoop.totalCounters)
            },
            observer: observer)
        // Weakly: the consumer's loop asks the coordinator's for its progress, and files stay open as long as either lives.
        coordinatorLoop.connect(workers: workers) { [weak consumerLoop] in consumerLoop?.requestCommit($0) }
        self.consumerLoop = consumerLoop
        self.workers = workers
        self.coordinatorLoop = coordinatorLoop
    }
}

/// What does what was decided, apart from the coordinator's thread.
struct ActingParts: Sendable {
    let trainer: Trainer
    let housekeeper: Housekeeper
    let outbox: Outbox
    let endpoints: [WebhookEndpoint]
}

/// What decides about models, and acts.
struct DecisionParts {
    let stage: DecisionStage
    let acting: ActingParts

    /// - Parameters:
    ///   - catalog: empty; afterwards the references in force.
    ///   - saved: the coordinator's part of a checkpoint.
    ///   - mailbox: of the loop that the stage will belong to.
    /// - Throws: what is wrong with the configuration, the state or a reference file.
    init(
        configuration: AgentConfiguration, state: StateDirectory, catalog: ReferenceCatalog, saved: [UInt8]?,
        mailbox: Mailbox<CoordinatorMessage>, status: AgentStatus, ports: AgentPorts,
        observer: @escaping AgentObserver
    ) throws {
        let files = try ReferenceFile.load(of: configuration, into: catalog)
        for (model, file) in files {
            try state.registry.offerAnchor(
                model: model, version: "", profile: try LiveEffects.encoded(file.encoder.profile))
        }
        try catalog.loadVersions(of: configuration, from: state.registry)
        let isPublishing = configuration.publish.isEnabled && ports.sink != nil
        let scorer = ShadowScorer(registry: state.registry)
        let coordinator = Coordinator(
            configuration: configuration, catalog: catalog, files: files, scorer: scorer.score)
        if let saved {
            for text in try coordinator.restore(from: saved) { observer(.problem(text)) }
        }
        let trainer = Trainer(
            registry: state.registry,
            settings: Dictionary(
                uniqueKeysWithValues: configuration.models.map { ($0.name, $0.retrainingSettings) }),
            coordinator: mailbox,
            rowsOfLog: Dictionary(
                uniqueKeysWithValues: configuration.models.filter { $0.retraining.source == .log }.compactMap { model in
                    ports.rowsOfLog.map { (model.name, $0) }
                }))
        let outbox = state.outbox(configuration)
        let housekeeper = Housekeeper(
            settings: .init(
                topics: PublicationTopics(
                    events: configuration.publish.eventsTopic, models: configuration.publish.modelsTopic),
                controlTopic: configuration.replicas.controlTopic,
                isPublishing: isPublishing, wallClockMicroseconds: ports.wallClockMicroseconds),
            registry: state.registry, outbox: outbox, sink: ports.sink, coordinator: mailbox, status: status,
            observer: observer)
        let endpoints = try configuration.alerting.endpoints()
        let effects = LiveEffects(
            parts: .init(
                registry: state.registry, outbox: outbox, history: state.history, trainer: trainer,
                housekeeper: housekeeper, status: status, deadLetters: ports.deadLetters,
                endpoints: endpoints.map(\.name)
                    + (isPublishing ? [Housekeeper.kafkaEndpoint] : []),
                promoting: Set(configuration.models.filter { $0.retraining.promote == .automatic }.map(\.name)),
                wallClockMicroseconds: ports.wallClockMicroseconds),
            observer: observer)
        stage = DecisionStage(coordinator: coordinator, effects: effects)
        acting = ActingParts(trainer: trainer, housekeeper: housekeeper, outbox: outbox, endpoints: endpoints)
    }
}

/// The parts of an agent that does everything itself, put together and not started. Only bounded mailboxes lie between
/// them: whoever holds the parts runs each on a thread of its own, or one step after the other.
struct AgentParts {
    let reading: ReadingParts
    let decisions: DecisionParts

    /// - Throws: what is wrong with the configuration, the state or a reference file.
    init(
        configuration: AgentConfiguration, brokers: String?, state: StateDirectory, status: AgentStatus,
        ports: AgentPorts, observer: @escaping AgentObserver
    ) throws {
        let catalog = ReferenceCatalog()
        let checkpoint = try CheckpointKeeper(path: state.checkpointPath, willWrite: ports.willWrite)
        for problem in checkpoint.damage { observer(.problem(problem)) }
        let mailbox = Mailbox<CoordinatorMessage>(capacity: 1_024)
        decisions = try DecisionParts(
            configuration: configuration, state: state, catalog: catalog, saved: checkpoint.coordinatorState,
            mailbox: mailbox, status: status, ports: ports, observer: observer)
        let coordinatorLoop = CoordinatorLoop(
            settings: .init(
                checkpointIntervalMicroseconds: configuration.agent.checkpointInterval,
                wallClockMicroseconds: ports.wallClockMicroseconds, writer: ports.checkpointWriter),
            mailbox: mailbox, stage: decisions.stage, checkpoint: checkpoint, status: status, observer: observer)
        reading = ReadingParts(
            configuration: configuration, brokers: brokers, catalog: catalog, checkpoint: checkpoint,
            positions: checkpoint.positions, coordinatorLoop: coordinatorLoop, status: status, ports: ports,
            observer: observer)
    }
}
