import Foundation
import Testing
import TidewatchTestKit

/// Three replicas on a real cluster, killed at random moments, say what one agent says that nothing disturbs.
///
/// By hand, 200 times on five million events:
/// `TIDEWATCH_KILLS=200 TIDEWATCH_PER_HOUR=70000 TIDEWATCH_PROGRAM=.build/release/tidewatch swift test --filter KilledReplica`.
@Suite(.serialized, .enabled(if: TestCluster.real != nil, "needs a cluster: TIDEWATCH_KAFKA=host:port"))
struct KilledReplicaTests {
    private static func number(_ name: String, otherwise: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? otherwise
    }

    /// Dynamic members: Tansu waits without end for a static one that was killed while it led its group.
    private static func spawn(_ name: String, _ harness: ReplicaHarness) throws -> LiveProcess {
        try harness.spawn(replica: name, state: "shared", isStatic: false)
    }

    @Test func killNineAtRandomMomentsChangesNothing() throws {
        let kills = Self.number("TIDEWATCH_KILLS", otherwise: 6)
        let story = ReplicaStory(perHour: Self.number("TIDEWATCH_PER_HOUR", otherwise: 400))
        let expected = try story.alone(brokers: TestCluster.real)
        let harness = try story.harness(brokers: TestCluster.real)
        let names = ["a", "b", "c"]
        var replicas = try names.map { try Self.spawn($0, harness) }
        var chance = SeededGenerator(seed: 200)
        var killed = 0
        for hour in story.allHours {
            try story.produce(harness, hour: hour)
            // The last hours are left in peace, so that what was interrupted is done again.
            while killed < kills * (hour + 1) / story.hours, hour < story.hours {
                // A dead member is missed after six seconds.
                harness.log.pass(seconds: Double.random(in: 0..<12, using: &chance))
                let unlucky = Int.random(in: names.indices, using: &chance)
                replicas[unlucky].kill()
                replicas[unlucky] = try Self.spawn(names[unlucky], harness)
                killed += 1
            }
        }
        #expect(killed == kills)
        try story.waitForTheEnd(harness)
        for replica in replicas { replica.kill() }
        // A retraining that a crash interrupts is due again, one pane later and with its rows.
        try story.check(harness, against: expected, versions: false)
    }
}
