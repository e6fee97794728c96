import Registry
import Testing

@Suite struct PromotionTests {
    private let folder: RegistryFolder
    private let registry: ModelRegistry

    init() throws {
        folder = try RegistryFolder()
        registry = try folder.registry()
    }

    @Test func thePredecessorGoesOnInShadow() throws {
        try registry.register(3)
        #expect(try registry.champion(of: "fraud") == nil)
        try registry.promote("1")
        #expect(try registry.states() == [.champion, .registered, .registered])
        #expect(try registry.predecessor(of: "fraud") == nil)
        try registry.promote("2")
        #expect(try registry.states() == [.shadow, .champion, .registered])
        #expect(try registry.shadow(of: "fraud")?.version == "1")
        try registry.promote("3")
        #expect(try registry.states() == [.archived, .shadow, .champion])
        let history = try registry.history(of: "fraud").suffix(4)
        #expect(history.map(\.event) == [.promoted, .promoted, .archived, .promoted])
        #expect(history.map(\.version) == ["1", "2", "1", "3"])
        #expect(history.map(\.previous) == [nil, "1", nil, "2"])
        #expect(history.dropLast().last?.reason == "superseded by v3")
    }

    @Test func rollbackGoesToTheShadowThenToTheNewestThatServed() throws {
        try registry.register(4)
        for version in ["1", "2", "3"] { try registry.promote(version) }
        #expect(try registry.predecessor(of: "fraud")?.version == "2")
        #expect(try registry.rollback() == "2")
        #expect(try registry.states() == [.archived, .champion, .rolledBack, .registered])
        #expect(try registry.predecessor(of: "fraud")?.version == "1")
        #expect(try registry.rollback() == "1")
        #expect(try registry.states() == [.champion, .rolledBack, .rolledBack, .registered])
        #expect(registryError { _ = try registry.rollback() }?.code == .nothingToRollBackTo)
        let last = try #require(try registry.history(of: "fraud").last)
        #expect(last.event == .rolledBack)
        #expect(last.version == "1")
        #expect(last.previous == "2")
        #expect(last.reason == "worse")
    }

    /// The newest that served, not the one with the highest number.
    @Test func rollbackFollowsTheLedgerNotTheNumbers() throws {
        try registry.register(4)
        for version in ["3", "1", "4"] { try registry.promote(version) }
        try registry.archiveShadow(of: "fraud", reason: "kept", now: 150)
        #expect(try registry.shadow(of: "fraud") == nil)
        #expect(try registry.rollback() == "1")
        #expect(try registry.rollback() == "3")
    }

    @Test func versionsThatNeverServedAreNoTarget() throws {
        try registry.register(2)
        let rejected = try registry.register(
            model: "fraud", artifact: [9], reference: nil, lineage: Lineage(trigger: "schedule"), state: .rejected,
            now: 3)
        try registry.promote("2")
        #expect(rejected.state == .rejected)
        #expect(registryError { _ = try registry.rollback() }?.code == .nothingToRollBackTo)
        #expect(try registry.states() == [.registered, .champion, .rejected])
    }

    @Test func archivingTheShadowIsLogged() throws {
        try registry.register(2)
        try registry.promote("1")
        try registry.archiveShadow(of: "fraud", reason: "none", now: 1)
        let before = try registry.newestSequence()
        try registry.promote("2")
        try registry.archiveShadow(of: "fraud", reason: "kept after 500 labels", now: 7)
        #expect(try registry.states() == [.archived, .champion])
        #expect(try registry.newestSequence() == before + 2)
        let last = try #require(try registry.history(of: "fraud").last)
        #expect(last.event == .archived)
        #expect(last.version == "1")
        #expect(last.reason == "kept after 500 labels")
    }

    /// A challenger has beaten one champion; it takes nobody else's place.
    @Test func theChampionMayHaveChangedMeanwhile() throws {
        func promote(_ version: String, over expected: String?) throws {
            try registry.promote(model: "fraud", version: version, expected: expected, reason: "better", now: 9)
        }
        try registry.register(3)
        let none = registryError { try promote("1", over: "7") }
        #expect(none?.code == .illegalMove)
        #expect(none?.message.hasSuffix("there is no champion by now") == true)
        try promote("1", over: nil)
        try registry.promote("3")
        let before = try registry.newestSequence()
        let late = registryError { try promote("2", over: "1") }
        #expect(late?.code == .illegalMove)
        #expect(late?.message == "fraud v2 was compared with v1, but v3 is the champion by now")
        #expect(try registry.states() == [.shadow, .registered, .champion])
        #expect(try registry.newestSequence() == before)
        try promote("2", over: "3")
        #expect(try registry.states() == [.archived, .champion, .shadow])
    }

    /// Whoever asks for it by name may have a rejected or rolled-back version, and the shadow itself.
    @Test func peopleMayPromoteAnyVersion() throws {
        try registry.register(2)
        try registry.promote("1")
        try registry.promote("2")
        try registry.promote("1")
        #expect(try registry.states() == [.champion, .shadow])
        // The one in shadow serves: it was not archived on the way.
        #expect(try registry.history(of: "fraud").contains { $0.event == .archived } == false)
        #expect(try registry.rollback() == "2")
        try registry.promote("1")
        #expect(try registry.states() == [.champion, .shadow])
    }

    @Test func rollbackWithoutChampionIsRefused() throws {
        try registry.register(1)
        let error = registryError { _ = try registry.rollback() }
        #expect(error?.code == .unknownModel)
        #expect(error?.message.contains("fraud") == true)
    }

    @Test func modelsDoNotTouchEachOther() throws {
        try registry.register(2)
        try registry.register(2, of: "churn")
        try registry.promote("1")
        try registry.promote("2", of: "churn")
        try registry.promote("2")
        #expect(try registry.states() == [.shadow, .champion])
        #expect(try registry.states(of: "churn") == [.registered, .champion])
        #expect(registryError { _ = try registry.rollback("churn") }?.code == .nothingToRollBackTo)
    }
}
