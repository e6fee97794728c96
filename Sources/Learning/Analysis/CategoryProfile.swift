import Foundation

/// The names in one column and how often they occur.
public struct CategoryProfile: Sendable, Equatable {
    /// Cells that have a value.
    public var count: Int
    public var distinct: Int
    /// Values that occur once.
    public var unique: Int
    /// The most frequent, at most `CategoryProfile.shown`, ties by name.
    public var top: [(name: String, count: Int)]
    /// Shannon entropy of the shares over its largest possible value: 1 where all values are equally frequent, 0 for one
    /// value.
    public var evenness: Double
    /// Of the values, not of the rows; of the first 1,000.
    public var meanWords: Double
    public var longest: Int

    public static let shown = 20
    private static let inspected = 1_000

    /// - Parameter counts: of each category, in the order of their codes.
    init(names: [String], counts: [Int]) {
        let total = counts.reduce(0, +)
        count = total
        distinct = counts.count { $0 > 0 }
        unique = counts.count { $0 == 1 }
        top = Self.ranked(names, counts, limit: Self.shown).map { (names[$0], counts[$0]) }
        let entropy = counts.reduce(0.0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / Double(total)
            return sum - share * log(share)
        }
        evenness = distinct > 1 ? min(1, entropy / log(Double(distinct))) : 0
        let inspected = names.prefix(Self.inspected)
        let words = inspected.reduce(0) { $0 + $1.split(separator: " ").count }
        meanWords = inspected.isEmpty ? 0 : Double(words) / Double(inspected.count)
        longest = names.reduce(0) { max($0, $1.utf8.count) }
    }

    /// The codes of the most frequent categories that occur at all.
    static func ranked(_ names: [String], _ counts: [Int], limit: Int) -> [Int] {
        // A huge dictionary is cut by a threshold first; only what may be shown is sorted.
        var present = counts.indices.filter { counts[$0] > 0 }
        if present.count > 20 * limit {
            let threshold = present.map { counts[$0] }.sorted(by: >)[limit - 1]
            let above = present.filter { counts[$0] > threshold }
            let level = present.lazy.filter { counts[$0] == threshold }.prefix(20 * limit)
            present = above + level
        }
        present.sort { counts[$0] == counts[$1] ? names[$0] < names[$1] : counts[$0] > counts[$1] }
        return Array(present.prefix(limit))
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.distinct == right.distinct && left.unique == right.unique
            && left.evenness == right.evenness && left.top.elementsEqual(right.top) { $0 == $1 }
    }
}
