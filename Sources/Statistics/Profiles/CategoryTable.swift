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

    /// Names are short as a rule: comparing a few words in place, the last of which may overlap the one before, beats a call
    /// of `memcmp`.
    @inline(__always)
    private static func isEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
        if count >= 8 {
            var offset = 0
            while offset &+ 8 < count {
                guard isEqual(left, right, at: offset, as: UInt64.self) else { return false }
                offset &+= 8
            }
            return isEqual(left, right, at: count &- 8, as: UInt64.self)
        }
        if count >= 4 {
            return isEqual(left, right, at: 0, as: UInt32.self) && isEqual(left, right, at: count &- 4, as: UInt32.self)
        }
        return (0..<count).allSatisfy { isEqual(left, right, at: $0, as: UInt8.self) }
    }

    @inline(__always)
    private static func isEqual<Word: FixedWidthInteger & BitwiseCopyable>(
        _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, at offset: Int, as word: Word.Type
    ) -> Bool {
        left.loadUnaligned(fromByteOffset: offset, as: word) == right.loadUnaligned(fromByteOffset: offset, as: word)
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
