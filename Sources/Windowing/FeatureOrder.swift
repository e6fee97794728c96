import Events
import Glibc

/// Which column each feature of an event is, learned from the events themselves: producers keep their order, so that a name
/// is only compared with the one that stood in its place before.
struct FeatureOrder {
    private struct Place {
        /// Of the name: its first bytes as a word, its length, and where it stands among `names`.
        var firstBytes: UInt64
        var length: Int
        var offset: Int
        /// -1 for a name that the reference does not know.
        var column: Int
        /// Where an unknown name stood last time among those that a pane has counted.
        var unknownHint = 0
    }

    private var places: [Place] = []
    private var names: [UInt8] = []

    /// The column of the feature at this position, if the name there is the one that was learned.
    @inline(__always)
    func column(at position: Int, named name: UnsafeRawBufferPointer) -> Int? {
        guard position < places.count else { return nil }
        let place = places[position]
        guard place.length == name.count, place.firstBytes == name.firstBytes else { return nil }
        guard place.length <= 8 || isRest(of: name, at: place.offset) else { return nil }
        return place.column
    }

    private func isRest(of name: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        names.withUnsafeBytes { known in
            guard let known = known.baseAddress, let start = name.baseAddress else { return false }
            return memcmp(known + offset + 8, start + 8, name.count - 8) == 0
        }
    }

    /// Learns the next position's name.
    mutating func append(_ name: UnsafeRawBufferPointer, column: Int) {
        places.append(
            Place(firstBytes: name.firstBytes, length: name.count, offset: names.count, column: column))
        names.append(contentsOf: name)
    }

    var count: Int { places.count }

    subscript(unknownHint position: Int) -> Int {
        get { position < places.count ? places[position].unknownHint : 0 }
        set { if position < places.count { places[position].unknownHint = newValue } }
    }
}

extension UnsafeRawBufferPointer {
    /// The first eight bytes as a word, or all of fewer: different for different bytes of one length up to eight.
    @inline(__always)
    var firstBytes: UInt64 {
        if count >= 8 { return loadUnaligned(as: UInt64.self) }
        if count >= 4 {
            let low = loadUnaligned(as: UInt32.self)
            let high = loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            return UInt64(low) | UInt64(high) << 32
        }
        guard count > 0 else { return 0 }
        return UInt64(self[0]) | UInt64(self[count >> 1]) << 8 | UInt64(self[count &- 1]) << 16
    }
}
