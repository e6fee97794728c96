import Alerting
import Foundation
public import KafkaClient
public import Windowing

/// The running agent: its parts put together, its threads started and stopped.
///
/// Threads: one consumer, some workers, one coordinator, one trainer, one housekeeper; webhooks are delivered by a task.
/// Only bounded mailboxes lie between them.
public final class LiveAgent: Sendable {
    /// How far the agent has come.
    public let status = AgentStatus()
    private let parts: AgentParts
    private let notifier: WebhookNotifier
    private let producer: KafkaProducer?
    private let observer: AgentObserver

    /// - Parameters:
    ///   - brokers: to read from and to publish to; `nil` where the sources are files and nothing is published.
    ///   - state: the open state directory.
    ///   - observer: told of everything that happens, on the agent's threads.
    /// - Throws: what is wrong with the configuration, the state or a reference file.
    public init(
        configuration: AgentConfiguration, brokers: String?, state: StateDirectory, observer: @escaping AgentObserver
    ) throws {
        self.observer = observer
        FetchMemory.returnEarly()
        let producer = try brokers.map { brokers in
            try KafkaProducer(
                settings: ProducerSettings(
                    bootstrapServers: brokers, properties: configuration.kafka.producerProperties))
        }
        self.producer = producer
        parts = try AgentParts(
            configuration: configuration, brokers: brokers, state: state, status: status,
            ports: AgentPorts(
                sink: producer.map { KafkaSink(producer: $0) },
                deadLetters: producer.flatMap { producer in
                    configuration.sources.deadLetterTopic.map { DeadLetterQueue(producer: producer, topic: $0) }
                }),
            observer: observer)
        notifier = WebhookNotifier(
            endpoints: parts.endpoints, outbox: parts.outbox, seed: UInt64.random(in: 0 ... .max))
    }

    /// Runs until ``stop()``; throws what made it impossible to go on. The last checkpoint is written before it returns.
    public func run() throws {
        let working = parts.workers.map { worker in thread("worker") { worker.run() } }
        let coordinating = thread("coordinator") { [parts] in parts.coordinatorLoop.run() }
        let training = thread("trainer") { [parts] in parts.trainer.run() }
        let housekeeping = thread("housekeeper") { [parts] in parts.housekeeper.run() }
        let delivering = Task.detached { [notifier, observer] in await Self.deliver(notifier, observer: observer) }
        let result = Result { try parts.consumerLoop.run() }
        for worker in parts.workers { worker.mailbox.close() }
        for worker in working { worker.wait() }
        parts.trainer.stop()
        training.wait()
        parts.coordinatorLoop.mailbox.close()
        coordinating.wait()
        parts.housekeeper.stop()
        delivering.cancel()
        // A broker that is away must not hold up the end; what was not published stays in the ledger and the outbox.
        if housekeeping.wait(timeout: .now() + 3) == .timedOut {
            producer?.close(timeoutMilliseconds: 0)
            housekeeping.wait()
        }
        producer?.close(timeoutMilliseconds: 3_000)
        if case .failure(let error) = result {
            status.stop(with: error)
            throw error
        }
        status.stop(with: nil)
    }

    /// Ends ``run()``. From any thread.
    public func stop() {
        parts.consumerLoop.stop()
    }

    /// What all partitions have seen and left out.
    public var counters: PipelineCounters { parts.coordinatorLoop.totalCounters }

    /// The prefetch queue's size, lag and rates, as librdkafka last reported them.
    public var consumerStatistics: ConsumerStatistics { parts.consumerLoop.statistics }

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
