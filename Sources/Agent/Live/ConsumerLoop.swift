import Foundation
import KafkaClient
import Synchronization
import Windowing

/// The one thread that reads the sources: it polls, and hands each partition's batches to its worker.
///
/// `@unchecked Sendable`: the consumer and the maps are touched by the loop's own thread alone (rebalance callbacks run
/// inside `poll`); what other threads ask for goes through the `Mutex`.
final class ConsumerLoop: PartitionOwner, @unchecked Sendable {
    struct Settings: Sendable {
        /// Opens the sources for their owner.
        var open: @Sendable (any PartitionOwner) throws -> any RecordIntake
        var predictionsTopic: String
        var outcomesTopic: String
        var idleTimeoutMicroseconds: Int64
        var statusIntervalMicroseconds: Int64
        /// Where a partition is read from that this group has never read.
        var start: StartPosition
        /// Whether nobody else reads the topics for the group: all partitions are assigned here.
        var isAlone = true
        /// Where one without a checkpoint is read again.
        var rewind: Rewinding?
        var wallClockMicroseconds: @Sendable () -> Int64
        /// Waits for the coordinator's thread.
        var wait: @Sendable (DispatchSemaphore) -> Void
        /// The names of the watched models, to say what is read for.
        var models: [String]
    }

    private struct Requests {
        var isStopping = false
        var failure: (any Error)?
        var commits: [Int32: [Int64?]] = [:]
    }

    private let settings: Settings
    private let workers: [any PartitionWorker]
    private let coordinator: Mailbox<CoordinatorMessage>
    private let checkpoint: any StateKeeper
    private let progress: @Sendable () -> AgentProgress
    private let observer: AgentObserver
    private let requests = Mutex(Requests())
    private let latestStatistics = Mutex(ConsumerStatistics())
    private var owned: Set<Int32> = []
    /// The highest partition that was read before, where all of them are read here; else -1.
    private var highest: Int32 = -1
    /// Since when a stream has been at its end; absent while it is not, or when that was already said.
    private var atEndSince: [TopicPartition: Int64] = [:]
    private var ended: Set<TopicPartition> = []
    private var reporter: StatusReporter

    init(
        settings: Settings, workers: [any PartitionWorker], coordinator: Mailbox<CoordinatorMessage>,
        checkpoint: any StateKeeper,
        progress: @escaping @Sendable () -> AgentProgress, observer: @escaping AgentObserver
    ) {
        self.settings = settings
        self.workers = workers
        self.coordinator = coordinator
        self.checkpoint = checkpoint
        self.progress = progress
        self.observer = observer
        reporter = StatusReporter(
            intervalMicroseconds: settings.statusIntervalMicroseconds, nowMicroseconds: settings.wallClockMicroseconds()
        )
    }

    /// Reads until ``stop()``, or until all sources have ended; the last checkpoint is written, and the group left, before it
    /// returns.
    func run() throws {
        let intake = try settings.open(self)
        defer {
            // Closing revokes: the owner checkpoints, and the offsets are committed.
            if let error = intake.close() { observer(.problem("The sources did not close cleanly: \(error)")) }
        }
        observer(.started(source: intake.name, models: settings.models))
        while !requests.withLock({ $0.isStopping }), !hasEnded {
            for event in try intake.poll() { handle(event) }
            reportIdleStreams()
            let statistics = intake.statistics()
            latestStatistics.withLock { $0 = statistics }
            reportStatus(statistics)
            commitRequested(intake)
        }
        if let failure = requests.withLock({ $0.failure }) { throw failure }
    }

    private func reportStatus(_ statistics: ConsumerStatistics) {
        let status = reporter.status(
            nowMicroseconds: settings.wallClockMicroseconds(), statistics: statistics, progress: progress)
        if let status { observer(.status(status)) }
    }

    /// Ends ``run()`` after the poll under way. From any thread.
    ///
    /// - Parameter error: what it throws then.
    func stop(failing error: (any Error)? = nil) {
        requests.withLock { requests in
            requests.isStopping = true
            requests.failure = requests.failure ?? error
        }
    }

    /// Lag, rates and the prefetch queue, as of the library's last report. From any thread.
    var statistics: ConsumerStatistics { latestStatistics.withLock { $0 } }

    /// Asks for offsets that a checkpoint covers to be committed; only a hint for lag tools. From any thread.
    func requestCommit(_ offsets: [Int32: [Int64?]]) {
        requests.withLock { $0.commits.merge(offsets) { _, new in new } }
    }

    private func handle(_ event: IntakeEvent) {
        switch event {
        case .batch(let batch): hand(batch)
        case .endOfPartition(let position):
            if atEndSince[position] == nil { atEndSince[position] = settings.wallClockMicroseconds() }
        case .lostPlace(let position):
            worker(of: position.partition).mailbox.send(
                .lostPlace(partition: position.partition, role: role(of: position.topic)))
        case .ended(let position):
            guard ended.insert(position).inserted else { return }
            atEndSince[position] = .max
            sendIdle(position)
        case .problem(let text): coordinator.send(.problem(text))
        }
    }

    /// Nothing more will come of any stream.
    private var hasEnded: Bool { !ended.isEmpty && ended.count == topics.count * owned.count }

    /// Hands a batch to its worker; waits while that has enough to do.
    func hand(_ batch: any RecordBatch) {
        let position = batch.topicPartition
        atEndSince[position] = nil
        reporter.read(position, timestampMicroseconds: batch.lastTimestampMicroseconds)
        worker(of: position.partition).mailbox.send(.batch(batch, role: role(of: position.topic)))
    }

