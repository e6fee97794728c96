import CSimdJSON

/// A key that the native schema does not know, and the model whose events carry it.
public struct UnknownKey: Sendable, Hashable {
    /// Empty for events without a model.
    public let model: String
    public let key: String
}

/// Notes each unknown key once per model, up to a limit.
struct UnknownKeyLog {
    private(set) var keys: [UnknownKey] = []
    private var known: Set<EventIdentifier> = []
    private var taken = 0

    static let maximumKeys = 256

    /// The keys that were not taken yet.
    mutating func take() -> [UnknownKey] {
        guard taken < keys.count else { return [] }
        defer { taken = keys.count }
        return Array(keys[taken...])
    }

    /// Notes the keys of one event. Costs a hash per key once they are known.
    mutating func note(_ slices: UnsafePointer<td_slice>?, count: Int, model: td_slice) {
        guard let slices, keys.count < Self.maximumKeys else { return }
        let modelHash = EventIdentifier(hashing: model.bytes)
        for index in 0..<count where keys.count < Self.maximumKeys {
            let hash = EventIdentifier(hashing: slices[index].bytes)
            let both = EventIdentifier(high: hash.high ^ modelHash.high &* 31, low: hash.low ^ modelHash.low &* 31)
            guard known.insert(both).inserted else { continue }
            keys.append(
                UnknownKey(
                    model: String(decoding: model.bytes, as: UTF8.self),
                    key: String(decoding: slices[index].bytes.prefix(128), as: UTF8.self)))
        }
    }
}
