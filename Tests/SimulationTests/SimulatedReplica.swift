import Dispatch
import Foundation
import KafkaClient
import Synchronization
import Windowing

@testable import Agent

/// What the replicas of a group share: the sources, the topic of panes, the control topic, a folder, and the clock.
///
/// `@unchecked Sendable`: a simulation has one thread.
final class SimulatedGroup: PaneOutlet, @unchecked Sendable {
    let topics: SimulatedTopics
    let configuration: AgentConfiguration
    private(set) var panes: [SimulatedRecord] = []
    private(set) var references: [[UInt8]] = []
    private(set) var problems: [String] = []
    var clockMicroseconds = SimulatedLog.start

    init(topics: SimulatedTopics, yaml: String, folder: String) throws {
        self.topics = topics
        var configuration = try AgentConfiguration.parse(yaml, path: "the simulation's configuration")
        configuration.agent.stateDirectory = folder
        configuration.replicas.isEnabled = true
        configuration.replicas.evaluators = 1
        self.configuration = configuration
    }

    func send(key: [UInt8], value: [UInt8], to evaluator: Int32) throws {
        panes.append(
            SimulatedRecord(
                offset: Int64(panes.count), timestampMicroseconds: clockMicroseconds, value: value))
    }

    func flush() throws {}

    @Sendable func announce(_ key: [UInt8], _ value: [UInt8]) { references.append(value) }

    @Sendable func observe(_ event: AgentEvent) {
        if case .problem(let text) = event { problems.append(text) }
    }

    var ports: AgentPorts { AgentPorts(wallClockMicroseconds: { [self] in clockMicroseconds }) }
}

/// One replica in one thread: what it reads, and the evaluator where it has it.
final class SimulatedReplica {
    let reading: ReadingParts
    private(set) var evaluator: Evaluator?
    private(set) var positions: [TopicPartition: Int64] = [:]
    private var paneOffset: Int64 = 0
    private let group: SimulatedGroup
    private let catalog = ReferenceCatalog()
    private var knownReferences = 0

    init(_ group: SimulatedGroup) throws {
        self.group = group
        _ = try ReferenceFile.load(of: group.configuration, into: catalog)
        let status = AgentStatus()
        let files = try PartitionFiles(
            folder: group.configuration.agent.stateDirectory + "/partitions",
            wallClockMicroseconds: group.ports.wallClockMicroseconds, willWrite: group.ports.willWrite,
            observer: group.observe)
        let loop = CoordinatorLoop(
            settings: .init(
                checkpointIntervalMicroseconds: group.configuration.agent.checkpointInterval,
                wallClockMicroseconds: group.ports.wallClockMicroseconds),
            mailbox: Mailbox<CoordinatorMessage>(capacity: 1_024),
            stage: PanePublisher(
                settings: .init(evaluators: 1, wallClockMicroseconds: group.ports.wallClockMicroseconds),
                deadLetters: nil, outlet: group, onFailure: { _ in }),
            checkpoint: files, status: status, observer: group.observe)
        let pump = Mutex<(@Sendable (DispatchSemaphore) -> Void)?>(nil)
        var ports = group.ports
        ports.wait = { semaphore in pump.withLock(\.self)?(semaphore) }
        let reading = ReadingParts(
            configuration: group.configuration, brokers: "nowhere:9092", catalog: catalog, checkpoint: files,
            positions: try FilePositions(saved: nil), coordinatorLoop: loop, status: status, ports: ports,
            observer: group.observe)
        pump.withLock {
            $0 = { semaphore in
                while semaphore.wait(timeout: .now()) == .timedOut {
                    for worker in reading.workers { _ = worker.step(timeout: 0) }
                    _ = reading.coordinatorLoop.step(timeout: 0)
                }
            }
        }
        self.reading = reading
        hearReferences()
    }

    /// What has come on the control topic.
    func hearReferences() {
        for bytes in group.references.dropFirst(knownReferences) {
            try? JSONDecoder().decode(ControlRecord.self, from: Data(bytes)).apply(to: catalog)
        }
        knownReferences = group.references.count
    }

