/// Where a version stands.
public enum VersionState: String, Codable, Sendable, CaseIterable {
    /// Known, and never promoted.
    case registered
    /// Serves.
    case champion
    /// The champion's predecessor: scores the same rows, so that a worse champion is found out.
    case shadow
    /// Served once.
    case archived
    /// Was no better than the champion of its day.
    case rejected
    /// Served, and was found to be worse than its predecessor.
    case rolledBack = "rolled_back"
}

/// Where a version comes from.
public struct Lineage: Codable, Sendable, Equatable {
    /// Why it was made: `performance_below`, `schedule`, `on_demand`, `import` …
    public var trigger: String
    /// The champion of the time.
    public var parent: String?
    /// Event times of the training rows, microseconds since 1970 UTC.
    public var dataFromMicroseconds: Int64
    public var dataToMicroseconds: Int64
    /// Rows trained on.
    public var rows: Int
    public var parameters: [String: String]
    /// By name; `champion.` before the champion's on the same hold-out.
    public var metrics: [String: Double]
    public var note: String
    /// How far the training data are from the model's first reference.
    public var anchor: AnchorDistance?
    /// How much each feature matters to the model, sum 1: its part of the loss that all splits remove. `nil` for a model
    /// that was not trained here, or has no split.
    public var importance: [String: Double]?

    public init(
        trigger: String, parent: String? = nil, dataFromMicroseconds: Int64 = 0, dataToMicroseconds: Int64 = 0,
        rows: Int = 0, parameters: [String: String] = [:], metrics: [String: Double] = [:], note: String = "",
        anchor: AnchorDistance? = nil, importance: [String: Double]? = nil
    ) {
        self.trigger = trigger
        self.parent = parent
        self.dataFromMicroseconds = dataFromMicroseconds
        self.dataToMicroseconds = dataToMicroseconds
        self.rows = rows
        self.parameters = parameters
        self.metrics = metrics
        self.note = note
        self.anchor = anchor
        self.importance = importance
    }

    /// The features by their importance, ties by name; empty where nothing is known.
    public var mostImportantFirst: [(column: String, importance: Double)] {
        (importance ?? [:]).map { (column: $0.key, importance: $0.value) }
            .sorted { ($1.importance, $0.column) < ($0.importance, $1.column) }
    }

    /// First and last event time of the training rows.
    public var dataRange: ClosedRange<Int64> {
        dataFromMicroseconds...max(dataFromMicroseconds, dataToMicroseconds)
    }
}

/// How far a version's training data are from the first reference that its model ever had (`AnchorReference`).
public struct AnchorDistance: Codable, Sendable, Equatable {
    /// Whose reference that was; empty for one that was read from a table.
    public var version: String
    /// The PSI of each column in excess of what chance gives; columns for which there are too few rows are left out.
    public var columns: [String: Double]

    public init(version: String, columns: [String: Double]) {
        self.version = version
        self.columns = columns
    }

    /// By how far they have moved, ties by name.
    public var farthestFirst: [(column: String, psi: Double)] {
        columns.map { (column: $0.key, psi: $0.value) }.sorted { ($1.psi, $0.column) < ($0.psi, $1.column) }
    }
}

/// One version of a model.
public struct VersionRecord: Codable, Sendable, Equatable {
    public var model: String
    /// "1", "2", …
    public var version: String
    public var state: VersionState
    public var createdMicroseconds: Int64
    /// SHA-256 of the artifact; `nil` for a model that lives elsewhere.
    public var artifactDigest: String?
    public var artifactBytes: Int
    /// SHA-256 of the reference profile (JSON); `nil` lets the version learn one.
    public var referenceDigest: String?
    public var lineage: Lineage
    /// Where in the log its training rows lie; `nil` where that is not known.
    public var stretches: [LogStretch]?
}

/// One line of the ledger: what happened to a version, when and why.
public struct LedgerEntry: Codable, Sendable, Equatable {
    public enum Event: String, Codable, Sendable {
        case registered, promoted, archived, rejected
        case rolledBack = "rolled_back"
    }

    /// Counts up over all models, without reuse.
    public var sequence: Int64
    public var atMicroseconds: Int64
    public var model: String
    /// The version it is about; for a rollback the one that serves again.
    public var version: String
    /// The version that served before, for promotions and rollbacks.
    public var previous: String?
    public var event: Event
    public var reason: String
    /// Of promotions and rollbacks: where in the stream the agent went over to the version; `nil` while it has not.
    public var inForceFrom: StreamPosition?
}

/// What cannot be done with the registry as it stands.
public struct RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case unknownModel = "unknown_model"
        case unknownVersion = "unknown_version"
        case illegalMove = "illegal_move"
        case nothingToRollBackTo = "nothing_to_roll_back_to"
        case noArtifact = "no_artifact"
        case noRows = "no_rows"
    }

    public let code: Code
    public let message: String
    /// The same call fails again until somebody changes the registry.
    public var isRetryable: Bool { false }

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
