import Foundation
import GRDB
import Registry
import Storage
import Testing

/// The first reference of a model, which stays what it is.
@Suite struct AnchorTests {
    private let folder: RegistryFolder

    init() throws { folder = try RegistryFolder() }

    private func register(_ registry: ModelRegistry, _ name: String, reference: String?) throws {
        _ = try registry.register(
            model: "fraud", artifact: Array(name.utf8), reference: reference.map { Array($0.utf8) },
            lineage: Lineage(trigger: "import"), now: 1)
    }

    @Test func theFirstReferenceStays() throws {
        let registry = try folder.registry()
        try register(registry, "a", reference: nil)
        #expect(try registry.anchor(of: "fraud") == nil)
        try register(registry, "b", reference: "first")
        try register(registry, "c", reference: "second")
        try registry.offerAnchor(model: "fraud", version: "9", profile: Array("third".utf8))
        let anchor = try #require(try registry.anchor(of: "fraud"))
        #expect(anchor.version == "2" && anchor.profile == Array("first".utf8))
        #expect(try registry.anchor(of: "churn") == nil)
    }

    /// A reference that was learned or read from a table comes before any registered version's.
    @Test func anOfferedReferenceIsTheAnchorIfItIsFirst() throws {
        let registry = try folder.registry()
        try registry.offerAnchor(model: "fraud", version: "", profile: Array("table".utf8))
        try register(registry, "a", reference: "own")
        #expect(try registry.anchor(of: "fraud")?.profile == Array("table".utf8))
    }

    /// Registries from before anchors were kept: the oldest version with a reference has it.
    @Test func anOlderRegistryGetsItsAnchor() throws {
        let older = Array(ModelRegistry.migrations.prefix(1))
        let path = folder.path + "/state.sqlite"
        let blobs = try folder.blobs()
        let digest = try blobs.put(Array("first".utf8))
        let newer = try blobs.put(Array("newer".utf8))
        let database = try StateDatabase(path: path, migrations: older)
        try database.write { db in
            for (number, reference) in [(1, nil), (2, digest), (10, newer)] as [(Int, String?)] {
                try db.execute(
                    sql:
                        "INSERT INTO version VALUES ('fraud', ?, 'archived', 1, NULL, 0, ?, '{\"trigger\":\"import\"}')",
                    arguments: [number, reference])
            }
        }
        let anchor = try #require(try folder.registry().anchor(of: "fraud"))
        #expect(anchor.version == "2" && anchor.profile == Array("first".utf8))
    }
}
