import Events
import Foundation
import Retraining
import Synchronization
import Windowing

/// Where the panes of the workers' partitions go. Owned by the coordinator's thread.
protocol PaneStage: AnyObject {
    /// Before the first output.
    func start()

    /// Takes what a partition closed.
    func accept(_ output: PartitionOutput)

    /// Partitions begin here; they were given to this process at that time of the wall clock, microseconds since 1970 UTC.
    func expect(_ partitions: [Int32], sinceMicroseconds: Int64)

    /// Partitions belong to somebody else now.
    func forget(_ partitions: [Int32])

    /// A training has ended.
    func finish(_ result: TrainingResult)

    /// The registry's champion may have changed, or somebody has asked for a retraining.
    func registryChanged()

    /// Called at least ten times a second.
    func tick()

    /// Returns when all that the panes so far have led to is where a crash cannot take it: a checkpoint may cover them.
    func settle() throws

    /// The stage's own part of a checkpoint.
    func snapshot() throws -> [UInt8]

    /// Events in panes that came too late for a judgement.
    var lateEvents: Int64 { get }
}

/// Runs what it is given, now or later.
typealias CheckpointWriting = @Sendable (@escaping @Sendable () -> Void) -> Void

/// The one thread on which panes are gathered from the workers and handed to a stage, with checkpoints in between. It can
/// be slow or wait for a disk; the stream only notices when its bounded mailbox is full.
///
/// `@unchecked Sendable`: after `start` only the loop's own thread touches the stored state.
final class CoordinatorLoop: @unchecked Sendable {
    struct Settings: Sendable {
        var checkpointIntervalMicroseconds: Int64
        var wallClockMicroseconds: @Sendable () -> Int64
        /// Writes checkpoints, one after the other; on a thread of its own in a running agent.
        var writer: CheckpointWriting = { $0() }
    }

    /// A checkpoint that waits for the workers' states.
    private struct PendingCheckpoint {
        var token: Int
        var requests: [CheckpointRequest]
        var missing: Set<Int>
        var states: [Int32: any FrozenState] = [:]
        var begunMicroseconds: Int64
    }

    let mailbox: Mailbox<CoordinatorMessage>
    private let settings: Settings
    private let stage: any PaneStage
    private let checkpoint: any StateKeeper
    private let status: AgentStatus
    private let observer: AgentObserver
    private var workers: [any PartitionWorker] = []
    private var onCovered: (([Int32: [Int64?]]) -> Void)?
    private var pending: PendingCheckpoint?
    /// The checkpoint that is being written.
    private var writing: PendingCheckpoint?
    private var waiting: [CheckpointRequest] = []
    private var nextToken = 1
    private var lastCheckpoint: Int64
    /// The partitions' counters as they were last handed over.
    private let counters = Mutex<[Int32: PipelineCounters]>([:])
    /// By model.
    private var placements: [String: PlacementCheck] = [:]
    private var unknownKeys: Set<UnknownKey> = []
    private static let maximumUnknownKeys = 256
    /// Events that came too late for a judgement.
    private let lateParts = Mutex<Int64>(0)

    init(
        settings: Settings, mailbox: Mailbox<CoordinatorMessage>, stage: any PaneStage, checkpoint: any StateKeeper,
        status: AgentStatus, observer: @escaping AgentObserver
    ) {
        self.settings = settings
        self.mailbox = mailbox
        self.stage = stage
        self.checkpoint = checkpoint
        self.status = status
        self.observer = observer
        lastCheckpoint = settings.wallClockMicroseconds()
    }

    private func now() -> Int64 { settings.wallClockMicroseconds() }

    /// Connects the loop with those it talks to; called once, before the threads start.
    func connect(workers: [any PartitionWorker], onCovered: @escaping ([Int32: [Int64?]]) -> Void) {
        self.workers = workers
        self.onCovered = onCovered
    }

    /// The counters of all partitions together.
    var totalCounters: PipelineCounters {
        var total = counters.withLock { counters in
            counters.values.reduce(into: PipelineCounters()) { $0.add($1) }
        }
        total.lateParts = lateParts.withLock { $0 }
        return total
    }

    /// Before the first step.
    func start() { stage.start() }

