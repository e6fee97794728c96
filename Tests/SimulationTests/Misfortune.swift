import TidewatchTestKit

/// Steps an agent in the order that chance wants, with everything going wrong that can.
struct Misfortune {
    /// Power failures so far.
    private(set) var crashes = 0
    private var life = 0
    private let directory: String
    private let yaml: String
    private let topics: SimulatedTopics
    private let isLogComplete: Bool

    /// - Parameter isLogComplete: whether nothing follows what is in the topics: then streams at their ends fall idle.
    init(directory: String, yaml: String, topics: SimulatedTopics, isLogComplete: Bool = false) {
        self.isLogComplete = isLogComplete
        self.directory = directory
        self.yaml = yaml
        self.topics = topics
    }

    /// The agent's next life, perhaps one that will end soon.
    mutating func begin(_ world: SimulatedWorld, _ chance: inout SeededGenerator) throws -> SimulatedAgent {
        let home = directory + "/life-\(life)"
        let next = directory + "/life-\(life + 1)"
        if crashes < 4, Double.random(in: 0..<1, using: &chance) < 0.8 {
            let torn = Int.random(in: 0...200, using: &chance)
            let liesAboutCheckpoint = Int.random(in: 0..<3, using: &chance) == 0 ? torn : nil
            world.crash(after: Int.random(in: 1...150, using: &chance)) {
                try SimulatedDisk.copy(home, to: next, tornBytes: torn)
                if let liesAboutCheckpoint,
                    try SimulatedDisk.loseNewest(of: next + "/checkpoint", keeping: liesAboutCheckpoint)
                {
                    world.lostCheckpoints += 1
                }
            }
        }
        let agent = try SimulatedAgent(directory: home, yaml: yaml, topics: topics, world: world)
        agent.assign((0..<topics.partitions).shuffled(using: &chance))
        return agent
    }

    /// Lets the agent work until everything in the topics is worked off; after a power failure its next life goes on.
    mutating func work(
        _ agent: SimulatedAgent, _ world: SimulatedWorld, _ chance: inout SeededGenerator
    ) throws -> SimulatedAgent {
        var agent = agent
        while true {
            while !world.isCrashed, !agent.unread.isEmpty || agent.isBusy {
                world.advance(microseconds: Int64.random(in: 0...400_000, using: &chance))
                try step(agent, world, &chance)
            }
            guard world.isCrashed else { return agent }
            try world.restart()
            crashes += 1
            life += 1
            agent = try begin(world, &chance)
        }
    }

    private func step(
        _ agent: SimulatedAgent, _ world: SimulatedWorld, _ chance: inout SeededGenerator
    ) throws {
        switch Int.random(in: 0..<104, using: &chance) {
        case 0..<45:
            guard let place = agent.unread.randomElement(using: &chance) else { return }
            agent.fetch(place, maximum: Int.random(in: 1...60, using: &chance))
        case 45..<63: agent.step(.worker, worker: Int.random(in: 0..<3, using: &chance))
        case 63..<81: agent.step(.coordinator)
        case 81..<85: agent.step(.trainer)
        case 85..<90: agent.step(.housekeeper)
        case 90..<96:
            try agent.deliver(
                fails: Int.random(in: 0..<4, using: &chance) == 0,
                acknowledgementIsLost: Int.random(in: 0..<4, using: &chance) == 0)
        case 96..<98:
            guard let place = agent.unread.randomElement(using: &chance) else { return }
            agent.rewind(place, by: Int.random(in: 1...30, using: &chance))
        case 98:
            agent.revoke()
            if !world.isCrashed { agent.assign((0..<topics.partitions).shuffled(using: &chance)) }
        case 99: world.isDiskFull = true
        case 100..<102: world.isDiskFull = false
        case 102:
            guard isLogComplete, let partition = agent.atEnd.randomElement(using: &chance) else { return }
            agent.fallIdle(partition)
        default:
            guard agent.hasRoom(for: 5) else { return }
            agent.lose()
            agent.assign((0..<topics.partitions).shuffled(using: &chance))
        }
    }
}
