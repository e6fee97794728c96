import Alerting
import Events
import Foundation
public import KafkaClient
import Registry
import Retraining
import Statistics
import Storage
public import Windowing

/// The running agent: its parts put together, its threads started and stopped.
///
/// Threads: one consumer, some workers, one coordinator, one trainer, one housekeeper; webhooks are delivered by a task.
/// Only bounded mailboxes lie between them.
public final class LiveAgent: Sendable {
    /// How far the agent has come.
    public let status = AgentStatus()
    private let consumerLoop: ConsumerLoop
    private let workers: [Worker]
    private let coordinatorLoop: CoordinatorLoop
    private let trainer: Trainer
    private let housekeeper: Housekeeper
    private let notifier: WebhookNotifier
    private let producer: KafkaProducer
    private let observer: AgentObserver

    /// - Parameters:
    ///   - state: the open state directory.
    ///   - observer: told of everything that happens, on the agent's threads.
    /// - Throws: what is wrong with the configuration, the state or a reference file.
    public init(
        configuration: AgentConfiguration, brokers: String, state: StateDirectory, observer: @escaping AgentObserver
    ) throws {
        self.observer = observer
        FetchMemory.returnEarly()
        let catalog = ReferenceCatalog()
        let files = try ReferenceFile.load(of: configuration, into: catalog)
        for (model, file) in files {
            try state.registry.offerAnchor(
                model: model, version: "", profile: try LiveEffects.encoded(file.encoder.profile))
        }
        try catalog.loadVersions(of: configuration, from: state.registry)
        let checkpoint = try CheckpointKeeper(path: state.checkpointPath)
        for problem in checkpoint.damage { observer(.problem(problem)) }
        let scorer = ShadowScorer(registry: state.registry)
        let coordinator = Coordinator(
            configuration: configuration, catalog: catalog, files: files, scorer: scorer.score)
        if let saved = checkpoint.coordinatorState { try coordinator.restore(from: saved) }

        let producer = try KafkaProducer(
            settings: ProducerSettings(
                bootstrapServers: brokers, properties: configuration.kafka.producerProperties))
        self.producer = producer
        let mailbox = Mailbox<CoordinatorMessage>(capacity: 1_024)
        let trainer = Trainer(
            registry: state.registry,
            settings: Dictionary(
                uniqueKeysWithValues: configuration.models.map { ($0.name, $0.retrainingSettings) }),
            coordinator: mailbox)
        self.trainer = trainer
        let outbox = state.outbox(configuration)
        let status = status
        let housekeeper = Housekeeper(
            settings: .init(
                topics: PublicationTopics(
                    events: configuration.publish.eventsTopic, models: configuration.publish.modelsTopic),
                isPublishing: configuration.publish.isEnabled),
            registry: state.registry, outbox: outbox, sink: KafkaSink(producer: producer), coordinator: mailbox,
            status: status, observer: observer)
        self.housekeeper = housekeeper
        let endpoints = try configuration.alerting.endpoints()
        notifier = WebhookNotifier(endpoints: endpoints, outbox: outbox, seed: UInt64.random(in: 0 ... .max))
        let deadLetters = configuration.sources.deadLetterTopic.map { DeadLetterQueue(producer: producer, topic: $0) }
        let effects = LiveEffects(
            parts: .init(
                registry: state.registry, outbox: outbox, history: state.history, trainer: trainer,
                housekeeper: housekeeper, status: status, deadLetters: deadLetters,
                endpoints: endpoints.map(\.name)
                    + (configuration.publish.isEnabled ? [Housekeeper.kafkaEndpoint] : []),
                promoting: Set(configuration.models.filter { $0.retraining.promote == .automatic }.map(\.name)),
                wallClockMicroseconds: WallClock.microseconds),
            observer: observer)
        coordinatorLoop = CoordinatorLoop(
            settings: .init(checkpointIntervalSeconds: Double(configuration.agent.checkpointInterval) / 1_000_000),
            mailbox: mailbox, coordinator: coordinator, effects: effects, checkpoint: checkpoint, status: status,
            observer: observer)
        let workerSettings = Worker.Settings(
            models: configuration.models.map { $0.windowing(limits: configuration.limits) }, catalog: catalog,
            limits: configuration.sources.eventLimits(configuration.limits),
            allowedLatenessMicroseconds: configuration.sources.allowedLateness,
            sharesOneTopic: configuration.sources.topics.count == 1)
        let workers = (0..<configuration.agent.workers).map { number in
            Worker(number: number, settings: workerSettings, coordinator: mailbox, deadLetters: deadLetters)
        }
        self.workers = workers
        let consumerLoop = ConsumerLoop(
            settings: .init(configuration, brokers: brokers), workers: workers, coordinator: mailbox,
            checkpoint: checkpoint,
            progress: { [status, coordinatorLoop] in
                AgentProgress(records: status.handledRecords, counters: coordinatorLoop.totalCounters)
            },
            observer: observer)
        self.consumerLoop = consumerLoop
        coordinatorLoop.connect(workers: workers) { consumerLoop.requestCommit($0) }
    }

