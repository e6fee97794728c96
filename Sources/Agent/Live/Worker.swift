import Events
import Foundation
import KafkaClient
import Windowing

/// One thread that owns some of the partitions.
protocol PartitionWorker: AnyObject, Sendable {
    var mailbox: Mailbox<WorkerMessage> { get }

    /// Why a partition's saved state cannot be continued; `nil` if it can. From any thread.
    func obstacle(to state: PartitionState, of partition: Int32) -> String?

    /// Works off what waits in the mailbox; false once that is closed and drained.
    func step(timeout seconds: Double) -> Bool
}

extension PartitionWorker {
    /// Runs until the mailbox is closed and drained.
    func run() {
        while step(timeout: 1) {}
    }
}

/// One thread that owns some of the partitions of the sources: it decodes, joins and counts, and shares nothing.
///
/// `@unchecked Sendable`: after `start` only the worker's own thread touches `pipelines`; the rest is immutable.
final class Worker: PartitionWorker, @unchecked Sendable {
    /// What a worker needs to begin a partition.
    struct Settings: Sendable {
        var models: [ModelSettings]
        var catalog: ReferenceCatalog
        var limits: EventLimits
        var allowedLatenessMicroseconds: Int64
        var sharesOneTopic: Bool
        /// `nil`: everything is counted, however far behind.
        var overload: OverloadPolicy?
        var wallClockMicroseconds: @Sendable () -> Int64
    }

    let mailbox = Mailbox<WorkerMessage>(capacity: 8)
    private let number: Int
    private let settings: Settings
    private let coordinator: Mailbox<CoordinatorMessage>
    private let deadLetters: DeadLetterQueue?
    private var pipelines: [Int32: PartitionPipeline] = [:]
    private var overloads: [TopicPartition: Overload] = [:]

    init(
        number: Int, settings: Settings, coordinator: Mailbox<CoordinatorMessage>, deadLetters: DeadLetterQueue?
    ) {
        self.number = number
        self.settings = settings
        self.coordinator = coordinator
        self.deadLetters = deadLetters
    }

    /// On a pipeline of its own.
    func obstacle(to state: PartitionState, of partition: Int32) -> String? {
        do {
            try fresh(partition).restore(from: state.bytes, store: state.store)
            return nil
        } catch {
            return "\(error)"
        }
    }

    func step(timeout seconds: Double) -> Bool {
        guard let messages = mailbox.receive(timeout: seconds) else { return false }
        for message in messages { handle(message) }
        return true
    }

    private func handle(_ message: WorkerMessage) {
        switch message {
        case .begin(let partition, let state): begin(partition, state: state)
        case .batch(let batch, let role): process(batch, role: role)
        case .lostPlace(let partition, let role): pipelines[partition]?.losePlace(of: role)
        case .idle(let partition, let role):
            guard let pipeline = pipelines[partition] else { return }
            pipeline.markIdle(role)
            handOver(pipeline, records: 0)
        case .snapshot(let token):
            coordinator.send(
                .snapshot(
                    token: token, worker: number,
                    states: pipelines.mapValues { $0.frozen() }))
        case .drop(let partitions):
            for partition in partitions { pipelines[partition] = nil }
            overloads = overloads.filter { !partitions.contains($0.key.partition) }
        }
    }

    private func begin(_ partition: Int32, state: PartitionState?) {
        let pipeline = fresh(partition)
        pipelines[partition] = pipeline
        guard let state else { return }
        do {
            try pipeline.restore(from: state.bytes, store: state.store)
            // How far it has come holds the windows back no longer, even if no record follows.
            handOver(pipeline, records: 0)
        } catch {
            coordinator.send(
                .problem("The state of partition \(partition) was checked and cannot be restored: \(error)"))
        }
    }

    private func fresh(_ partition: Int32) -> PartitionPipeline {
        PartitionPipeline(
            partition: partition, models: settings.models, catalog: settings.catalog, limits: settings.limits,
            allowedLatenessMicroseconds: settings.allowedLatenessMicroseconds, sharesOneTopic: settings.sharesOneTopic)
    }

    private func process(_ batch: any RecordBatch, role: StreamRole) {
        let position = batch.topicPartition
        guard let pipeline = pipelines[position.partition] else { return }
        pipeline.refreshReferences()
        pipeline.keptShare = keptShare(of: batch)
        batch.visitRecords { record in
            let reason =
                if let decoded = record.decoded {
                    pipeline.process(decoded.pointee, from: role)
                } else {
                    pipeline.process(
                        record.value, key: record.key, from: role, offset: record.offset,
                        recordMicroseconds: record.timestampMicroseconds)
                }
            guard let reason, let deadLetters else { return }
            let letter = DeadLetter(
                topic: position.topic, partition: position.partition, offset: record.offset, reason: reason,
                field: record.decoded.map(\.pointee.rejectedField)
                    ?? (record.value == nil ? nil : pipeline.rejectedField),
                key: record.key.map(Array.init) ?? [], value: record.value.map(Array.init))
            do {
                try deadLetters.send(letter)
            } catch {
                coordinator.send(.problem("A rejected message could not be set aside: \(error)"))
            }
        }
        let keys = batch.unknownKeys + pipeline.takeUnknownKeys()
        if !keys.isEmpty { coordinator.send(.unknownKeys(keys)) }
        handOver(pipeline, records: batch.count)
    }

    /// The share of the keys to count of a batch, by how far behind it is.
    private func keptShare(of batch: any RecordBatch) -> Double? {
        guard let policy = settings.overload else { return nil }
        let place = batch.topicPartition
        let lag = settings.wallClockMicroseconds() - batch.lastTimestampMicroseconds
        if overloads[place, default: Overload()].update(lagMicroseconds: lag, policy: policy) {
            let isBehind = overloads[place]?.isBehind ?? false
            let share = "\((100 * policy.keptShare).formatted()) % of its keys"
            coordinator.send(
                .problem(
                    isBehind
                        ? "\(place.topic)[\(place.partition)] is \(lag / 1_000_000) s behind: \(share) are counted until it is "
                            + "less than \(policy.lagMicroseconds / 2_000_000) s behind, and windows say so"
                        : "\(place.topic)[\(place.partition)] has caught up: everything is counted again"))
        }
        return overloads[place]?.isBehind == true ? policy.keptShare : nil
    }

    private func handOver(_ pipeline: PartitionPipeline, records: Int) {
        coordinator.send(
            .output(
                pipeline.closePanes(), counters: pipeline.counters, records: records,
                placements: pipeline.takePlacements()))
    }
}
