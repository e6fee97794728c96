import Alerting
import Dispatch
import Foundation
import KafkaClient
import Synchronization
import TidewatchTestKit
import Windowing

@testable import Agent

/// The whole agent in one thread: its parts, stepped one at a time by whoever holds it.
final class SimulatedAgent {
    enum Part: CaseIterable { case worker, coordinator, trainer, housekeeper }

    let state: StateDirectory
    let parts: AgentParts
    private let world: SimulatedWorld
    private let topics: SimulatedTopics
    /// What the group has given this agent, and the offset that it reads next.
    private(set) var positions: [TopicPartition: Int64] = [:]

    init(directory: String, yaml: String, topics: SimulatedTopics, world: SimulatedWorld) throws {
        self.world = world
        self.topics = topics
        let configuration = try AgentConfiguration.parse(yaml, path: "the simulation's configuration")
        state = try StateDirectory(path: directory)
        let pump = Mutex<(@Sendable (DispatchSemaphore) -> Void)?>(nil)
        parts = try AgentParts(
            configuration: configuration, brokers: "nowhere:9092", state: state, status: AgentStatus(),
            ports: AgentPorts(
                sink: SimulatedSink(world: world), deadLetters: nil, wallClockMicroseconds: world.wallClock,
                willWrite: world.willWrite,
                wait: { semaphore in pump.withLock(\.self)?(semaphore) }),
            observer: world.observe)
        let (workers, coordinatorLoop) = (parts.reading.workers, parts.reading.coordinatorLoop)
        pump.withLock {
            $0 = { semaphore in
                // The consumer waits for a checkpoint; meanwhile the others go on.
                while semaphore.wait(timeout: .now()) == .timedOut {
                    for worker in workers { _ = worker.step(timeout: 0) }
                    _ = coordinatorLoop.step(timeout: 0)
                }
            }
        }
        parts.reading.coordinatorLoop.start()
    }

    // MARK: - The group

    /// The group gives these partitions of both topics.
    func assign(_ partitions: [Int32]) {
        let places = partitions.flatMap { partition in
            [SimulatedTopics.predictions, SimulatedTopics.outcomes].map {
                TopicPartition(topic: $0, partition: partition)
            }
        }
        for (place, start) in parts.reading.consumerLoop.assign(places) {
            if case .offset(let offset) = start { positions[place] = offset } else { positions[place] = 0 }
        }
    }

    /// The group takes everything back, in time.
    func revoke() {
        _ = parts.reading.consumerLoop.revoke(Array(positions.keys))
        positions = [:]
    }

    /// The group has given everything to somebody else already.
    func lose() {
        parts.reading.consumerLoop.lose(Array(positions.keys))
        positions = [:]
    }

    // MARK: - Steps

    /// Partitions with records that were not fetched yet.
    var unread: [TopicPartition] {
        positions.filter { position in (topics.records[position.key]?.last?.offset ?? -1) >= position.value }
            .keys.sorted()
    }

    /// Brings the next records of a partition, unless its worker has enough to do.
    func fetch(_ place: TopicPartition, maximum: Int) {
        guard let records = topics.records[place], let position = positions[place] else { return }
        let first = records.partitionIndex { $0.offset >= position }
        let batch = records[first..<min(records.count, first + maximum)]
        guard let last = batch.last, hasRoom(for: 1) else { return }
        parts.reading.consumerLoop.hand(SimulatedBatch(topicPartition: place, records: batch))
        positions[place] = last.offset + 1
    }

    /// The broker sends records again that were delivered already.
    func rewind(_ place: TopicPartition, by count: Int) {
        guard let position = positions[place] else { return }
        positions[place] = max(0, position - Int64(count))
    }

    /// Partitions of which everything has been fetched.
    var atEnd: [Int32] {
        Set(positions.keys.map(\.partition)).subtracting(unread.map(\.partition)).sorted()
    }

    /// Both streams of a partition have been at their ends for the idle timeout.
    func fallIdle(_ partition: Int32) {
        guard hasRoom(for: 2) else { return }
        let worker = parts.reading.workers[Int(partition) % parts.reading.workers.count]
        for role in StreamRole.allCases { worker.mailbox.send(.idle(partition: partition, role: role)) }
    }

    func step(_ part: Part, worker: Int = 0) {
        switch part {
        case .worker: _ = parts.reading.workers[worker % parts.reading.workers.count].step(timeout: 0)
        case .coordinator: _ = parts.reading.coordinatorLoop.step(timeout: 0)
        case .trainer: _ = parts.decisions.acting.trainer.step(timeout: 0)
        case .housekeeper: _ = parts.decisions.acting.housekeeper.step(timeout: 0)
        }
    }

    /// One alert message on its way to the receiver.
    func deliver(fails: Bool, acknowledgementIsLost: Bool) throws {
        let now = world.clockMicroseconds
        for endpoint in parts.decisions.acting.endpoints {
            guard
                let message = try parts.decisions.acting.outbox.due(
                    endpoint: endpoint.name, nowMicroseconds: now, limit: 1
                ).first
            else { continue }
            do {
                if !fails { try world.receive(id: message.messageID, body: message.body) }
            } catch is SimulatedCrash {
                return
            }
            if fails || acknowledgementIsLost {
                try parts.decisions.acting.outbox.markFailed(
                    message, nextAttemptMicroseconds: now + 1_000_000, error: "simulated")
            } else {
                try parts.decisions.acting.outbox.markDelivered(message, nowMicroseconds: now)
            }
        }
    }

    /// Whether as many messages more for each worker would make nobody wait: in one thread that would be for ever.
    func hasRoom(for messages: Int) -> Bool {
        parts.reading.workers.allSatisfy { $0.mailbox.count + messages <= 7 }
    }

    /// Whether messages wait in a mailbox.
    var isBusy: Bool {
        parts.reading.coordinatorLoop.mailbox.count > 0 || parts.reading.workers.contains { $0.mailbox.count > 0 }
    }

    /// Lets everything that has begun come to its end; nothing new is fetched.
    func settle() throws {
        while isBusy {
            for worker in parts.reading.workers.indices { step(.worker, worker: worker) }
            step(.coordinator)
        }
        step(.trainer)
        step(.coordinator)
        step(.housekeeper)
        step(.coordinator)
    }
}

extension Array {
    /// The first index whose element satisfies `predicate`, which holds for all that follow.
    func partitionIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
