import TidewatchTestKit

/// Draws cells by their probabilities in constant time (Walker 1977, *alias method*).
struct CellSampler: Sendable {
    private var keep: [Double]
    private var alias: [Int32]

    init(_ shares: [Double]) {
        let total = shares.reduce(0, +)
        let count = shares.count
        var scaled = shares.map { $0 / total * Double(count) }
        keep = [Double](repeating: 1, count: count)
        alias = (0..<count).map { Int32($0) }
        var small = scaled.indices.filter { scaled[$0] < 1 }
        var large = scaled.indices.filter { scaled[$0] >= 1 }
        while let low = small.popLast(), let high = large.last {
            keep[low] = scaled[low]
            alias[low] = Int32(high)
            scaled[high] -= 1 - scaled[low]
            if scaled[high] < 1 {
                large.removeLast()
                small.append(high)
            }
        }
    }

    func draw(_ generator: inout SeededGenerator) -> Int {
        let bits = generator.next()
        let place = Int(truncatingIfNeeded: ((bits >> 32) &* UInt64(keep.count)) >> 32)
        return Double(bits & 0xFFFF_FFFF) * 0x1p-32 < keep[place] ? place : Int(alias[place])
    }

    /// Adds `count` draws to the counts.
    func add(_ count: Int, to counts: inout [Int64], _ generator: inout SeededGenerator) {
        counts.withUnsafeMutableBufferPointer { counts in
            for _ in 0..<count { counts[draw(&generator)] += 1 }
        }
    }
}
