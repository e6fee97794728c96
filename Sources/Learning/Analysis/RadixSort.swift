/// Ascending order of finite numbers by their digits (LSD radix sort, 11 bits a pass): a profile sorts every column, and
/// comparing half a million numbers costs several times as much.
enum RadixSort {
    private static let bits = 11
    private static let buckets = 1 << bits
    private static let passes = 6
    /// Below this many numbers comparing is faster than counting.
    private static let smallest = 4_096

    /// - Precondition: all numbers are finite. Minus zero becomes zero.
    static func ascending(_ values: [Double]) -> [Double] {
        guard values.count >= smallest else { return values.map { $0 + 0 }.sorted() }
        var keys = values.map(key)
        sort(&keys)
        return keys.map(number)
    }

    /// The places of the numbers in ascending order; equal numbers stay in their order.
    /// - Precondition: all numbers are finite.
    static func order(_ values: [Double]) -> [Int32] {
        var places = values.indices.map(Int32.init)
        guard values.count >= smallest else {
            places.sort { left, right in
                let (a, b) = (values[Int(left)], values[Int(right)])
                return a == b ? left < right : a < b
            }
            return places
        }
        let keys = values.map(key)
        var starts = histograms(keys)
        var other = places
        for pass in 0..<passes where makeStarts(&starts, pass: pass, count: keys.count) {
            for place in places {
                let index = digit(keys[Int(place)], pass)
                other[starts[index]] = place
                starts[index] &+= 1
            }
            swap(&places, &other)
        }
        return places
    }

    /// Sorts whole words.
    static func sort(_ keys: inout [UInt64]) {
        var starts = histograms(keys)
        var other = keys
        for pass in 0..<passes where makeStarts(&starts, pass: pass, count: keys.count) {
            for key in keys {
                let index = digit(key, pass)
                other[starts[index]] = key
                starts[index] &+= 1
            }
            swap(&keys, &other)
        }
    }

    /// Order of keys = order of numbers.
    private static func key(_ value: Double) -> UInt64 {
        let bits = (value + 0).bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    private static func number(_ key: UInt64) -> Double {
        Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }

    /// The place of a key's digit among the counters of all passes.
    @inline(__always)
    private static func digit(_ key: UInt64, _ pass: Int) -> Int {
        pass &* buckets &+ Int(truncatingIfNeeded: key &>> UInt64(pass &* bits)) & (buckets &- 1)
    }

    private static func histograms(_ keys: [UInt64]) -> [Int] {
        var counts = [Int](repeating: 0, count: buckets * passes)
        for key in keys {
            for pass in 0..<passes { counts[digit(key, pass)] &+= 1 }
        }
        return counts
    }

    /// Turns the counts of a pass into the places where each bucket begins; `false` where all keys share one bucket and
    /// nothing is to be moved.
    private static func makeStarts(_ counts: inout [Int], pass: Int, count: Int) -> Bool {
        let range = pass * buckets..<(pass + 1) * buckets
        if counts[range].contains(count) { return false }
        var place = 0
        for index in range { (counts[index], place) = (place, place &+ counts[index]) }
        return true
    }
}