    func reportIdleStreams() {
        let limit = settings.wallClockMicroseconds() - settings.idleTimeoutMicroseconds
        for (position, since) in atEndSince where since <= limit {
            atEndSince[position] = .max
            sendIdle(position)
        }
    }

    private func sendIdle(_ position: TopicPartition) {
        worker(of: position.partition).mailbox.send(
            .idle(partition: position.partition, role: role(of: position.topic)))
    }

    private func commitRequested(_ intake: any RecordIntake) {
        let commits = requests.withLock { requests in
            defer { requests.commits = [:] }
            return requests.commits
        }
        let offsets = topicOffsets(commits.filter { owned.contains($0.key) })
        guard !offsets.isEmpty else { return }
        do {
            try intake.commit(offsets)
        } catch {
            observer(.problem("The broker did not take the offsets of the last checkpoint (only a hint): \(error)"))
        }
    }

    // MARK: - PartitionOwner: called inside poll, on this thread

    func assign(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition] {
        let numbers = Set(partitions.map(\.partition)).subtracting(owned).sorted()
        owned.formUnion(numbers)
        coordinator.sendUrgently(
            .expect(partitions: numbers, sinceMicroseconds: settings.wallClockMicroseconds()))
        var states: [Int32: PartitionState] = [:]
        for number in numbers { states[number] = usableState(of: number) }
        let rewinds = rewinds(of: partitions.filter { numbers.contains($0.partition) && states[$0.partition] == nil })
        let known = settings.isAlone ? max(highest, states.keys.max() ?? -1) : -1
        highest = max(known, numbers.max() ?? -1)
        var starts: [TopicPartition: StartPosition] = [:]
        for number in numbers {
            let state = states[number]
            // One that the topic has been given meanwhile: all of it is new, however late it is found.
            let isAdded = known >= 0 && number > known
            worker(of: number).mailbox.send(.begin(partition: number, state: state))
            for position in partitions where position.partition == number {
                let role = role(of: position.topic)
                let next = state?.nextOffsets[role.rawValue] ?? rewinds?[position]?.offset
                let start = rewinds == nil || isAdded ? .earliest : settings.start
                starts[position] = next.map(StartPosition.offset) ?? start
                if rewinds?[position]?.isWhole == false {
                    worker(of: number).mailbox.send(.lostPlace(partition: number, role: role))
                }
            }
        }
        observer(.partitionsAssigned(owned.sorted()))
        return starts
    }

    /// Where streams without a checkpoint are read again, so that what was open when the group read them last is rebuilt.
    /// `nil` where that cannot be found out.
    private func rewinds(of places: [TopicPartition]) -> [TopicPartition: Rewind]? {
        guard let rewind = settings.rewind, !places.isEmpty else { return [:] }
        do {
            return try rewind(places)
        } catch {
            observer(
                .problem(
                    "How far back partitions without a checkpoint have to be read cannot be found out (\(error)): they are "
                        + "read from the earliest offset there is."))
            return nil
        }
    }

    /// The checkpoint's state, if it fits what is configured now.
    private func usableState(of number: Int32) -> PartitionState? {
        guard let state = checkpoint.state(of: number) else { return nil }
        guard let obstacle = worker(of: number).obstacle(to: state, of: number) else { return state }
        observer(
            .problem(
                "The checkpoint of partition \(number) cannot be continued (\(obstacle)). It is read again as far back as "
                    + "open windows and waiting predictions need, and as the log reaches."))
        return nil
    }

    func revoke(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] {
        let numbers = Set(partitions.map(\.partition)).intersection(owned).sorted()
        guard !numbers.isEmpty else { return [:] }
        let done = DispatchSemaphore(value: 0)
        let covered = Mutex<[Int32: [Int64?]]>([:])
        let isSent = coordinator.sendUrgently(
            .checkpoint(
                CheckpointRequest(releasing: numbers) { result in
                    if case .success(let offsets) = result { covered.withLock { $0 = offsets } }
                    done.signal()
                }))
        if isSent { settings.wait(done) }
        release(numbers)
        observer(.partitionsRevoked(numbers))
        return topicOffsets(covered.withLock { $0.filter { numbers.contains($0.key) } })
    }

    func lose(_ partitions: [TopicPartition]) {
        let numbers = Set(partitions.map(\.partition)).intersection(owned).sorted()
        coordinator.sendUrgently(.forget(partitions: numbers))
        release(numbers)
        observer(.partitionsRevoked(numbers))
    }

    private func release(_ numbers: [Int32]) {
        owned.subtract(numbers)
        atEndSince = atEndSince.filter { owned.contains($0.key.partition) }
        reporter.keep { owned.contains($0.partition) }
        for worker in workers { worker.mailbox.send(.drop(partitions: numbers)) }
    }

    private func worker(of partition: Int32) -> any PartitionWorker { workers[Int(partition) % workers.count] }

    private func role(of topic: String) -> StreamRole { topic == settings.predictionsTopic ? .predictions : .outcomes }

    private var topics: [(role: StreamRole, topic: String)] {
        settings.predictionsTopic == settings.outcomesTopic
            ? [(.predictions, settings.predictionsTopic)]
            : [(.predictions, settings.predictionsTopic), (.outcomes, settings.outcomesTopic)]
    }

    private func topicOffsets(_ offsets: [Int32: [Int64?]]) -> [TopicPartition: Int64] {
        var result: [TopicPartition: Int64] = [:]
        for (partition, next) in offsets {
            for (role, topic) in topics {
                if let offset = next[role.rawValue] {
                    result[TopicPartition(topic: topic, partition: partition)] = offset
                }
            }
        }
        return result
    }
}