    // MARK: - The group

    func assign(_ partitions: [Int32]) {
        // A replica has caught up with the control topic before it takes a state that may speak of its references.
        hearReferences()
        let places = partitions.flatMap { partition in
            [SimulatedTopics.predictions, SimulatedTopics.outcomes].map {
                TopicPartition(topic: $0, partition: partition)
            }
        }
        for (place, start) in reading.consumerLoop.assign(places) {
            if case .offset(let offset) = start { positions[place] = offset } else { positions[place] = 0 }
        }
    }

    func revoke() {
        _ = reading.consumerLoop.revoke(Array(positions.keys))
        positions = [:]
    }

    func lose() {
        // In one thread a full mailbox would be waited for without end.
        for worker in reading.workers where worker.mailbox.count > 4 { _ = worker.step(timeout: 0) }
        reading.consumerLoop.lose(Array(positions.keys))
        positions = [:]
    }

    func takeEvaluator() throws {
        let evaluator = try Evaluator(
            number: 0, configuration: group.configuration, announcer: ReferenceAnnouncer(send: group.announce),
            ports: group.ports, observer: group.observe)
        evaluator.expect((0..<group.topics.partitions).map { $0 })
        evaluator.loop.start()
        if case .offset(let offset) = evaluator.start { paneOffset = offset } else { paneOffset = 0 }
        self.evaluator = evaluator
    }

    /// Gives the evaluator up after a last checkpoint.
    func releaseEvaluator() {
        guard let evaluator else { return }
        settleEvaluator()
        let done = DispatchSemaphore(value: 0)
        evaluator.loop.mailbox.sendUrgently(.checkpoint(CheckpointRequest { _ in done.signal() }))
        while done.wait(timeout: .now()) == .timedOut {
            _ = evaluator.reader.step(timeout: 0)
            _ = evaluator.loop.step(timeout: 0)
        }
        self.evaluator = nil
    }

    // MARK: - Steps

    var unread: [TopicPartition] {
        positions.filter { position in (group.topics.records[position.key]?.last?.offset ?? -1) >= position.value }
            .keys.sorted()
    }

    var hasUnreadPanes: Bool { evaluator != nil && paneOffset < Int64(group.panes.count) }

    func fetch(_ place: TopicPartition, maximum: Int) {
        guard let records = group.topics.records[place], let position = positions[place],
            reading.workers.allSatisfy({ $0.mailbox.count <= 6 })
        else { return }
        let first = records.partitionIndex { $0.offset >= position }
        let batch = records[first..<min(records.count, first + maximum)]
        guard let last = batch.last else { return }
        reading.consumerLoop.hand(SimulatedBatch(topicPartition: place, records: batch))
        positions[place] = last.offset + 1
    }

    func fetchPanes(maximum: Int) {
        guard let evaluator, hasUnreadPanes, evaluator.reader.mailbox.count <= 6 else { return }
        let batch = group.panes[Int(paneOffset)..<min(group.panes.count, Int(paneOffset) + maximum)]
        evaluator.hand(
            SimulatedBatch(topicPartition: TopicPartition(topic: "panes", partition: 0), records: batch))
        paneOffset += Int64(batch.count)
    }

    func step(worker: Int) { _ = reading.workers[worker % reading.workers.count].step(timeout: 0) }

    func stepLoop() { _ = reading.coordinatorLoop.step(timeout: 0) }

    func stepEvaluator() {
        _ = evaluator?.reader.step(timeout: 0)
        _ = evaluator?.loop.step(timeout: 0)
    }

    var isBusy: Bool {
        reading.coordinatorLoop.mailbox.count > 0 || reading.workers.contains { $0.mailbox.count > 0 }
    }

    /// Lets everything that has begun come to its end; nothing new is fetched.
    func settle() {
        while isBusy {
            for worker in reading.workers.indices { step(worker: worker) }
            stepLoop()
        }
    }

    func settleEvaluator() {
        while let evaluator, evaluator.reader.mailbox.count > 0 || evaluator.loop.mailbox.count > 0 { stepEvaluator() }
    }
}
