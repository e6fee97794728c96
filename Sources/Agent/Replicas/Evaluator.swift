import Dispatch
import KafkaClient
import Synchronization
import Windowing

/// Decides about the models of one partition of the panes topic, as long as this replica has that partition. Its state is
/// in a folder of its own, with which the partition goes to another replica where the folder is shared.
final class Evaluator: Sendable {
    /// The offset at which reading goes on.
    let start: StartPosition
    private let number: Int32
    let reader: PaneReader
    let loop: CoordinatorLoop
    private let running: Mutex<Running?>
    let acting: ActingParts
    private let observer: AgentObserver
    private let folder: EvaluatorFolder

    private struct Running {
        var reading: DispatchSemaphore
        var coordinating: DispatchSemaphore
        var acting: RunningActions
    }

    /// - Parameters:
    ///   - number: of the partition.
    ///   - configuration: with the models of the partition only.
    ///   - announcer: told of references that come into force.
    /// - Throws: what is wrong with the state or a reference file.
    init(
        number: Int32, configuration: AgentConfiguration, announcer: ReferenceAnnouncer, ports: AgentPorts,
        observer: @escaping AgentObserver
    ) throws {
        self.number = number
        self.observer = observer
        folder = try EvaluatorFolder(root: "\(configuration.agent.stateDirectory)/evaluators/\(number)")
        let state = try StateDirectory(path: folder.path, blobs: folder.blobs)
        let checkpoint = try CheckpointKeeper(
            path: state.checkpointPath, willWrite: ports.willWrite, nextOffsets: PaneReader.nextOffsets(inSnapshot:))
        for problem in checkpoint.damage { observer(.problem(problem)) }
        let mailbox = Mailbox<CoordinatorMessage>(capacity: 1_024)
        let catalog = ReferenceCatalog(onChange: announcer.announce)
        let status = AgentStatus()
        var ports = ports
        // Rejected messages are the business of whoever reads the sources.
        ports.deadLetters = nil
        let decisions = try DecisionParts(
            configuration: configuration, state: state, catalog: catalog, saved: checkpoint.coordinatorState,
            mailbox: mailbox, status: status, ports: ports, observer: observer)
        acting = decisions.acting
        loop = CoordinatorLoop(
            settings: .init(
                checkpointIntervalMicroseconds: configuration.agent.checkpointInterval,
                wallClockMicroseconds: ports.wallClockMicroseconds, writer: ports.checkpointWriter),
            mailbox: mailbox, stage: AnnouncingStage(decisions.stage, announcer: announcer), checkpoint: checkpoint,
            status: status, observer: observer)
        reader = PaneReader(partition: number, models: Set(configuration.models.map(\.name)), coordinator: mailbox)
        loop.connect(workers: [reader]) { _ in }
        let saved = checkpoint.state(of: number)
        start = saved?.nextOffsets.first.flatMap(\.self).map(StartPosition.offset) ?? .earliest
        reader.mailbox.send(.begin(partition: number, state: saved))
        running = Mutex(nil)
    }

    /// Source partitions whose progress holds windows back until they have been heard of.
    func expect(_ partitions: [Int32]) {
        loop.mailbox.sendUrgently(.expect(partitions: partitions, sinceMicroseconds: .min))
    }

    /// Starts the threads.
    func run() {
        let running = Running(
            reading: AgentThread.start("panes-\(number)") { [reader] in reader.run() },
            coordinating: AgentThread.start("coordinator-\(number)") { [loop] in loop.run() },
            acting: RunningActions(acting, observer: observer))
        self.running.withLock { $0 = running }
    }

    func hand(_ batch: any RecordBatch) { reader.mailbox.send(.batch(batch, role: .predictions)) }

    /// Ends the threads.
    ///
    /// - Parameter saves: whether a last checkpoint is written; not where somebody else has the partition already.
    /// - Returns: the next offset that a checkpoint covers.
    @discardableResult
    func end(saves: Bool) -> Int64? {
        guard let running = running.withLock({ $0.take() }) else { return nil }
        running.acting.stopTraining()
        var covered: Int64?
        if saves { covered = save() }
        reader.mailbox.close()
        running.reading.wait()
        loop.mailbox.close()
        running.coordinating.wait()
        // A broker that is away must not hold up a rebalance: what was not published stays in the ledger and the outbox.
        running.acting.stop {}
        return covered
    }

    private func save() -> Int64? {
        let done = DispatchSemaphore(value: 0)
        let covered = Mutex<Int64?>(nil)
        let number = number
        let isSent = loop.mailbox.sendUrgently(
            .checkpoint(
                CheckpointRequest { result in
                    if case .success(let offsets) = result {
                        covered.withLock { $0 = offsets[number]?.first.flatMap(\.self) }
                    }
                    done.signal()
                }))
        if isSent { done.wait() }
        return covered.withLock(\.self)
    }
}

/// A decision stage whose checkpoints wait until the other replicas can know of its references.
private final class AnnouncingStage: PaneStage {
    private let stage: DecisionStage
    private let announcer: ReferenceAnnouncer

    init(_ stage: DecisionStage, announcer: ReferenceAnnouncer) {
        self.stage = stage
        self.announcer = announcer
    }

    func start() { stage.start() }
    func accept(_ output: PartitionOutput) { stage.accept(output) }
    func expect(_ partitions: [Int32], sinceMicroseconds: Int64) {
        stage.expect(partitions, sinceMicroseconds: sinceMicroseconds)
    }
    func forget(_ partitions: [Int32]) {}
    func finish(_ result: TrainingResult) { stage.finish(result) }
    func registryChanged() { stage.registryChanged() }
    func tick() { stage.tick() }
    func snapshot() throws -> [UInt8] { try stage.snapshot() }
    var lateEvents: Int64 { stage.lateEvents }

    func settle() throws {
        try stage.settle()
        try announcer.settle()
    }
}
