import Events
import Foundation
import GRDB
import Registry
import Storage
import Synchronization

/// A folder with a registry's database and blobs; gone when the test is over.
final class RegistryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/tidewatch-registry-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw CocoaError(.fileWriteUnknown) }
        path = String(cString: made)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            // The operating system clears /tmp; a test must not fail for this.
        }
    }

    /// Opens the database: a further connection each time, as another process would.
    func database() throws -> StateDatabase {
        try StateDatabase(path: path + "/state.sqlite", migrations: ModelRegistry.migrations)
    }

    func blobs() throws -> BlobStore { try BlobStore(directory: path + "/blobs") }

    func registry() throws -> ModelRegistry { ModelRegistry(database: try database(), blobs: try blobs()) }
}

extension ModelRegistry {
    static let topics = PublicationTopics(events: "tidewatch.events", models: "tidewatch.models")

    /// Registers versions 1…`count` of the model, each with an artifact of its own.
    func register(_ count: Int, of model: String = "fraud") throws {
        for number in 1...count {
            _ = try register(
                model: model, artifact: Array("\(model) \(number)".utf8), reference: nil,
                lineage: Lineage(trigger: "import", metrics: ["auc": Double(number) / 8]), now: Int64(number))
        }
    }

    /// The states of versions 1, 2, ….
    func states(of model: String = "fraud") throws -> [VersionState] { try versions(of: model).map(\.state) }

    func promote(_ version: String, of model: String = "fraud") throws {
        try promote(model: model, version: version, reason: "test", now: 1_767_225_600_000_000)
    }

    func rollback(_ model: String = "fraud") throws -> String {
        try rollback(model: model, reason: "worse", now: 200).version
    }
}

/// The error's code; `nil` where the body succeeds.
func registryError(_ body: () throws -> Void) -> RegistryError? {
    do {
        try body()
        return nil
    } catch {
        return error as? RegistryError
    }
}

/// Keeps what is published, and refuses the n-th record of all, once.
final class RecordingSink: RecordSink {
    struct Refused: Error {}

    private let state: Mutex<(records: [PublishedRecord], calls: Int)>
    private let refuses: Int?

    init(refusing call: Int? = nil) {
        refuses = call
        state = Mutex((records: [], calls: 0))
    }

    var records: [PublishedRecord] { state.withLock { $0.records } }

    func publish(_ record: PublishedRecord) throws {
        try state.withLock { state in
            state.calls += 1
            if state.calls == refuses { throw Refused() }
            state.records.append(record)
        }
    }
}

extension PublishedRecord {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The body as JSON.
    func object() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(value ?? [])) as? [String: Any] ?? [:]
    }
}
