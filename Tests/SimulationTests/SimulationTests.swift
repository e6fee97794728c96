import Foundation
import Synchronization
import Testing

@testable import Agent

/// The whole agent on a seeded broker, clock, disk and network. A seed that fails reproduces alone:
/// `TIDEWATCH_SEED=17 swift test --filter SimulationTests`; more of them: `make simulate SEEDS=100000`.
@Suite struct SimulationTests {
    private static var seeds: ClosedRange<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        if let one = environment["TIDEWATCH_SEED"].flatMap(UInt64.init) { return one...one }
        return 1...max(1, environment["TIDEWATCH_SEEDS"].flatMap(UInt64.init) ?? 1_000)
    }

    @Test func whateverHappensTheNumbersAreThoseOfAnUndisturbedPass() {
        let seeds = Self.seeds
        let found = Mutex((failures: [String](), crashes: 0, refusals: 0, losses: 0, windows: 0, alerts: 0))
        DispatchQueue.concurrentPerform(iterations: seeds.count) { index in
            let seed = seeds.lowerBound + UInt64(index)
            do {
                let simulation = try Simulation(seed: seed)
                let expected = try simulation.undisturbed(endsIdle: true)
                let outcome = try simulation.disturbed()
                let differences = Self.differences(of: outcome, from: expected)
                found.withLock {
                    $0.failures += differences.prefix(3).map { "seed \(seed): \($0)" }
                    $0.crashes += outcome.crashes
                    $0.refusals += outcome.refusals
                    $0.losses += outcome.lostCheckpoints
                    $0.windows += outcome.windows.count
                    $0.alerts += Set(outcome.received.map(\.id)).count
                }
                try simulation.clean()
            } catch {
                found.withLock { $0.failures.append("seed \(seed): \(error)") }
            }
        }
        let result = found.withLock { $0 }
        #expect(result.failures.isEmpty, "\(result.failures.prefix(10).joined(separator: "\n"))")
        // A simulation in which nothing happens would prove nothing.
        #expect(result.crashes >= seeds.count / 2)
        #expect(result.refusals >= seeds.count / 10)
        #expect(result.losses >= seeds.count / 20)
        #expect(result.windows >= seeds.count * 5)
        #expect(result.alerts >= seeds.count / 4)
    }

    /// Retraining, promotion, rollback: the whole loop, a fifth of the seeds.
    @Test func whateverHappensThereIsOneChampionAndACompleteLedger() {
        let seeds = Self.seeds.count == 1 ? Self.seeds : Self.seeds.lowerBound...max(1, Self.seeds.upperBound / 5)
        let found = Mutex((failures: [String](), crashes: 0, recovered: 0))
        DispatchQueue.concurrentPerform(iterations: seeds.count) { index in
            let seed = seeds.lowerBound + UInt64(index)
            do {
                var simulation = try LoopSimulation(seed: seed)
                let violations = try simulation.violations()
                found.withLock {
                    $0.failures += violations.prefix(3).map { "seed \(seed): \($0)" }
                    $0.crashes += simulation.crashes
                    // 10 % of the labels are noise.
                    if simulation.right.suffix(3).reduce(0, +) >= 90 { $0.recovered += 1 }
                }
                try simulation.clean()
            } catch {
                found.withLock { $0.failures.append("seed \(seed): \(error)") }
            }
        }
        let result = found.withLock { $0 }
        #expect(result.failures.isEmpty, "\(result.failures.prefix(10).joined(separator: "\n"))")
        #expect(result.crashes >= seeds.count / 2)
        #expect(
            result.recovered * 10 >= seeds.count * 9, "the loop has closed: the world turned, and it is served well")
    }

    /// Replicas that die, sleep, wake up too late, join and hand over say what one agent says; a fifth of the seeds.
    @Test func whateverHappensToReplicasTheySayWhatOneAgentSays() {
        let seeds = Self.seeds.count == 1 ? Self.seeds : Self.seeds.lowerBound...max(1, Self.seeds.upperBound / 5)
        let found = Mutex((failures: [String](), deaths: 0, alerts: 0))
        DispatchQueue.concurrentPerform(iterations: seeds.count) { index in
            let seed = seeds.lowerBound + UInt64(index)
            do {
                let simulation = try Simulation(seed: seed)
                let expected = try simulation.undisturbed(endsIdle: false)
                var replicas = try ReplicaSimulation(simulation)
                let outcome = try replicas.run()
                var differences: [String] = []
                if outcome.windows != expected.windows {
                    let pair = zip(outcome.windows, expected.windows).first { $0 != $1 }
                    differences.append(
                        "\(outcome.windows.count) windows for \(expected.windows.count); "
                            + (pair.map { "\($0) for \($1)" } ?? "the rest is the same"))
                }
                let wanted = Set(expected.received.map(\.id))
                if outcome.alerts != wanted { differences.append("alerts \(outcome.alerts) for \(wanted)") }
                let deaths = replicas.deaths
                found.withLock {
                    $0.failures += differences.map { "seed \(seed): \($0)" }
                    $0.deaths += deaths
                    $0.alerts += wanted.count
                }
                try simulation.clean()
            } catch {
                found.withLock { $0.failures.append("seed \(seed): \(error)") }
            }
        }
        let result = found.withLock { $0 }
        #expect(result.failures.isEmpty, "\(result.failures.prefix(10).joined(separator: "\n"))")
        #expect(result.deaths >= seeds.count)
        #expect(result.alerts >= seeds.count / 4)
    }

    /// Tests that run at the same time would take each other's files away.
    @Test func twoSimulationsOfOneSeedShareNothing() throws {
        let simulations = [try Simulation(seed: 1), try Simulation(seed: 1)]
        #expect(simulations[0].directory != simulations[1].directory)
        for simulation in simulations { try simulation.clean() }
    }

    /// Its databases would stay open, and a process of many lives would run out of files.
    @Test func anAgentThatIsGoneHoldsNothing() throws {
        let simulation = try Simulation(seed: 1)
        weak var loop: ConsumerLoop?
        weak var coordinator: CoordinatorLoop?
        do {
            let agent = try simulation.agent()
            loop = agent.parts.reading.consumerLoop
            coordinator = agent.parts.reading.coordinatorLoop
            #expect(loop != nil && coordinator != nil)
        }
        #expect(loop == nil)
        #expect(coordinator == nil)
        try simulation.clean()
    }

    /// What must not differ, whatever happened.
    private static func differences(of outcome: Simulation.Outcome, from expected: Simulation.Outcome) -> [String] {
        var differences: [String] = []
        if outcome.windows != expected.windows {
            let pairs = zip(outcome.windows, expected.windows).first { $0 != $1 }
            differences.append(
                "\(outcome.windows.count) windows for \(expected.windows.count); "
                    + (pairs.map { "\($0) for \($1)" } ?? "the rest is the same"))
        }
        let ids = Set(outcome.received.map(\.id))
        let wanted = Set(expected.received.map(\.id))
        if ids != wanted { differences.append("alerts \(ids.symmetricDifference(wanted).sorted())") }
        // Sent again under its id a message says the same.
        let bodies = Dictionary(grouping: outcome.received, by: \.id).mapValues { Set($0.map(\.body)) }
        for (id, said) in bodies where said.count > 1 { differences.append("\(id) says \(said.count) things") }
        for alert in expected.received where bodies[alert.id].map({ $0 != [alert.body] }) ?? false {
            differences.append("\(alert.id) says another thing than undisturbed")
        }
        if Set(outcome.published) != Set(expected.published) {
            let other = Set(outcome.published).symmetricDifference(expected.published)
            differences.append("published \(other.sorted().prefix(5))")
        }
        if let problem = outcome.problems.first { differences.append("it complains: \(problem)") }
        return differences
    }
}
