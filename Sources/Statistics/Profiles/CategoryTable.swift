/// The kept categories of one column: open addressing over their UTF-8 bytes. Trivial: it points into memory that the
/// `ReferenceEncoder` owns.
struct CategoryTable {
    struct Slot {
        var hash: UInt64
        /// Into `names`.
        var offset: UInt32
        var length: UInt32
        /// -1 for a free slot.
        var cell: Int
    }

    var slots: UnsafePointer<Slot>
    /// One less than the number of slots, a power of two of which at most half are in use.
    var mask: Int
    var names: UnsafePointer<UInt8>
    /// Hashes of the reference's other categories, ascending.
    var otherHashes: UnsafeBufferPointer<UInt64>
    var otherCell: Int
    /// Where a category goes that is in neither list.
    var unknownCell: Int

    @inline(__always)
    func cell(of bytes: UnsafeRawPointer, _ count: Int) -> Int {
        let hash = ByteHash.hash(bytes, count)
        var position = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots + position
            if slot.pointee.cell < 0 { return cellOfUnlisted(hash) }
            if slot.pointee.hash == hash, Int(slot.pointee.length) == count,
                Self.isEqual(bytes, UnsafeRawPointer(names + Int(slot.pointee.offset)), count)
            {
                return slot.pointee.cell
            }
            position = (position &+ 1) & mask
        }
    }

    /// Names are short as a rule: comparing eight bytes at a time in place beats a call of `memcmp`.
    @inline(__always)
    private static func isEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
        var offset = 0
        while offset &+ 8 <= count {
            if left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                != right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            {
                return false
            }
            offset &+= 8
        }
        while offset < count {
            if left.load(fromByteOffset: offset, as: UInt8.self) != right.load(fromByteOffset: offset, as: UInt8.self) {
                return false
            }
            offset &+= 1
        }
        return true
    }

    private func cellOfUnlisted(_ hash: UInt64) -> Int {
        var low = 0
        var high = otherHashes.count
        while low < high {
            let middle = (low &+ high) / 2
            if otherHashes[middle] < hash { low = middle &+ 1 } else { high = middle }
        }
        return low < otherHashes.count && otherHashes[low] == hash ? otherCell : unknownCell
    }
}
