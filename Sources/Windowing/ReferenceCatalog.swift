public import Statistics
import Synchronization

/// One version of one model.
public struct ModelVersionKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var model: String
    /// The version as events carry it; empty when they carry none.
    public var version: String

    public init(model: String, version: String) {
        self.model = model
        self.version = version
    }

    public var description: String { version.isEmpty ? model : "\(model) v\(version)" }

    public static func < (left: ModelVersionKey, right: ModelVersionKey) -> Bool {
        (left.model, left.version) < (right.model, right.version)
    }
}

/// The references in force, shared between the partitions that count and the coordinator that decides.
///
/// Partitions look a version up when they first meet it and again whenever ``generation`` has moved, once per batch.
public final class ReferenceCatalog: Sendable {
    private struct Encoders {
        var byVersion: [ModelVersionKey: ReferenceEncoder] = [:]
        var byModel: [String: ReferenceEncoder] = [:]
    }

    private let encoders = Mutex(Encoders())
    private let changes = Atomic<Int>(0)
    private let onChange: (@Sendable (ReferenceEncoder, ModelVersionKey) -> Void)?

    /// - Parameter onChange: told of each reference that comes into force for one version.
    public init(onChange: (@Sendable (ReferenceEncoder, ModelVersionKey) -> Void)? = nil) {
        self.onChange = onChange
    }

    /// Rises with every change.
    public var generation: Int { changes.load(ordering: .acquiring) }

    /// The compiled reference of a version, or `nil` while it has none and is learning.
    public func encoder(for key: ModelVersionKey) -> ReferenceEncoder? {
        encoders.withLock { $0.byVersion[key] ?? $0.byModel[key.model] }
    }

    /// Puts a reference in force for a version. A version keeps its first reference: panes counted on one
    /// cannot be added to panes counted on another.
    public func set(_ encoder: ReferenceEncoder, for key: ModelVersionKey) {
        let isNew = encoders.withLock { encoders in
            guard encoders.byVersion[key] == nil else { return false }
            encoders.byVersion[key] = encoder
            return true
        }
        guard isNew else { return }
        changes.wrappingAdd(1, ordering: .acquiringAndReleasing)
        onChange?(encoder, key)
    }

    /// The reference of a model's versions that have none of their own; set before the first event.
    public func setDefault(_ encoder: ReferenceEncoder, forModel model: String) {
        encoders.withLock { $0.byModel[model] = encoder }
        changes.wrappingAdd(1, ordering: .acquiringAndReleasing)
    }
}
