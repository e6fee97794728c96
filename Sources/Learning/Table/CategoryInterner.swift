/// Codes for the texts of one column, in order of first appearance, straight from their bytes: a text seen before
/// costs a hash and a comparison, no `String`.
struct CategoryInterner {
    private(set) var categories: [String] = []
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var hashes: [UInt64] = []
    /// Open addressing; -1 is a free slot. The length is a power of two and at most half of it is taken.
    private var slots: [Int32] = Array(repeating: -1, count: 64)

    mutating func code(of text: UnsafeRawBufferPointer) -> Int32 {
        let hash = ByteHash.fnv1a(text)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let code = Int(slots[slot])
            if hashes[code] == hash, isEqual(code, text) { return Int32(code) }
            slot = (slot + 1) & (slots.count - 1)
        }
        let code = Int32(categories.count)
        categories.append(String(decoding: text, as: UTF8.self))
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        hashes.append(hash)
        slots[slot] = code
        if categories.count * 2 > slots.count { grow() }
        return code
    }

    private func isEqual(_ code: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        let start = code == 0 ? 0 : ends[code - 1]
        guard ends[code] - start == text.count else { return false }
        for index in 0..<text.count where bytes[start + index] != text[index] { return false }
        return true
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for (code, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(code)
        }
    }
}

enum ByteHash {
    /// FNV-1a, 64 bits (Fowler, Noll, Vo): each step is one-to-one in the state, so that a change of any single byte
    /// always changes the result.
    static func fnv1a(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }
}
