import Dispatch
import Foundation
public import KafkaClient
public import Windowing

/// The running agent: its parts put together, its threads started and stopped.
///
/// Threads: one consumer, some workers, one coordinator, one trainer, one housekeeper; webhooks are delivered by a task.
/// Only bounded mailboxes lie between them. A replica has a coordinator, a trainer and a housekeeper for each partition of
/// the panes topic that it evaluates.
public final class LiveAgent: Sendable {
    /// How far the agent has come.
    public let status: AgentStatus
    private let reading: ReadingParts
    private let decisions: Decisions
    private let producer: KafkaProducer?
    private let observer: AgentObserver

    /// Where panes are decided on.
    private enum Decisions: Sendable {
        /// In this process, all of them.
        case here(ActingParts)
        /// By whichever replica is given the model.
        case replicated(ReplicaParts)
    }

    /// An agent that does everything itself.
    ///
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
        let producer = try brokers.map { try Self.producer(configuration, brokers: $0) }
        let status = AgentStatus()
        let parts = try AgentParts(
            configuration: configuration, brokers: brokers, state: state, status: status,
            ports: Self.ports(configuration, brokers: brokers, producer: producer), observer: observer)
        self.producer = producer
        self.status = status
        reading = parts.reading
        decisions = .here(parts.decisions.acting)
    }

    /// One of several agents that share the work (`docs/replicas.md`); its state is in the configuration's state directory,
    /// which they may share.
    ///
    /// - Throws: what is wrong with the configuration, the topics, the state or a reference file.
    public init(
        replicaOf configuration: AgentConfiguration, brokers: String, observer: @escaping AgentObserver
    ) throws {
        self.observer = observer
        FetchMemory.returnEarly()
        let producer = try Self.producer(configuration, brokers: brokers)
        let status = AgentStatus()
        let parts = try ReplicaParts(
            configuration: configuration, brokers: brokers, producer: producer, status: status,
            ports: Self.ports(configuration, brokers: brokers, producer: producer), observer: observer)
        self.producer = producer
        self.status = status
        reading = parts.reading
        decisions = .replicated(parts)
    }

    private static func producer(_ configuration: AgentConfiguration, brokers: String) throws -> KafkaProducer {
        try KafkaProducer(
            settings: ProducerSettings(
                bootstrapServers: brokers, properties: configuration.kafka.producerProperties))
    }

    private static func ports(
        _ configuration: AgentConfiguration, brokers: String?, producer: KafkaProducer?
    ) -> AgentPorts {
        AgentPorts(
            sink: producer.map { KafkaSink(producer: $0) },
            deadLetters: producer.flatMap { producer in
                configuration.sources.deadLetterTopic.map { DeadLetterQueue(producer: producer, topic: $0) }
            },
            checkpointWriter: { [queue = DispatchQueue(label: "tidewatch.checkpoints", qos: .utility)] in
                queue.async(execute: $0)
            },
            rewind: brokers.map(configuration.rewinding),
            rowsOfLog: brokers.map { LogRows(configuration: configuration, brokers: $0).rows })
    }

    /// Runs until ``stop()``; throws what made it impossible to go on. The last checkpoint is written before it returns.
    public func run() throws {
        let working = reading.workers.map { worker in AgentThread.start("worker") { worker.run() } }
        let coordinating = AgentThread.start("coordinator") { [reading] in reading.coordinatorLoop.run() }
        let result: Result<Void, any Error>
        let endDecisions: () -> Void
        switch decisions {
        case .here(let parts):
            let running = RunningActions(parts, observer: observer)
            result = Result { try reading.consumerLoop.run() }
            endWorkers(working)
            running.stopTraining()
            endDecisions = { [producer] in running.stop { producer?.close(timeoutMilliseconds: 0) } }
        case .replicated(let parts):
            let running = parts.start { [reading] in reading.consumerLoop.stop(failing: $0) }
            result = Result { try reading.consumerLoop.run() }
            endWorkers(working)
            endDecisions = { running.stop() }
        }
        reading.coordinatorLoop.mailbox.close()
        coordinating.wait()
        endDecisions()
        producer?.close(timeoutMilliseconds: 3_000)
        if case .failure(let error) = result {
            status.stop(with: error)
            throw error
        }
        status.stop(with: nil)
    }

    private func endWorkers(_ working: [DispatchSemaphore]) {
        for worker in reading.workers { worker.mailbox.close() }
        for worker in working { worker.wait() }
    }

    /// Ends ``run()``. From any thread.
    public func stop() {
        reading.consumerLoop.stop()
    }

    /// What all partitions have seen and left out.
    public var counters: PipelineCounters { reading.coordinatorLoop.totalCounters }

    /// The prefetch queue's size, lag and rates, as librdkafka last reported them.
    public var consumerStatistics: ConsumerStatistics { reading.consumerLoop.statistics }
}

/// The wall clock, for what happens in the world: deliveries and their retries. Never for event time.
enum WallClock {
    @Sendable static func microseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
}
