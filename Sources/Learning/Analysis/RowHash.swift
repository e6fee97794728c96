/// Hashes that choose rows: the same for the same place everywhere, and of no rhythm that data could have too.
enum RowHash {
    /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    @inline(__always)
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = (value &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// At most `limit` of `count` places, ascending: those with the smallest hashes.
    static func sample(_ count: Int, limit: Int, seed: UInt64) -> [Int] {
        guard count > limit else { return Array(0..<count) }
        var hashes = (0..<count).map { mixed(seed &+ UInt64($0)) }
        let all = hashes
        RadixSort.sort(&hashes)
        let threshold = hashes[limit]
        return (0..<count).filter { all[$0] < threshold }
    }
}
