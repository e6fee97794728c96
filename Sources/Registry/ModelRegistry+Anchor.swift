import GRDB
import Storage

/// The first reference that a model ever had. It stays what it is: references of later versions move with the data that
/// they were trained on, so that a slow decay looks normal to each of them.
public struct AnchorReference: Sendable, Equatable {
    /// Whose reference it was; empty for one that was read from a table, for all versions.
    public let version: String
    /// The profile as JSON.
    public let profile: [UInt8]
}

extension ModelRegistry {
    /// Keeps a reference as the model's anchor unless it has one already. References of registered versions are offered by
    /// themselves; this is for those that were learned or read from a table.
    public func offerAnchor(model: String, version: String, profile: [UInt8]) throws {
        guard try anchor(of: model) == nil else { return }
        let digest = try blobs.put(profile)
        try database.write { try Self.offerAnchor($0, model: model, version: version, digest: digest) }
    }

    /// The model's anchor, verified against its digest; `nil` while it has had no reference.
    public func anchor(of model: String) throws -> AnchorReference? {
        let row = try database.read {
            try Row.fetchOne($0, sql: "SELECT version, reference FROM anchor WHERE model = ?", arguments: [model])
        }
        return try row.map { AnchorReference(version: $0["version"], profile: try blobs.get($0["reference"])) }
    }

    static func offerAnchor(_ db: Database, model: String, version: String, digest: String) throws {
        try db.execute(
            sql: "INSERT OR IGNORE INTO anchor VALUES (?, ?, ?)", arguments: [model, version, digest])
    }
}
