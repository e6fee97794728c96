import Agent
import Foundation
import Testing

/// Several agents in one group: the windows and alerts are those of one agent that does everything itself, whatever
/// happens to the replicas.
@Suite(.serialized) struct ReplicaTests {
    private static let story = ReplicaStory()

    @Test func threeReplicasSayWhatOneAgentSays() throws {
        let expected = try Self.story.alone(brokers: nil)
        let harness = try Self.story.harness()
        let replicas = try ["a", "b", "c"].map { try harness.spawn(replica: $0, state: "shared") }
        try Self.story.produce(harness)
        try Self.story.waitForTheEnd(harness)
        for replica in replicas { replica.kill() }
        try Self.story.check(harness, against: expected)
    }

    /// One is killed, one joins, and one sleeps until the group has moved on and wakes up again. Where they share no
    /// folder, whoever takes over begins with what the topics hold.
    @Test(arguments: [true, false]) func norDoesItMatterWhatHappensToThem(sharesState: Bool) throws {
        let expected = try Self.story.alone(brokers: nil)
        let harness = try Self.story.harness()
        func spawn(_ name: String) throws -> LiveProcess {
            try harness.spawn(replica: name, state: sharesState ? "shared" : "of-\(name)")
        }
        var replicas = try ["a", "b"].map(spawn)
        try Self.story.produce(harness)
        try harness.waitForWindows(endingAt: 6)
        replicas[0].kill()
        replicas.append(try spawn("c"))
        try harness.waitForWindows(endingAt: 13)
        replicas[1].pause(true)
        try harness.waitForWindows(endingAt: 20)
        replicas[1].pause(false)
        try Self.story.waitForTheEnd(harness)
        for replica in replicas { replica.kill() }
        // A retraining that a crash interrupts is due again, one pane later and with its rows.
        try Self.story.check(harness, against: expected, versions: false)
    }
}
