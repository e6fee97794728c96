import Alerting
import Foundation
public import Registry
import Storage

/// The folder that the agent keeps its state in: registry, outbox and history in `state.sqlite`, windows and offsets in
/// `checkpoint.*`, artifacts in `blobs`.
public struct StateDirectory: Sendable {
    public let registry: ModelRegistry
    public let history: WindowHistory
    private let database: StateDatabase
    private let path: String

    /// Opens the folder, and creates what is missing.
    public init(path: String) throws { try self.init(path: path, blobs: path + "/blobs") }

    /// - Parameter blobs: the folder of artifacts and references.
    init(path: String, blobs: String) throws {
        self.path = path
        try Self.makeFolder(path)
        database = try StateDatabase(
            path: path + "/state.sqlite",
            migrations: ModelRegistry.migrations + Outbox.migrations + WindowHistory.migrations)
        registry = ModelRegistry(database: database, blobs: try BlobStore(directory: blobs))
        history = WindowHistory(database: database)
    }

    static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StorageError(
                .ioFailure,
                "the state directory cannot be made: \(error.localizedDescription) Name a folder that the agent may "
                    + "write to in agent.state_directory.", path: path)
        }
    }

    var checkpointPath: String { path + "/checkpoint" }

    /// Copies a folder's state as it is, also while its owner writes to it; not the blobs.
    ///
    /// - Throws: `StorageError`.
    static func copy(_ folder: String, to target: String) throws {
        // The checkpoint first: what follows it is said again, and must not be missing.
        try CheckpointKeeper.copy(folder + "/checkpoint", to: target + "/checkpoint")
        let database = "/state.sqlite"
        guard FileManager.default.fileExists(atPath: folder + database) else { return }
        try StateDatabase.copy(folder + database, to: target + database)
    }

    func outbox(_ configuration: AgentConfiguration) -> Outbox {
        Outbox(
            database: database,
            limits: OutboxLimits(
                maximumPending: configuration.limits.queuedAlerts,
                giveUpAfterMicroseconds: configuration.alerting.giveUpAfter))
    }
}
