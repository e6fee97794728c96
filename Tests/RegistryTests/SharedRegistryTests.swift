import Foundation
import Registry
import Testing
import TidewatchTestKit

/// The agent and the command line on one file.
@Suite struct SharedRegistryTests {
    @Test func eachSeesWhatTheOtherDoes() throws {
        let folder = try RegistryFolder()
        let agent = try folder.registry()
        let command = try folder.registry()
        try agent.register(2)
        #expect(try command.states() == [.registered, .registered])
        try command.promote("1")
        #expect(try agent.champion(of: "fraud")?.version == "1")
        try agent.promote("2")
        #expect(registryError { try command.promote("2") }?.code == .illegalMove)
        #expect(try command.rollback() == "1")
        #expect(try agent.history(of: "fraud") == command.history(of: "fraud"))
        #expect(try agent.newestSequence() == 5)

        let sink = RecordingSink()
        #expect(try agent.publishPending(to: sink, topics: ModelRegistry.topics) == 5)
        #expect(try command.publishPending(to: sink, topics: ModelRegistry.topics) == 0)
        #expect(try folder.registry().states() == [.champion, .rolledBack])
    }

    /// Writers at the same time: no number twice, none left out.
    @Test func numbersAreGivenOnceUnderConcurrency() async throws {
        let folder = try RegistryFolder()
        let registries = [try folder.registry(), try folder.registry()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (side, registry) in registries.enumerated() {
                group.addTask {
                    for item in 0..<10 {
                        _ = try registry.register(
                            model: "m", artifact: [UInt8(side), UInt8(item)], reference: nil,
                            lineage: Lineage(trigger: "t"), now: 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try registries[0].versions(of: "m").map(\.version) == (1...20).map(String.init))
        #expect(try registries[1].newestSequence() == 20)
    }

    /// Promotions and rollbacks of two processes at once: one line of champions, each after the one before it.
    @Test func championsFollowOneAnotherUnderConcurrency() async throws {
        let folder = try RegistryFolder()
        let registries = [try folder.registry(), try folder.registry()]
        try registries[0].register(6)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (side, registry) in registries.enumerated() {
                group.addTask {
                    var generator = SeededGenerator(seed: UInt64(side))
                    for _ in 0..<30 {
                        let isRollback = Int.random(in: 0..<3, using: &generator) == 0
                        let version = String(Int.random(in: 1...6, using: &generator))
                        do {
                            if isRollback { _ = try registry.rollback() } else { try registry.promote(version) }
                        } catch let error as RegistryError {
                            // Refused: it is the champion already, or there is nothing to go back to.
                            #expect(error.code != .unknownVersion)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let moves = try registries[1].history(of: "fraud").filter { $0.event == .promoted || $0.event == .rolledBack }
        #expect(moves.count > 10)
        #expect(moves.dropFirst().map(\.previous) == moves.dropLast().map(\.version))
        let states = try registries[1].states()
        #expect(states.count { $0 == .champion } == 1)
        #expect(states.count { $0 == .shadow } <= 1)
        #expect(try registries[1].champion(of: "fraud")?.version == moves.last?.version)
    }

    @Test func demandsAreTakenOnce() throws {
        let folder = try RegistryFolder()
        let agent = try folder.registry()
        let command = try folder.registry()
        #expect(try agent.hasDemands() == false)
        try command.demandRetraining(of: "fraud", now: 1)
        try command.demandRetraining(of: "fraud", now: 2)
        try command.demandRetraining(of: "churn", now: 3)
        #expect(try agent.hasDemands())
        #expect(try agent.takeDemands() == ["churn", "fraud"])
        #expect(try agent.hasDemands() == false)
        #expect(try command.takeDemands().isEmpty)
        try command.demandRetraining(of: "fraud", now: 4)
        #expect(try agent.takeDemands() == ["fraud"])
    }
}
