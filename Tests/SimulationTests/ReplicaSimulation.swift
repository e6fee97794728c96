import Alerting
import Foundation
import TidewatchTestKit

@testable import Agent

/// One seed's log, read by several replicas that die, sleep, wake up, join and hand their partitions to each other.
struct ReplicaSimulation {
    /// What a run left behind.
    struct Outcome {
        var windows: [WindowHistory.Entry]
        var alerts: Set<String>
        var problems: [String]
    }

    private let group: SimulatedGroup
    private let folder: String
    private var chance: SeededGenerator
    private var replicas: [SimulatedReplica] = []
    /// Replicas that the group has given up, and that do not know it yet.
    private var sleepers: [SimulatedReplica] = []
    private(set) var deaths = 0

    init(_ simulation: Simulation) throws {
        chance = SeededGenerator(seed: simulation.seed ^ 0x4e91)
        folder = simulation.directory + "/shared"
        group = try SimulatedGroup(
            topics: simulation.log.topics, yaml: simulation.yaml(workers: Int.random(in: 1...2, using: &chance)),
            folder: folder)
    }

    mutating func run() throws -> Outcome {
        replicas = try (0..<Int.random(in: 1...3, using: &chance)).map { _ in try SimulatedReplica(group) }
        try share()
        while replicas.contains(where: { !$0.unread.isEmpty }) {
            // Never at the same moment: an owner is told by when it was given a partition.
            group.clockMicroseconds += Int64.random(in: 1...400_000, using: &chance)
            try step()
        }
        for replica in replicas {
            replica.revoke()
            replica.settle()
        }
        guard let last = replicas.first(where: { $0.evaluator != nil }) else { throw CocoaError(.featureUnsupported) }
        while last.hasUnreadPanes {
            last.fetchPanes(maximum: 100)
            last.settleEvaluator()
        }
        last.settleEvaluator()
        return try outcome(of: last)
    }

    private func outcome(of replica: SimulatedReplica) throws -> Outcome {
        guard let evaluator = replica.evaluator else { throw CocoaError(.featureUnsupported) }
        let outbox = evaluator.acting.outbox
        let alerts = try evaluator.acting.endpoints.flatMap {
            // One message of a subject at a time is due.
            var ids: [String] = []
            while case let due = try outbox.due(endpoint: $0.name, nowMicroseconds: .max), !due.isEmpty {
                for message in due {
                    ids.append(message.messageID)
                    try outbox.markDelivered(message, nowMicroseconds: group.clockMicroseconds)
                }
            }
            return ids
        }
        guard let newest = EvaluatorFolder.newest(in: folder + "/evaluators/0") else {
            throw CocoaError(.fileNoSuchFile)
        }
        return Outcome(
            windows: try StateDirectory(path: newest).history.windows(of: "fraud"), alerts: Set(alerts),
            problems: group.problems)
    }

    /// The group gives everything to those that are there.
    private mutating func share() throws {
        let partitions = (0..<group.topics.partitions).shuffled(using: &chance)
        for (index, replica) in replicas.enumerated() {
            replica.assign(
                partitions.enumerated().filter { $0.offset % replicas.count == index }.map(\.element))
        }
        try replicas.randomElement(using: &chance)?.takeEvaluator()
    }

    private mutating func step() throws {
        guard let replica = replicas.randomElement(using: &chance) else { return }
        switch Int.random(in: 0..<200, using: &chance) {
        case 0..<60:
            guard let place = replica.unread.randomElement(using: &chance) else { return }
            replica.fetch(place, maximum: Int.random(in: 1...60, using: &chance))
        case 60..<100: replica.step(worker: Int.random(in: 0..<2, using: &chance))
        case 100..<130: replica.stepLoop()
        case 130..<150: replica.fetchPanes(maximum: Int.random(in: 1...20, using: &chance))
        case 150..<170: replica.stepEvaluator()
        case 170..<185: replica.hearReferences()
        case 185..<194: wakeUp()
        case 194..<196: try rebalance()
        case 196..<198: try die(sleeping: false)
        default: try die(sleeping: true)
        }
    }

    /// Everything goes back in time, and perhaps one more joins.
    private mutating func rebalance() throws {
        for replica in replicas {
            replica.revoke()
            replica.releaseEvaluator()
        }
        if replicas.count < 3, Bool.random(using: &chance) { replicas.append(try SimulatedReplica(group)) }
        try share()
    }

    /// One is gone, or sleeps and does not know that the group has moved on; the others lose what they had.
    private mutating func die(sleeping: Bool) throws {
        guard deaths < 6, let index = replicas.indices.randomElement(using: &chance) else { return }
        deaths += 1
        let gone = replicas.remove(at: index)
        if sleeping { sleepers.append(gone) }
        for replica in replicas {
            replica.revoke()
            replica.releaseEvaluator()
        }
        if replicas.isEmpty || Bool.random(using: &chance) { replicas.append(try SimulatedReplica(group)) }
        try share()
    }

    /// A sleeper goes on with what it had begun, or hears at last that it is none of its business any more.
    private mutating func wakeUp() {
        guard let index = sleepers.indices.randomElement(using: &chance) else { return }
        let sleeper = sleepers[index]
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: sleeper.step(worker: Int.random(in: 0..<2, using: &chance))
        case 1: sleeper.stepLoop()
        case 2: sleeper.stepEvaluator()
        default:
            sleeper.lose()
            sleepers.remove(at: index)
        }
    }
}
