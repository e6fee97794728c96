import Glibc

/// The features of events that their reference does not know, counted by name; at most 64 names.
///
/// Kept are the names with the smallest hashes, not the first to come: a name that belongs to the final choice is among
/// the smallest of every part too, so it is never left out on the way and its count is exact. Order and parts do not
/// matter. Names longer than 256 bytes count as their first 256 bytes.
public struct UnknownFeatures: Sendable, Equatable {
    public static let maximumNames = 64
    static let maximumNameBytes = 256

    struct Entry: Sendable, Equatable {
        var hash: UInt64
        var name: [UInt8]
        var count: Int64
    }

    /// Ascending by hash, then name.
    private(set) var entries: [Entry] = []
    /// Whether there were more names than are kept.
    public private(set) var hasMore = false

    public init() {}

    init(entries: [Entry], hasMore: Bool) {
        self.entries = entries
        self.hasMore = hasMore
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// The kept names with the number of events that had them, by name.
    public var counts: [(name: String, events: Int64)] {
        entries.map { (name: String(decoding: $0.name, as: UTF8.self), events: $0.count) }.sorted { $0.name < $1.name }
    }

    /// The events that had the feature; `nil` where the name may be among those left out.
    public func events(with name: String) -> Int64? {
        let bytes = Array(name.utf8.prefix(Self.maximumNameBytes))
        if let entry = entries.first(where: { $0.name == bytes }) { return entry.count }
        guard hasMore, let last = entries.last else { return 0 }
        return (ByteHash.hash(bytes), bytes) < last ? 0 : nil
    }

    /// Counts one event that has the feature.
    ///
    /// - Parameter hint: where the name stood last time; makes the usual case a comparison and an addition.
    public mutating func count(_ name: UnsafeRawBufferPointer, hint: inout Int) {
        if hint < entries.count, entries[hint].matches(name) {
            entries[hint].count &+= 1
            return
        }
        let bytes = Array(name.prefix(Self.maximumNameBytes))
        hint = add(Entry(hash: ByteHash.hash(bytes), name: bytes, count: 1))
    }

    mutating func merge(_ other: UnknownFeatures) {
        for entry in other.entries { _ = add(entry) }
        hasMore = hasMore || other.hasMore
        // What lies above the bound of either part may be counted in one part only.
        if entries.count > Self.maximumNames { entries.removeLast(entries.count - Self.maximumNames) }
    }

    /// Adds to the name's count. Returns where it stands; past the end if it is left out.
    private mutating func add(_ entry: Entry) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if (entries[middle].hash, entries[middle].name) < entry { low = middle + 1 } else { high = middle }
        }
        if low < entries.count, entries[low].hash == entry.hash, entries[low].name == entry.name {
            entries[low].count = FixedPoint.saturatingSum(entries[low].count, entry.count)
            return low
        }
        guard low < Self.maximumNames else {
            hasMore = true
            return Int.max
        }
        entries.insert(entry, at: low)
        if entries.count > Self.maximumNames {
            entries.removeLast()
            hasMore = true
        }
        return low
    }
}

extension UnknownFeatures.Entry {
    @inline(__always)
    fileprivate func matches(_ other: UnsafeRawBufferPointer) -> Bool {
        guard name.count == other.count, let bytes = other.baseAddress else { return false }
        return name.withUnsafeBytes { own in own.baseAddress.map { memcmp($0, bytes, own.count) == 0 } ?? true }
    }
}

private func < (left: (hash: UInt64, name: [UInt8]), right: UnknownFeatures.Entry) -> Bool {
    left.hash != right.hash ? left.hash < right.hash : left.name.lexicographicallyPrecedes(right.name)
}
