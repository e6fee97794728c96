/// A fast hash of bytes with a fixed seed: the same on every machine and in every run. Not cryptographic.
enum ByteHash {
    /// Eight bytes a step: xor, multiply by an odd constant, fold the high half down (after wyhash and MurmurHash3).
    @inline(__always)
    static func hash(_ bytes: UnsafeRawPointer, _ count: Int, seed: UInt64 = 0) -> UInt64 {
        var hash = seed ^ (UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15)
        var offset = 0
        while offset &+ 8 <= count {
            hash = mix(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian)
            offset &+= 8
        }
        if offset < count { hash = mix(hash ^ tail(bytes + offset, count &- offset)) }
        return hash ^ (hash >> 29)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value &* 0xBF58_476D_1CE4_E5B9
        return product ^ (product >> 32)
    }

    /// The last one to seven bytes as one number.
    @inline(__always)
    private static func tail(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64 {
        if count >= 4 {
            let low = UInt64(bytes.loadUnaligned(as: UInt32.self).littleEndian)
            let high = UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self).littleEndian)
            return low | high << 32
        }
        let first = UInt64(bytes.load(as: UInt8.self))
        let middle = UInt64(bytes.load(fromByteOffset: count >> 1, as: UInt8.self))
        let last = UInt64(bytes.load(fromByteOffset: count &- 1, as: UInt8.self))
        return first | middle << 8 | last << 16
    }

    static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 { hash(bytes[...], seed: seed) }

    static func hash(_ bytes: ArraySlice<UInt8>, seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map { hash($0, buffer.count, seed: seed) } ?? seed
        }
    }

    /// 128 bits as 32 hexadecimal digits, from two seeds: an identifier for content.
    static func identifier(of bytes: [UInt8]) -> String {
        [hash(bytes, seed: 0x5449_4445), hash(bytes, seed: 0x5741_5443)].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