    /// Runs until ``stop()``; throws what made it impossible to go on. The last checkpoint is written before it returns.
    public func run() throws {
        let working = workers.map { worker in thread("worker") { worker.run() } }
        let coordinating = thread("coordinator") { [coordinatorLoop] in coordinatorLoop.run() }
        let training = thread("trainer") { [trainer] in trainer.run() }
        let housekeeping = thread("housekeeper") { [housekeeper] in housekeeper.run() }
        let delivering = Task.detached { [notifier, observer] in await Self.deliver(notifier, observer: observer) }
        let result = Result { try consumerLoop.run() }
        for worker in workers { worker.mailbox.close() }
        for worker in working { worker.wait() }
        trainer.stop()
        training.wait()
        coordinatorLoop.mailbox.close()
        coordinating.wait()
        housekeeper.stop()
        delivering.cancel()
        // A broker that is away must not hold up the end; what was not published stays in the ledger and the outbox.
        if housekeeping.wait(timeout: .now() + 3) == .timedOut {
            producer.close(timeoutMilliseconds: 0)
            housekeeping.wait()
        }
        producer.close(timeoutMilliseconds: 3_000)
        if case .failure(let error) = result {
            status.stop(with: error)
            throw error
        }
        status.stop(with: nil)
    }

    /// Ends ``run()``. From any thread.
    public func stop() {
        consumerLoop.stop()
    }

    /// What all partitions have seen and left out.
    public var counters: PipelineCounters { coordinatorLoop.totalCounters }

    /// The prefetch queue's size, lag and rates, as librdkafka last reported them.
    public var consumerStatistics: ConsumerStatistics { consumerLoop.statistics }

    private func thread(_ name: String, _ body: @escaping @Sendable () -> Void) -> DispatchSemaphore {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            done.signal()
        }
        thread.name = "tidewatch-\(name)"
        thread.start()
        return done
    }

    /// Delivers webhooks until cancelled. A slow receiver holds up only itself: each tick is a task of its own.
    private static func deliver(_ notifier: WebhookNotifier, observer: @escaping AgentObserver) async {
        guard !notifier.endpoints.isEmpty else { return }
        // Discarding: an ordinary group would keep every tick's result until the agent stops.
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                group.addTask {
                    let report = await notifier.tick(nowMicroseconds: WallClock.microseconds())
                    for attempt in report.attempts {
                        guard case .delivered = attempt.outcome else { continue }
                        observer(.alertSent(messageID: attempt.messageID, destination: attempt.endpoint))
                    }
                    for line in report.problems { observer(.problem(line)) }
                }
                do {
                    try await Task.sleep(for: .milliseconds(500))
                } catch {
                    break
                }
            }
        }
    }
}

/// The wall clock, for what happens in the world: deliveries and their retries. Never for event time.
enum WallClock {
    @Sendable static func microseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
}
