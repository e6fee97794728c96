import Dispatch
import Foundation
import KafkaClient
import Windowing

/// The parts of an agent that shares its work with others: it reads some of the source partitions and publishes their
/// panes, and decides about the models whose panes it is given.
struct ReplicaParts: Sendable {
    let reading: ReadingParts
    private let host: EvaluatorHost
    private let follower: ReferenceFollower

    /// - Throws: what is wrong with the configuration, the topics, the state or a reference file.
    init(
        configuration: AgentConfiguration, brokers: String, producer: KafkaProducer, status: AgentStatus,
        ports: AgentPorts, observer: @escaping AgentObserver
    ) throws {
        try Self.prepareTopics(configuration, brokers: brokers, producer: producer)
        let catalog = ReferenceCatalog()
        _ = try ReferenceFile.load(of: configuration, into: catalog)
        follower = try ReferenceFollower(
            configuration: configuration, brokers: brokers, catalog: catalog, observer: observer)
        try follower.catchUp()

        let files = try PartitionFiles(
            folder: configuration.agent.stateDirectory + "/partitions",
            wallClockMicroseconds: ports.wallClockMicroseconds, willWrite: ports.willWrite, observer: observer)
        let failing = FailureRelay()
        let loop = CoordinatorLoop(
            settings: .init(
                checkpointIntervalMicroseconds: configuration.agent.checkpointInterval,
                wallClockMicroseconds: ports.wallClockMicroseconds, writer: ports.checkpointWriter),
            mailbox: Mailbox<CoordinatorMessage>(capacity: 1_024),
            stage: PanePublisher(
                settings: .init(
                    evaluators: configuration.replicas.evaluators, wallClockMicroseconds: ports.wallClockMicroseconds),
                deadLetters: ports.deadLetters,
                outlet: try KafkaPaneOutlet(configuration: configuration, brokers: brokers),
                onFailure: failing.report),
            checkpoint: files, status: status, observer: observer)
        reading = ReadingParts(
            configuration: configuration, brokers: brokers, catalog: catalog, checkpoint: files,
            positions: try FilePositions(saved: nil), coordinatorLoop: loop, status: status, ports: ports,
            observer: observer)
        failing.connect(reading.consumerLoop)

        let consumer = ConsumerSettings(
            bootstrapServers: brokers, groupID: configuration.kafka.group + ".evaluators",
            instanceID: configuration.kafka.instanceID, topics: [configuration.replicas.panesTopic],
            properties: configuration.kafka.consumerProperties)
        let predictions = configuration.sources.predictionsTopic
        host = EvaluatorHost(
            settings: .init(
                configuration: configuration,
                sourcePartitions: { try producer.partitions(of: predictions).map(\.partition) },
                open: { try KafkaIntake(settings: consumer, owner: $0) },
                makeEvaluator: { number, configuration in
                    try Evaluator(
                        number: number, configuration: configuration,
                        announcer: ReferenceAnnouncer { key, value in
                            try producer.sendAndWait(
                                topic: configuration.replicas.controlTopic, key: key, value: value)
                        },
                        ports: ports, observer: observer)
                },
                wallClockMicroseconds: ports.wallClockMicroseconds),
            observer: observer)
    }

    /// Makes the topics where they are missing and the brokers let it, and sees that there are as many evaluators as
    /// everybody believes.
    private static func prepareTopics(
        _ configuration: AgentConfiguration, brokers: String, producer: KafkaProducer
    ) throws {
        let replicas = configuration.replicas
        // A consumer's question creates nothing, unlike a producer's.
        let consumer = try KafkaConsumer(
            withoutGroup: ConsumerSettings(
                bootstrapServers: brokers, groupID: configuration.kafka.group + "-topics", topics: [],
                properties: configuration.kafka.consumerProperties))
        defer { consumer.close() }
        let week = "604800000"
        for (topic, partitions, properties) in [
            (replicas.controlTopic, 1, ["cleanup.policy": "compact"]),
            (replicas.panesTopic, replicas.evaluators, ["cleanup.policy": "compact,delete", "retention.ms": week]),
        ] {
            if try !Self.exists(topic, consumer) {
                try producer.createTopic(topic, partitions: partitions, configuration: properties)
            }
        }
        let count = try producer.partitions(of: replicas.panesTopic).count
        guard count == replicas.evaluators else {
            throw KafkaError(
                .configuration,
                "topic '\(replicas.panesTopic)' has \(count) partitions, and replicas.evaluators is "
                    + "\(replicas.evaluators); they must be the same: set replicas.evaluators to \(count)")
        }
    }

    private static func exists(_ topic: String, _ consumer: KafkaConsumer) throws(KafkaError) -> Bool {
        do {
            return try !consumer.partitions(of: topic).isEmpty
        } catch {
            guard error.code == .unknownTopic else { throw error }
            return false
        }
    }

    /// The running threads of a replica's decisions.
    struct Running {
        fileprivate var host: EvaluatorHost
        fileprivate var follower: ReferenceFollower
        fileprivate var evaluating: DispatchSemaphore
        fileprivate var following: DispatchSemaphore

        /// Ends them after last checkpoints.
        func stop() {
            host.stop()
            evaluating.wait()
            follower.stop()
            following.wait()
        }
    }

    /// - Parameter onFailure: told what made it impossible to go on.
    func start(onFailure: @escaping @Sendable (any Error) -> Void) -> Running {
        let (host, follower) = (host, follower)
        let evaluating = AgentThread.start("evaluators") {
            do {
                try host.run()
            } catch {
                onFailure(error)
            }
        }
        return Running(
            host: host, follower: follower, evaluating: evaluating,
            following: AgentThread.start("references") { follower.run() })
    }
}

/// Stops the consumer's loop for those who are made before it.
private final class FailureRelay: @unchecked Sendable {
    // `@unchecked Sendable`: set once, before the threads start.
    private weak var loop: ConsumerLoop?

    func connect(_ loop: ConsumerLoop) { self.loop = loop }

    func report(_ error: any Error) { loop?.stop(failing: error) }
}