    /// Runs until the mailbox is closed and drained.
    func run() {
        start()
        while step(timeout: 0.1) {}
    }

    /// Works off what waits in the mailbox, and begins a checkpoint when one is due; false once the mailbox is closed
    /// and drained.
    func step(timeout seconds: Double) -> Bool {
        guard let messages = mailbox.receive(timeout: seconds) else { return false }
        for message in messages { handle(message) }
        stage.tick()
        let isDue = now() - lastCheckpoint >= settings.checkpointIntervalMicroseconds
        if isDue, pending == nil, writing == nil { begin([CheckpointRequest()]) }
        return true
    }

    private func handle(_ message: CoordinatorMessage) {
        switch message {
        case .output(let output, let counters, let records, let placements):
            for placement in placements {
                let text = self.placements[placement.model, default: PlacementCheck()]
                    .add(placement, partition: output.partition)
                if let text { observer(.problem(text)) }
            }
            self.counters.withLock { $0[output.partition] = counters }
            stage.accept(output)
            lateParts.withLock { $0 = stage.lateEvents }
            status.add(handled: Int64(records))
        case .snapshot(let token, let worker, let states): take(states, token: token, worker: worker)
        case .saved(let result): finish(result)
        case .checkpoint(let request): begin([request])
        case .expect(let partitions, let since): stage.expect(partitions, sinceMicroseconds: since)
        case .forget(let partitions): stage.forget(partitions)
        case .trained(let result):
            stage.finish(result)
            status.endWork()
        case .registryChanged: stage.registryChanged()
        case .handled(let records): status.add(handled: Int64(records))
        case .unknownKeys(let keys): tell(of: keys)
        case .problem(let text): observer(.problem(text))
        }
    }

    /// Says each key once, whichever partitions it comes on.
    private func tell(of keys: [UnknownKey]) {
        for key in keys where unknownKeys.count < Self.maximumUnknownKeys && unknownKeys.insert(key).inserted {
            let model = key.model.isEmpty ? "" : " of \(key.model)"
            observer(
                .problem("Events\(model) have the key \"\(key.key)\", which the schema does not know: it is ignored."))
        }
    }

    // MARK: - Checkpoints

    /// Asks every worker for its states. Requests that come while one is under way are served by the next.
    private func begin(_ requests: [CheckpointRequest]) {
        guard pending == nil, writing == nil else {
            waiting += requests
            return
        }
        lastCheckpoint = now()
        pending = PendingCheckpoint(
            token: nextToken, requests: requests, missing: Set(workers.indices), begunMicroseconds: lastCheckpoint)
        for worker in workers { worker.mailbox.sendUrgently(.snapshot(token: nextToken)) }
        nextToken += 1
    }

    private func take(_ states: [Int32: any FrozenState], token: Int, worker: Int) {
        guard pending?.token == token else { return }
        pending?.states.merge(states) { _, new in new }
        pending?.missing.remove(worker)
        guard let complete = pending, complete.missing.isEmpty else { return }
        pending = nil
        writing = complete
        do {
            try stage.settle()
            let coordinator = try stage.snapshot()
            settings.writer { [checkpoint, mailbox] in
                let result = Result {
                    try checkpoint.save(partitions: complete.states, coordinator: coordinator)
                }
                mailbox.sendUrgently(.saved(result))
            }
        } catch {
            finish(.failure(error))
        }
    }

    private func finish(_ result: Result<SavedCheckpoint, any Error>) {
        guard let written = writing else { return }
        writing = nil
        switch result {
        case .success(let saved):
            observer(
                .checkpointSaved(
                    generation: saved.generation, bytes: saved.bytes,
                    milliseconds: Double(now() - written.begunMicroseconds) / 1_000))
            onCovered?(saved.offsets)
        case .failure(let error):
            observer(
                .problem(
                    "The checkpoint could not be written: \(error). Events go on being counted, offsets are not "
                        + "committed, and it is tried again in \(settings.checkpointIntervalMicroseconds / 1_000_000) s."
                ))
        }
        for request in written.requests {
            stage.forget(request.releasing)
            request.completion?(result.map(\.offsets))
        }
        guard !waiting.isEmpty else { return }
        let next = waiting
        waiting = []
        begin(next)
    }
}
