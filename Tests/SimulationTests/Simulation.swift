import Events
import Foundation
import TidewatchTestKit

@testable import Agent

/// One seed's story: a log, a world, and the agent of many lives between them.
struct Simulation {
    /// What a run left behind.
    struct Outcome {
        var windows: [WindowHistory.Entry]
        var received: [(id: String, body: [UInt8])]
        var published: [String]
        var problems: [String]
        var crashes = 0
        /// Files of checkpoints that a full disk has refused.
        var refusals = 0
        /// Checkpoints that a disk has lost without saying so.
        var lostCheckpoints = 0
    }

    static let secret = "whsec_c2ltdWxhdGVkLXNlY3JldC1vZi0zMi1ieXRlcy4u"

    let seed: UInt64
    let log: SimulatedLog
    let directory: String

    init(seed: UInt64) throws {
        self.seed = seed
        log = SimulatedLog(seed: seed)
        directory = try SimulatedDisk.makeFolder("\(seed)")
        try Data(SimulatedLog.table(rows: 300, seed: seed).utf8).write(
            to: URL(fileURLWithPath: directory + "/reference.jsonl"))
    }

    /// Removes what the runs have written.
    func clean() throws { try FileManager.default.removeItem(atPath: directory) }

    /// An agent that nothing has happened to yet.
    func agent(in world: SimulatedWorld = SimulatedWorld()) throws -> SimulatedAgent {
        try SimulatedAgent(
            directory: directory + "/oracle", yaml: yaml(workers: 1), topics: log.topics, world: world)
    }

    /// A single undisturbed pass over the log.
    ///
    /// - Parameter endsIdle: whether streams that are at their ends hold the last windows back no longer.
    func undisturbed(endsIdle: Bool) throws -> Outcome {
        let world = SimulatedWorld()
        let agent = try agent(in: world)
        agent.assign(Array(0..<log.topics.partitions))
        while let place = agent.unread.first {
            agent.fetch(place, maximum: 500)
            try agent.settle()
        }
        return try finish(agent, world, endsIdle: endsIdle)
    }

    /// The same log with everything going wrong that the seed has drawn.
    func disturbed() throws -> Outcome {
        var chance = SeededGenerator(seed: seed ^ 0x5eed)
        let world = SimulatedWorld()
        var misfortune = Misfortune(
            directory: directory, yaml: yaml(workers: Int.random(in: 1...3, using: &chance)), topics: log.topics,
            isLogComplete: true)
        let agent = try misfortune.work(try misfortune.begin(world, &chance), world, &chance)
        world.calm()
        var outcome = try finish(agent, world, endsIdle: true)
        outcome.crashes = misfortune.crashes
        outcome.refusals = world.refusals
        outcome.lostCheckpoints = world.lostCheckpoints
        return outcome
    }

    /// A clean end: the last checkpoint, and everything that still waits is sent.
    private func finish(_ agent: SimulatedAgent, _ world: SimulatedWorld, endsIdle: Bool) throws -> Outcome {
        try agent.settle()
        for partition in endsIdle ? agent.atEnd : [] {
            agent.fallIdle(partition)
            try agent.settle()
        }
        agent.revoke()
        try agent.settle()
        var before = -1
        while world.received.count != before {
            before = world.received.count
            // Past the moment of the next attempt of what has failed.
            world.advance(microseconds: 10_000_000)
            try agent.deliver(fails: false, acknowledgementIsLost: false)
        }
        return Outcome(
            windows: try agent.state.history.windows(of: "fraud"), received: world.received,
            published: world.published.map { record in
                record.headers.first { $0.name == "ce_id" }?.value ?? record.key
            },
            problems: world.problems)
    }

    /// Windows, limits and rules differ from seed to seed.
    func yaml(workers: Int) -> String {
        var chance = SeededGenerator(seed: seed ^ 0xc0ff)
        let length = Int.random(in: 1...3, using: &chance)
        let lateness = Int.random(in: 0...10, using: &chance)
        // Segments of a learned reference begin where the stream has come to when it is learned, so they want a table.
        let reference =
            Bool.random(using: &chance)
            ? "segments: [country]\n    reference: {file: \"\(directory)/reference.jsonl\"}"
            : "reference: {learn: \(Int.random(in: 100...200, using: &chance))}"
        let drift =
            Bool.random(using: &chance)
            ? "{minimum_sample: 20, rules: [{statistic: psi, columns: [amount], raise: 0.5, clear: 0.3}]}"
            : "{minimum_sample: 20, false_alarms: 1 per 7d}"
        return """
            agent: {state_directory: unused, workers: \(workers), checkpoint_interval: 3s, status_interval: 0s}
            sources: {start: earliest, allowed_lateness: \(lateness)m, max_age: 30d}
            alerting: {webhooks: [{url: "http://receiver.invalid/hook", secrets: ["\(Self.secret)"]}]}
            models:
              - name: fraud
                task: binary
                positive: fraud
                \(reference)
                window: {length: \(length)h, slide: 1h}
                max_label_delay: 3h
                drift: \(drift)
                performance: {minimum_sample: 20, rules: [{metric: accuracy, raise_below: 0.5}]}
            """
    }
}
