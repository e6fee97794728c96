import GRDB
import Registry
import Storage
import Testing

@Suite struct LedgerTests {
    @Test(arguments: [
        "UPDATE ledger SET reason = 'nothing happened'", "DELETE FROM ledger",
        "DELETE FROM ledger WHERE sequence = 1",
    ])
    func refusesChanges(statement: String) throws {
        let folder = try RegistryFolder()
        let database = try folder.database()
        let registry = ModelRegistry(database: database, blobs: try folder.blobs())
        try registry.register(2)
        try registry.promote("1")
        let before = try registry.history(of: "fraud")
        #expect(throws: StorageError.self) { try database.write { try $0.execute(sql: statement) } }
        #expect(try registry.history(of: "fraud") == before)
        #expect(before.map(\.event) == [.registered, .registered, .promoted])
        #expect(before.map(\.sequence) == [1, 2, 3])
    }

    @Test func aFailedMoveLeavesNoTrace() throws {
        let folder = try RegistryFolder()
        let registry = try folder.registry()
        try registry.register(1)
        try registry.promote("1")
        let before = try registry.newestSequence()
        #expect(registryError { try registry.promote("1") }?.code == .illegalMove)
        #expect(registryError { _ = try registry.rollback() }?.code == .nothingToRollBackTo)
        #expect(try registry.newestSequence() == before)
        #expect(try registry.states() == [.champion])
    }
}
