/// Rows that occur more than once.
public struct RowDuplicates: Sendable, Equatable {
    /// Rows that repeat an earlier one in every column.
    public var rows: Int
    /// Rows that repeat an earlier one in every column that could be a feature: not the target, the time, or an identifier.
    public var features: Int
    /// Rows that share their features with one of another label.
    public var conflicting: Int?
    /// Rows of the hold-out whose features are in the training part too.
    public var acrossSplit: AcrossSplit?

    /// A fifth of the rows against the others: the newest by time, else a random fifth.
    public struct AcrossSplit: Sendable, Equatable {
        public var isByTime: Bool
        public var holdout: Int
        public var shared: Int
        /// Whether repeated rows are the exception in this table, so that these look like copies of rows rather than like
        /// columns with few values; from one in a hundred of the hold-out on.
        public var isSuspicious: Bool

        public var share: Double { holdout == 0 ? 0 : Double(shared) / Double(holdout) }
    }
}

/// Finds rows that are alike by a hash of their cells, 64 bits: two different rows of a million share one with a
/// probability of 3 in 10⁸.
struct DuplicateFinder {
    private let rows: Int

    init(rows: Int) { self.rows = rows }

    func find(
        _ views: [ColumnView], target: String?, time: String?, times: [Double]?, classes: [Int32]?
    ) -> RowDuplicates {
        let isFeature = views.map { $0.name != target && $0.name != time && $0.type != .identifier }
        var hashes = [UInt64](repeating: 0x9E37_79B9_7F4A_7C15, count: rows)
        for (view, isFeature) in zip(views, isFeature) where isFeature { add(view, to: &hashes) }
        let hasFeature = isFeature.contains(true)
        var whole = hashes
        for (view, isFeature) in zip(views, isFeature) where !isFeature { add(view, to: &whole) }
        RadixSort.sort(&whole)
        var found = RowDuplicates(rows: Self.repeats(whole), features: 0)
        guard hasFeature, rows > 0 else { return found }
        let groups = Self.groups(hashes)
        found.features = rows - groups.count
        if let classes { found.conflicting = conflicting(groups.ofRow, groups.count, classes) }
        found.acrossSplit = acrossSplit(groups.ofRow, groups.count, times: times)
        return found
    }

    private func add(_ view: ColumnView, to hashes: inout [UInt64]) {
        switch view.cells {
        case .numbers(let numbers):
            for row in hashes.indices {
                let number = numbers[row]
                let bits = number.isNaN ? 0x7FF8_0000_0000_0001 : (number + 0).bitPattern
                hashes[row] = RowHash.mixed(hashes[row] ^ bits)
            }
        case .codes(let codes, _):
            for row in hashes.indices {
                hashes[row] = RowHash.mixed(hashes[row] ^ UInt64(bitPattern: Int64(codes[row])))
            }
        }
    }

    private static func repeats(_ sorted: [UInt64]) -> Int {
        var count = 0
        for index in sorted.indices.dropFirst() where sorted[index] == sorted[index - 1] { count &+= 1 }
        return count
    }

    /// Numbers for rows that are alike, by open addressing at most half full.
    private static func groups(_ hashes: [UInt64]) -> (ofRow: [Int32], count: Int) {
        var size = 64
        while size < 2 * hashes.count { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        var known: [UInt64] = []
        known.reserveCapacity(hashes.count)
        let ofRow = hashes.map { hash -> Int32 in
            var slot = Int(truncatingIfNeeded: hash) & (size - 1)
            while slots[slot] >= 0 {
                if known[Int(slots[slot])] == hash { return slots[slot] }
                slot = (slot &+ 1) & (size - 1)
            }
            slots[slot] = Int32(known.count)
            known.append(hash)
            return Int32(known.count - 1)
        }
        return (ofRow, known.count)
    }

    private func conflicting(_ groups: [Int32], _ count: Int, _ classes: [Int32]) -> Int {
        // −1 unknown yet, −2 two labels.
        var label = [Int32](repeating: -1, count: count)
        for (group, code) in zip(groups, classes) where code >= 0 {
            let known = label[Int(group)]
            label[Int(group)] = known == -1 || known == code ? code : -2
        }
        return zip(groups, classes).reduce(0) { $0 + ($1.1 >= 0 && label[Int($1.0)] == -2 ? 1 : 0) }
    }

    private func acrossSplit(_ groups: [Int32], _ count: Int, times: [Double]?) -> RowDuplicates.AcrossSplit? {
        guard rows >= 10 else { return nil }
        let isHoldout: (Int) -> Bool
        if let times {
            let sorted = RadixSort.ascending(times.filter(\.isFinite))
            guard sorted.count >= 10 else { return nil }
            let from = sorted[sorted.count * 4 / 5]
            isHoldout = { times[$0] >= from }
        } else {
            isHoldout = { RowHash.mixed(UInt64($0) &+ 0x5EED) % 5 == 0 }
        }
        var isTrained = [Bool](repeating: false, count: count)
        for row in 0..<rows where !isHoldout(row) { isTrained[Int(groups[row])] = true }
        var (holdout, shared) = (0, 0)
        for row in 0..<rows where isHoldout(row) {
            holdout &+= 1
            if isTrained[Int(groups[row])] { shared &+= 1 }
        }
        let isRare = Double(count) >= 0.7 * Double(rows)
        return RowDuplicates.AcrossSplit(
            isByTime: times != nil, holdout: holdout, shared: shared,
            isSuspicious: isRare && Double(shared) >= 0.01 * Double(holdout) && shared >= 5)
    }
}
