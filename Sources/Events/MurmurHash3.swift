/// MurmurHash3, the 128-bit variant for 64-bit machines, seed 0.
///
/// Source: A. Appleby, "MurmurHash3" (SMHasher, public domain). Blocks of 16 bytes are two little-endian words, each
/// multiplied, rotated and multiplied before it is mixed into its half of the state.
enum MurmurHash3 {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var position = 0
        while position &+ 16 <= bytes.count {
            first ^= mixedFirst(word(bytes, at: position))
            first = (rotated(first, 27) &+ second) &* 5 &+ 0x52DC_E729
            second ^= mixedSecond(word(bytes, at: position &+ 8))
            second = (rotated(second, 31) &+ first) &* 5 &+ 0x3849_5AB5
            position &+= 16
        }
        let rest = bytes.count &- position
        if rest > 8 { second ^= mixedSecond(tail(bytes, from: position &+ 8, count: rest &- 8)) }
        if rest > 0 { first ^= mixedFirst(tail(bytes, from: position, count: min(rest, 8))) }
        first ^= UInt64(truncatingIfNeeded: bytes.count)
        second ^= UInt64(truncatingIfNeeded: bytes.count)
        first &+= second
        second &+= first
        first = finalized(first)
        second = finalized(second)
        first &+= second
        second &+= first
        return (first, second)
    }

    @inline(__always)
    private static func mixedFirst(_ word: UInt64) -> UInt64 {
        rotated(word &* 0x87C3_7B91_1142_53D5, 31) &* 0x4CF5_AD43_2745_937F
    }

    @inline(__always)
    private static func mixedSecond(_ word: UInt64) -> UInt64 {
        rotated(word &* 0x4CF5_AD43_2745_937F, 33) &* 0x87C3_7B91_1142_53D5
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        word << bits | word >> (64 &- bits)
    }

    @inline(__always)
    private static func finalized(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 33) &* 0xFF51_AFD7_ED55_8CCD
        word = (word ^ word >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return word ^ word >> 33
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at position: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// Up to eight bytes as one word, zeros for those that are missing. The last eight bytes of the whole hold them too.
    @inline(__always)
    private static func tail(_ bytes: UnsafeRawBufferPointer, from start: Int, count: Int) -> UInt64 {
        if start &+ count >= 8 { return word(bytes, at: start &+ count &- 8) >> UInt64(64 &- 8 &* count) }
        var word: UInt64 = 0
        for offset in 0..<count { word |= UInt64(bytes[start &+ offset]) << UInt64(offset &* 8) }
        return word
    }
}
