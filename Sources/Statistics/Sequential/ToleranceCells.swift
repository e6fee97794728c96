import CBoostMath
import Foundation

/// The cells of the test over a whole column: coarse enough for the chi-square law, and chosen by the reference alone, so
/// that no window has a say in them.
///
/// A continuous column has its deciles, a discrete one its values; neighbours are pooled until a window of the minimum
/// sample has five expected events in each. Of a category column those with 2 % of the reference stay by themselves and
/// the others share buckets, which one follows from the category's place in a scrambled order and not from its frequency:
/// what is pooled by frequency differs by construction. Values that the reference does not list are left out; they have
/// a test of their own. Where the reference had no room for all categories, those it lists that were as rare as some it
/// does not are left out too: which of them it lists is an accident, and their mass could not be told.
struct ToleranceCells: Sendable {
    /// −1 for cells left out.
    private(set) var groupOfCell: [Int]
    /// Smoothed shares of the reference, (count + ½)/(total + B/2).
    private(set) var shares: [Double] = []
    /// Rows of the reference in the cells; fewer by what guessing the mass of values that are seldom seen adds to the error.
    let samples: Double

    static let minimumExpected = 5.0

    init(_ reference: ColumnReference, minimumSample: Int64) {
        let rest = reference.unlistedCells
        let raw = reference.counts.enumerated().map { rest.contains($0.offset) ? 0 : Double($0.element) }
        let hasOthers = rest.contains { reference.counts[$0] > 0 }
        let cut = hasOthers ? raw.filter { $0 > 0 }.min() ?? 0 : 0
        // Whatever is listed because it was seen is flattered by that: of values seen at least t times, those seen exactly
        // t times are what the others' mass is overstated by (Good 1953). Zipf's law with 2,000 categories broke any
        // budget without this.
        let least = rest.isEmpty ? 0 : hasOthers ? raw.filter { $0 > cut }.min() ?? 0 : 1
        let counts = raw.map { $0 <= max(least, cut) ? 0 : $0 }
        let total = counts.reduce(0, +)
        // Of all usable values, not of the listed ones alone: that is what a window brings.
        let smallest = max(
            Self.minimumExpected / Double(max(1, minimumSample)) * Double(reference.present), Self.minimumExpected)
        switch reference.binning {
        case .grid(_, let deciles):
            groupOfCell = Self.neighbours(counts, groups: deciles.map(Int.init), smallest: smallest)
        case .discrete:
            groupOfCell = Self.neighbours(counts, groups: Array(counts.indices), smallest: smallest)
        case .categories:
            groupOfCell = Self.buckets(counts, smallest: smallest)
        }
        for cell in raw.indices where rest.contains(cell) || (hasOthers && raw[cell] <= cut) { groupOfCell[cell] = -1 }
        // A value seen t times or t + 1 times makes a difference of all t + 1 to its bucket: variance t² for each of them.
        let seldom = least * least * Double(raw.count { $0 == least && $0 > 0 })
        samples = total > 0 ? total * total / (total + seldom) : 0
        let groups = (groupOfCell.max() ?? -1) + 1
        var sums = [Double](repeating: 0, count: groups)
        for (group, count) in zip(groupOfCell, counts) where group >= 0 { sums[group] += count }
        shares = sums.map { ($0 + 0.5) / (total + 0.5 * Double(groups)) }
    }

    var degrees: Int { max(0, shares.count - 1) }

    /// Pearson's statistic of a window against the shares, and its events in the cells; `nil` without any, or with
    /// fewer than two cells.
    func statistic(_ window: ColumnSummary) -> (value: Double, count: Double)? {
        guard shares.count > 1 else { return nil }
        var counts = [Int64](repeating: 0, count: shares.count)
        for (group, count) in zip(groupOfCell, window.counts) where group >= 0 { counts[group] &+= count }
        let total = counts.reduce(0) { $0 + Double($1) }
        guard total > 0 else { return nil }
        let value = zip(counts, shares).reduce(0) { sum, cell in
            let expected = total * cell.1
            let difference = Double(cell.0) - expected
            return sum + difference * difference / expected
        }
        return (value, total)
    }

    private static func neighbours(_ counts: [Double], groups: [Int], smallest: Double) -> [Int] {
        var sums = [Double](repeating: 0, count: (groups.last ?? 0) + 1)
        for (group, count) in zip(groups, counts) { sums[group] += count }
        var target = [Int](repeating: 0, count: sums.count)
        var (next, filled) = (0, 0.0)
        for (group, sum) in sums.enumerated() {
            target[group] = next
            filled += sum
            if filled >= smallest { (next, filled) = (next + 1, 0) }
        }
        // What is left over at the end joins the last full group.
        if filled < smallest, next > 0 { target = target.map { min($0, next - 1) } }
        return groups.map { target[$0] }
    }

    private static func buckets(_ counts: [Double], smallest: Double) -> [Int] {
        let total = counts.reduce(0, +)
        let own = max(smallest, EvidenceSignal.smallestOwnShare * total)
        var groups = [Int](repeating: -1, count: counts.count)
        var next = 0
        for (cell, count) in counts.enumerated() where count >= own && count > 0 {
            groups[cell] = next
            next += 1
        }
        let small = counts.indices.filter { groups[$0] < 0 }
        // Twice the smallest sum on average, so that hardly a bucket falls below it.
        let buckets = min(50, Int(small.reduce(0) { $0 + counts[$1] } / (2 * own)))
        guard buckets > 0 else {
            // Too little for a bucket: it joins the smallest of the others.
            let last = counts.indices.filter { groups[$0] >= 0 }.min { counts[$0] < counts[$1] }
            for cell in small { groups[cell] = last.map { groups[$0] } ?? 0 }
            return groups
        }
        let scrambled = small.sorted { scramble($0) < scramble($1) }
        for (place, cell) in scrambled.enumerated() { groups[cell] = next + place % buckets }
        return groups
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014). A plain multiple would put cells at equal distances, which in
    /// a reference's order are of one frequency, into one bucket.
    private static func scramble(_ cell: Int) -> UInt64 {
        var mixed = UInt64(cell + 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
