/// A set of small numbers, one bit each.
struct SlotSet: Sendable {
    private var words: [UInt64]

    /// - Parameter slots: what to have room for; more is made as needed.
    init(slots: Int = 0) {
        words = [UInt64](repeating: 0, count: (slots + 63) / 64)
    }

    mutating func insert(_ slot: Int) {
        let word = slot >> 6
        if word >= words.count { grow(to: word + 1) }
        words[word] |= 1 << UInt64(slot & 63)
    }

    mutating func formUnion(_ other: SlotSet) {
        if other.words.count > words.count { grow(to: other.words.count) }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    /// How many numbers of a range are in the set. The range begins at a multiple of 64.
    func count(in range: Range<Int>) -> Int {
        var count = 0
        forEachWord(in: range) { _, word in count += word.nonzeroBitCount }
        return count
    }

    /// Calls `body` with each number of a range that is in the set, in ascending order. The range begins at a multiple of 64.
    func forEach(in range: Range<Int>, _ body: (Int) -> Void) {
        forEachWord(in: range) { index, word in
            var rest = word
            while rest != 0 {
                body(index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    private func forEachWord(in range: Range<Int>, _ body: (Int, UInt64) -> Void) {
        precondition(range.lowerBound & 63 == 0)
        var index = range.lowerBound >> 6
        while index < words.count, index << 6 < range.upperBound {
            let rest = range.upperBound - index << 6
            body(index, rest >= 64 ? words[index] : words[index] & (1 << UInt64(rest) - 1))
            index += 1
        }
    }

    /// By an eighth at least: doubling would leave half of it empty.
    private mutating func grow(to count: Int) {
        let target = max(count, words.count + words.count / 8, 64)
        words.reserveCapacity(target)
        words.append(contentsOf: repeatElement(0, count: target - words.count))
    }
}
