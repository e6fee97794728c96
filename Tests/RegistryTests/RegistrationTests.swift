import Foundation
import Registry
import Storage
import Testing

@Suite struct RegistrationTests {
    private let folder: RegistryFolder
    private let registry: ModelRegistry

    init() throws {
        folder = try RegistryFolder()
        registry = try folder.registry()
    }

    @Test func numbersCountUpPerModel() throws {
        try registry.register(3)
        try registry.register(2, of: "churn")
        #expect(try registry.versions(of: "fraud").map(\.version) == ["1", "2", "3"])
        #expect(try registry.versions(of: "churn").map(\.version) == ["1", "2"])
        #expect(try registry.models() == ["churn", "fraud"])
    }

    /// "10" comes after "9", not after "1".
    @Test func versionsAreOrderedAsNumbers() throws {
        try registry.register(11)
        #expect(try registry.versions(of: "fraud").map(\.version) == (1...11).map(String.init))
    }

    @Test func theSameArtifactAndLineageIsOneVersion() throws {
        let lineage = Lineage(trigger: "import", parameters: ["b": "2", "a": "1"], metrics: ["z": 1, "y": 0.1])
        func register(_ artifact: String, _ lineage: Lineage, now: Int64) throws -> VersionRecord {
            try registry.register(
                model: "fraud", artifact: Array(artifact.utf8), reference: [1], lineage: lineage, now: now)
        }
        let first = try register("a", lineage, now: 1)
        #expect(try register("a", lineage, now: 2) == first)
        #expect(try registry.history(of: "fraud").count == 1)

        var later = lineage
        later.dataToMicroseconds = 5
        #expect(try register("a", later, now: 3).version == "2")
        #expect(try register("b", lineage, now: 4).version == "3")
        #expect(try register("a", lineage, now: 5) == first)
    }

    @Test func aVersionWithoutArtifactIsIdempotentToo() throws {
        let lineage = Lineage(trigger: "import")
        let first = try registry.register(model: "m", artifact: nil, reference: nil, lineage: lineage, now: 1)
        let again = try registry.register(model: "m", artifact: nil, reference: nil, lineage: lineage, now: 2)
        #expect(again == first)
        #expect(registryError { _ = try registry.artifact(of: first) }?.code == .noArtifact)
        #expect(try registry.reference(of: first) == nil)
    }

    @Test func numbersTakenElsewhereAreSkipped() throws {
        func register(_ artifact: UInt8, above: Int64) throws -> String {
            try registry.register(
                model: "m", artifact: [artifact], reference: nil, lineage: Lineage(trigger: "t"), numberAbove: above,
                now: 1
            ).version
        }
        #expect(try register(1, above: 7) == "8")
        #expect(try register(2, above: 3) == "9")
        #expect(try register(3, above: 0) == "10")
    }

    @Test(arguments: VersionState.allCases)
    func newVersionsAreRegisteredOrRejected(state: VersionState) throws {
        let error = registryError {
            _ = try registry.register(
                model: "m", artifact: [1], reference: nil, lineage: Lineage(trigger: "t"), state: state, reason: "why",
                now: 9)
        }
        if state == .registered || state == .rejected {
            #expect(error == nil)
            #expect(try registry.states(of: "m") == [state])
            let entry = try #require(try registry.history(of: "m").first)
            #expect(entry.event.rawValue == state.rawValue)
            #expect(entry.reason == "why")
            #expect(entry.atMicroseconds == 9)
        } else {
            #expect(error?.code == .illegalMove)
            #expect(try registry.models().isEmpty)
        }
    }

    @Test func contentsComeBackVerified() throws {
        let record = try registry.register(
            model: "m", artifact: [1, 2, 3], reference: [4, 5], lineage: Lineage(trigger: "t"), now: 1)
        #expect(try registry.artifact(of: record) == [1, 2, 3])
        #expect(try registry.reference(of: record) == [4, 5])
        #expect(record.artifactBytes == 3)

        let blobs = try folder.blobs()
        for digest in [try #require(record.artifactDigest), try #require(record.referenceDigest)] {
            try Data([1, 2, 4]).write(to: URL(fileURLWithPath: blobs.path(of: digest)))
        }
        let refused = #expect(throws: StorageError.self) { try registry.artifact(of: record) }
        #expect(refused?.code == .corrupt)
        #expect(throws: StorageError.self) { try registry.reference(of: record) }
    }

    @Test func textsNameWhatIsKnown() throws {
        try registry.register(2)
        let model = registryError { try registry.promote("1", of: "frued") }
        #expect(model?.code == .unknownModel)
        #expect(model?.message.contains("'frued'") == true)
        #expect(model?.message.contains("models list") == true)
        for wrong in ["3", "", "01", "1 ", "v1", "1' OR '1'='1"] {
            let version = registryError { try registry.promote(wrong) }
            #expect(version?.code == .unknownVersion, "\(wrong)")
            #expect(version?.message.hasSuffix("known are 1, 2") == true)
        }
        #expect(registryError { _ = try registry.rollback("frued") }?.code == .unknownModel)
    }
}
