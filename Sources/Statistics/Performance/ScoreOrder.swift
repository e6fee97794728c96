/// Sorts scores without comparing them: radix sort on the bits, which for 50,000 scores is several times as fast as a
/// comparison sort.
enum ScoreOrder {
    private static let digitBits: UInt64 = 11
    private static let digits = 6

    /// The scores in ascending order; −0 becomes 0. - Precondition: none is NaN.
    static func ascending(_ scores: [Double]) -> [Double] {
        if scores.count < 512 { return scores.map { $0 + 0 }.sorted() }
        var keys = scores.map(key)
        var spare = [UInt64](repeating: 0, count: keys.count)
        var counts = [Int](repeating: 0, count: digits << digitBits)
        keys.withUnsafeBufferPointer { keys in
            counts.withUnsafeMutableBufferPointer { counts in
                for key in keys {
                    for digit in 0..<digits { counts[digit << 11 | place(key, digit)] += 1 }
                }
            }
        }
        for digit in 0..<digits where distribute(&keys, into: &spare, digit: digit, counts: &counts) {
            swap(&keys, &spare)
        }
        return keys.map(score)
    }

    /// Bits in the order of the numbers: all flipped for the negative ones, the sign alone for the others.
    @inline(__always)
    private static func key(_ score: Double) -> UInt64 {
        let bits = (score + 0).bitPattern
        return bits ^ (bits >> 63 == 1 ? .max : 1 << 63)
    }

    @inline(__always)
    private static func score(_ key: UInt64) -> Double {
        Double(bitPattern: key ^ (key >> 63 == 1 ? 1 << 63 : .max))
    }

    @inline(__always)
    private static func place(_ key: UInt64, _ digit: Int) -> Int {
        Int(truncatingIfNeeded: key >> (UInt64(digit) * digitBits)) & 0x7FF
    }

    /// One stable pass; `false` if all keys share this digit, so that there was nothing to do.
    private static func distribute(
        _ keys: inout [UInt64], into spare: inout [UInt64], digit: Int, counts: inout [Int]
    ) -> Bool {
        keys.withUnsafeBufferPointer { keys in
            spare.withUnsafeMutableBufferPointer { spare in
                counts.withUnsafeMutableBufferPointer { counts in
                    let start = digit << 11
                    if counts[start | place(keys[0], digit)] == keys.count { return false }
                    var position = 0
                    for index in start..<(start + 2_048) {
                        let count = counts[index]
                        counts[index] = position
                        position += count
                    }
                    for key in keys {
                        let index = start | place(key, digit)
                        spare[counts[index]] = key
                        counts[index] += 1
                    }
                    return true
                }
            }
        }
    }
}
